using System.Collections.Concurrent;
using System.IO.Compression;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Erp.Customs.Tests.Capture;

/// <summary>A payment company on a real socket: remembers every body as it came off the wire and answers in the shapes that they answer in.</summary>
internal sealed class PaymentCompany : IAsyncDisposable
{
    public const string Answer = "<xml><return_code><![CDATA[SUCCESS]]></return_code><prepay_id>wx20</prepay_id><body>奶粉</body></xml>";

    private readonly WebApplication _app;
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });

    private PaymentCompany(WebApplication app)
    {
        (_app, Address) = (app, new Uri(app.Urls.Single()));
    }

    public Uri Address { get; }

    /// <summary>What came in: path with query, body.</summary>
    public ConcurrentQueue<(string Path, byte[] Body)> Received { get; } = new();

    /// <summary>Released by each call to /hang that is inside.</summary>
    public SemaphoreSlim Hanging { get; } = new(0);

    public static async Task<PaymentCompany> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRouting();
        var app = builder.Build();
        PaymentCompany? company = null;
        app.Run(http => company!.AnswerAsync(http));
        await app.StartAsync();
        return company = new PaymentCompany(app);
    }

    /// <summary>Tells the ERP that it was paid.</summary>
    public async Task<(int Status, string Body)> NotifyAsync(Uri address, HttpContent content)
    {
        using var response = await _http.PostAsync(address, content);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        Hanging.Dispose();
    }

    private async Task AnswerAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        Received.Enqueue((http.Request.Path + http.Request.QueryString, body.ToArray()));
        var response = http.Response;
        switch (http.Request.Path.Value)
        {
            case "/gbk":
                response.ContentType = "text/xml; charset=GBK";
                await response.Body.WriteAsync(CodePagesEncodingProvider.Instance.GetEncoding("gbk")!.GetBytes(Answer));
                break;
            case "/chunked":
                response.ContentType = "text/xml";
                foreach (var part in Encoding.UTF8.GetBytes(Answer).Chunk(10))
                {
                    await response.Body.WriteAsync(part);
                    await response.Body.FlushAsync();
                }

                break;
            case "/gzip":
                response.Headers.ContentEncoding = "gzip";
                await using (var packed = new GZipStream(response.Body, CompressionLevel.Fastest))
                {
                    await packed.WriteAsync(Encoding.UTF8.GetBytes(Answer));
                }

                break;
            case "/empty":
                response.ContentLength = 0;
                break;
            case "/large":
                response.ContentLength = http.Request.Query.ContainsKey("chunked") ? null : 100 * 1024;
                await response.Body.WriteAsync(new byte[50 * 1024]);
                await response.Body.FlushAsync();
                await response.Body.WriteAsync(new byte[50 * 1024]);
                break;
            case "/hang":
                Hanging.Release();
                await Task.Delay(Timeout.Infinite, http.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
                break;
            case "/echo":
                response.ContentLength = body.Length;
                await response.Body.WriteAsync(body.ToArray());
                break;
            default:
                await response.WriteAsync(Answer);
                break;
        }
    }
}
