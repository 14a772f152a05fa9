using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Erp.Customs.Benchmarks.Measuring;
using Erp.Customs.Module;
using Erp.Customs.Module.Upload;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Erp.Customs.Benchmarks.Upload;

/// <summary>One upload through CustomsClient (RestSharp) beside the same post by HttpClient, one after the other, to an endpoint that does next to nothing.</summary>
internal sealed class CallBenchmark : IBenchmark
{
    public string Name => "call";

    public async Task<IReadOnlyList<Row>> RunAsync(Scale scale, string folder)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRouting();
        await using var app = builder.Build();
        app.MapPost("/", async http =>
        {
            await http.Request.Body.CopyToAsync(Stream.Null, http.RequestAborted);
            http.Response.ContentType = "application/json";
            await http.Response.WriteAsync("{\"code\":\"10000\",\"message\":\"上传成功\",\"total\":0,\"serviceTime\":1542337661665}", http.RequestAborted);
        });
        await app.StartAsync();
        var address = new Uri(app.Urls.Single());
        var payload = Encoding.UTF8.GetBytes("{\"sessionID\":\"" + string.Concat(Enumerable.Repeat("婴儿配方奶粉 a-b", 310)) + "\"}");
        using var customs = new CustomsClient(new CustomsOptions { UploadUrl = address, Merchants = new Dictionary<string, MerchantOptions>(StringComparer.Ordinal) }, TimeProvider.System);
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
        var calls = scale.Of(200, 4000);
        var rounds = await Rounds.AlternateAsync(
            scale.Rounds,
            () => MeasureAsync(calls, () => PostAsync(http, address, payload)),
            () => MeasureAsync(calls, async () => (await customs.PostAsync(address, payload)).Code == "10000"));
        await app.StopAsync();
        return [Row.AtMost($"one upload of {Figures.Bytes(payload.Length)} through RestSharp beside HttpClient", rounds[0].Median(), rounds[1].Median(), 1.5, Figures.Microseconds)];
    }

    private static async Task<double> MeasureAsync(int calls, Func<Task<bool>> call)
    {
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < calls; i++)
        {
            if (!await call())
            {
                throw new InvalidOperationException("The endpoint's answer was not understood.");
            }
        }

        return Stopwatch.GetElapsedTime(started).TotalMicroseconds / calls;
    }

    private static async Task<bool> PostAsync(HttpClient http, Uri address, byte[] payload)
    {
        using var content = new StringContent("payExInfoStr=" + Uri.EscapeDataString(Encoding.UTF8.GetString(payload)), Encoding.UTF8, "application/x-www-form-urlencoded");
        using var response = await http.PostAsync(address, content);
        using var reply = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync());
        return reply.RootElement.GetProperty("code").GetString() == "10000";
    }
}
