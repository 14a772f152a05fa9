using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Erp.Customs.Benchmarks.Capture;

/// <summary>A payment company that reads what it is sent and answers at once; the address says which of its answers.</summary>
internal sealed class PaymentCompany : IAsyncDisposable
{
    private readonly WebApplication _app;

    private PaymentCompany(WebApplication app) => (_app, Address) = (app, new Uri(app.Urls.Single()));

    public Uri Address { get; }

    /// <param name="answers">By their place: <c>/0</c>, <c>/1</c>.</param>
    public static async Task<PaymentCompany> StartAsync(byte[][] answers)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRouting();
        var app = builder.Build();
        app.MapPost("/{answer:int}", async (HttpContext http, int answer) =>
        {
            await http.Request.Body.CopyToAsync(Stream.Null, http.RequestAborted);
            http.Response.ContentType = "text/xml";
            http.Response.ContentLength = answers[answer].Length;
            await http.Response.Body.WriteAsync(answers[answer], http.RequestAborted);
        });
        await app.StartAsync();
        return new PaymentCompany(app);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
