using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Net;
using System.Text;
using Erp.Customs.Contracts.Capture;
using Erp.Customs.Contracts.Hosting;
using Erp.Customs.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Erp.Customs.Tests.Capture;

public sealed class When_a_notify_comes : InFolder, IAsyncLifetime
{
    private const string Canary = "CANARY-6222020200112233";
    private const string Notify = "<xml><out_trade_no>T1</out_trade_no><openid>oX</openid></xml>";
    private const string Success = "<xml><return_code><![CDATA[SUCCESS]]></return_code></xml>";

    private readonly ModuleDouble _module = new();
    private readonly LogTrap _log = new();
    private readonly ConcurrentQueue<string> _seen = new();
    private readonly HttpClient _company = new(new SocketsHttpHandler { UseProxy = false });
    private WebApplication _erp = null!;

    private IPaymentCapture Capture => _erp.Services.GetRequiredService<IPaymentCapture>();

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Logging.AddProvider(_log);
        builder.Services.AddSingleton<IErpModules>(_module);
        builder.Services.AddPaymentCapture(capture => (capture.Directory, capture.RetryInterval) = (Folder, TimeSpan.FromMilliseconds(10)));
        _erp = builder.Build();
        _erp.CapturePaymentNotify("/notify", options =>
            (options.Merchant, options.Channel, options.TradeNo) = ("ningbo", "wechat", TradeNo.FirstOf(TradeNo.Xml("out_trade_no"), TradeNo.Field("out_trade_no"))));
        _erp.Run(HandleAsync);
        await _erp.StartAsync();
    }

    public async Task DisposeAsync()
    {
        _company.Dispose();
        await _erp.StopAsync();
        await _erp.DisposeAsync();
    }

    [Theory]
    [InlineData("stream")]
    [InlineData("pipe")]
    [InlineData("buffering")]
    [InlineData("unflushed")]
    public async Task Should_keep_notify_and_answer_whichever_way_the_ERP_reads_and_writes(string how)
    {
        var (status, body) = await NotifyAsync($"/notify/{how}", new StringContent(Notify, Encoding.UTF8, "text/xml"));

        Assert.Equal((200, Success), (status, body));
        var (notify, answer) = await BothAsync();
        Assert.Equal(Notify, CapturingErp.Text(notify));
        Assert.Equal(Success, CapturingErp.Text(answer));
        Assert.Equal(("ningbo", "T1", "utf-8"), (notify.Merchant, notify.TradeNo, notify.Message.Charset));
        Assert.StartsWith("wechat POST http://127.0.0.1:", notify.Origin, StringComparison.Ordinal);
        Assert.Equal(Notify, _seen.First());
    }

    [Fact]
    public async Task Should_keep_a_form_that_the_ERP_reads_as_one()
    {
        var form = "out_trade_no=T1&subject=%C4%CC%B7%DB&sign=abc%2B%3D";
        await NotifyAsync("/notify/form", new StringContent(form, new System.Net.Http.Headers.MediaTypeHeaderValue("application/x-www-form-urlencoded", "GBK")));

        var (notify, _) = await BothAsync();
        Assert.Equal(form, CapturingErp.Text(notify));
        Assert.Equal("GBK", notify.Message.Charset);
        Assert.Equal("T1", _seen.First());
    }

    [Fact]
    public async Task Should_keep_a_chunked_notify_that_is_not_UTF_8()
    {
        var gbk = CodePagesEncodingProvider.Instance.GetEncoding("gbk")!.GetBytes("<?xml version='1.0' encoding='GBK'?><xml><attach>奶粉</attach><out_trade_no>T1</out_trade_no></xml>");
        using var request = new HttpRequestMessage(HttpMethod.Post, Address("/notify/stream")) { Content = new ByteArrayContent(gbk) };
        request.Headers.TransferEncodingChunked = true;

        (await _company.SendAsync(request)).Dispose();

        var (notify, _) = await BothAsync();
        Assert.Equal(gbk, notify.Message.Bytes.ToArray());
        Assert.Equal("GBK", notify.Message.Charset);
    }

    [Fact]
    public async Task Should_keep_the_address_of_a_notify_by_GET()
    {
        (await _company.GetAsync(Address("/notify/stream?out_trade_no=T1&total=100%2B"))).Dispose();

        Assert.Equal(Address("/notify/stream?out_trade_no=T1&total=100%2B").ToString(), CapturingErp.Text((await BothAsync()).Notify));
    }

    [Theory]
    [InlineData("fail")]
    [InlineData("forbidden")]
    [InlineData("throws")]
    public async Task Should_not_believe_what_the_ERP_did_not_accept(string how)
    {
        await NotifyAsync($"/notify/{how}", new StringContent(Notify + Canary));

        await CountedAsync(CaptureOutcome.Refused, 1);
        Assert.Empty(_module.Stored);
        Assert.DoesNotContain(Canary, _log.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_say_when_the_ERP_did_not_read_it()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Address("/notify/unread")) { Content = new StringContent(Notify) };

        (await _company.SendAsync(request)).Dispose();

        await CountedAsync(CaptureOutcome.Incomplete, 1);
        Assert.Empty(_module.Stored);
    }

    [Fact]
    public async Task Should_pass_on_a_large_notify_untouched()
    {
        var (status, _) = await NotifyAsync("/notify/stream", new StringContent(Notify + new string('x', 100 * 1024)));

        Assert.Equal(200, status);
        Assert.Equal(Notify.Length + (100 * 1024), _seen.First().Length);
        await CountedAsync(CaptureOutcome.TooLarge, 1);
        Assert.Empty(_module.Stored);
    }

    [Fact]
    public async Task Should_leave_other_addresses_alone()
    {
        await NotifyAsync("/elsewhere/stream", new StringContent(Notify));

        // What would have been captured of it would have come before this one.
        await NotifyAsync("/notify/stream", new StringContent(Notify));
        Assert.Contains("/notify/stream", (await BothAsync()).Notify.Origin, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_keep_a_notify_that_is_answered_with_nothing()
    {
        var (status, body) = await NotifyAsync("/notify/204", new StringContent(Notify));

        Assert.Equal((204, ""), (status, body));
        Assert.Equal(Notify, CapturingErp.Text((await BothAsync()).Notify));
    }

    private async Task HandleAsync(HttpContext http)
    {
        var how = http.Request.Path.Value!.Split('/')[^1];
        switch (how)
        {
            case "unread":
                await http.Response.WriteAsync(Success);
                return;
            case "form":
                _seen.Enqueue((await http.Request.ReadFormAsync())["out_trade_no"].ToString());
                await http.Response.WriteAsync("success");
                return;
            case "pipe":
                ReadResult read;
                while (!(read = await http.Request.BodyReader.ReadAsync()).IsCompleted)
                {
                    http.Request.BodyReader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                }

                _seen.Enqueue(Encoding.UTF8.GetString(read.Buffer));
                http.Request.BodyReader.AdvanceTo(read.Buffer.End);
                foreach (var part in Encoding.UTF8.GetBytes(Success).Chunk(10))
                {
                    part.CopyTo(http.Response.BodyWriter.GetSpan(100));
                    http.Response.BodyWriter.Advance(part.Length);
                    await http.Response.BodyWriter.FlushAsync();
                }

                return;
            case "buffering":
                http.Request.EnableBuffering();
                await new StreamReader(http.Request.Body).ReadToEndAsync();
                http.Request.Body.Position = 0;
                break;
            case "throws":
                _seen.Enqueue(await new StreamReader(http.Request.Body).ReadToEndAsync());
                throw new InvalidOperationException("the ERP's own trouble");
        }

        _seen.Enqueue(await new StreamReader(http.Request.Body).ReadToEndAsync());
        switch (how)
        {
            case "fail":
                await http.Response.WriteAsync("<xml><return_code><![CDATA[FAIL]]></return_code></xml>");
                break;
            case "forbidden":
                http.Response.StatusCode = StatusCodes.Status403Forbidden;
                break;
            case "204":
                http.Response.StatusCode = StatusCodes.Status204NoContent;
                break;
            case "unflushed":
                Encoding.UTF8.GetBytes(Success).CopyTo(http.Response.BodyWriter.GetMemory(100));
                http.Response.BodyWriter.Advance(Success.Length);
                break;
            default:
                await http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(Success));
                break;
        }
    }

    private Uri Address(string path) => new(new Uri(_erp.Urls.Single()), path);

    private async Task<(int Status, string Body)> NotifyAsync(string path, HttpContent content)
    {
        using (content)
        {
            using var response = await _company.PostAsync(Address(path), content);
            return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
        }
    }

    // The answer reaches the payment company a moment before the notify reaches the queue.
    private async Task CountedAsync(CaptureOutcome outcome, int count)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (Capture.Count(outcome) < count)
        {
            await Task.Delay(5, limit.Token);
        }

        await Capture.FlushAsync(limit.Token);
        Assert.Equal(count, Capture.Count(outcome));
    }

    private async Task<(CapturedMessage Notify, CapturedMessage Answer)> BothAsync()
    {
        await CountedAsync(CaptureOutcome.Captured, 2);
        return (Assert.Single(_module.Stored, message => message.Kind == CapturedKind.Notify), Assert.Single(_module.Stored, message => message.Kind == CapturedKind.NotifyAnswer));
    }
}
