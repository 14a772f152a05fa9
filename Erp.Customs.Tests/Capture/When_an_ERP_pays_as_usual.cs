using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Erp.Customs.Contracts;
using Erp.Customs.Contracts.Capture;
using Erp.Customs.Tests.Hosting;
using Erp.Customs.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Erp.Customs.Tests.Capture;

/// <summary>The whole way: an ERP with its own payment code, the module in it, a payment company and customs, each on a socket of its own.</summary>
public sealed class When_an_ERP_pays_as_usual : IAsyncLifetime
{
    private const string Canary = "oCANARY6222020200112233";

    private PaymentCompany _company = null!;
    private CustomsWorld _world = null!;

    private WeChatLikeClient WeChat => new(
        _world.App.Services.GetRequiredService<IHttpClientFactory>().CreateClient("wechat"), _company.Address, new Uri(_world.Http.BaseAddress!, "/wechat/notify").ToString());

    private AlipayLikeClient Alipay => new(Capture, _company.Address);

    private IPaymentCapture Capture => _world.App.Services.GetRequiredService<IPaymentCapture>();

    public async Task InitializeAsync()
    {
        _company = await PaymentCompany.StartAsync();
        _world = await CustomsWorld.StartAsync(services: Shop.AddTo);
    }

    public async Task DisposeAsync()
    {
        await _world.DisposeAsync();
        await _company.DisposeAsync();
    }

    [Fact]
    public async Task Should_answer_customs_from_what_WeChat_was_sent_and_sent()
    {
        Assert.Equal("wx20", await WeChat.UnifiedOrderAsync("NB20261111000001", "婴儿奶粉　800g \"进口\"", 100.10m));
        var notify = WeChatLikeClient.NotifyXml("NB20261111000001", Canary);
        var (status, answer) = await _company.NotifyAsync(At("/wechat/notify"), new StringContent(notify, Encoding.UTF8, "text/xml"));
        Assert.Equal((200, "<xml><return_code><![CDATA[SUCCESS]]></return_code></xml>"), (status, answer));
        await CapturedAsync(4);

        await DeliveredAsync("SO1", "NB20261111000001");
        var head = await AnsweredAsync("SO1");

        Assert.Equal(Encoding.UTF8.GetString(Assert.Single(_company.Received).Body), (string?)head["initalRequest"]);
        Assert.Equal(notify, (string?)head["initalResponse"]);
        Assert.DoesNotContain(Canary, _world.Log.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_answer_customs_from_an_Alipay_address_and_notify()
    {
        var address = Alipay.PageAddress(CustomsWorld.Ningbo, "NB20261111000002", "奶粉", 100.10m);
        var form = $"out_trade_no=NB20261111000002&buyer_id={Canary}&trade_status=TRADE_SUCCESS&sign=right";
        await _company.NotifyAsync(At("/alipay/notify"), new StringContent(form.Replace("right", "forged", StringComparison.Ordinal), Encoding.UTF8, "application/x-www-form-urlencoded"));
        var (_, answer) = await _company.NotifyAsync(At("/alipay/notify"), new StringContent(form, Encoding.UTF8, "application/x-www-form-urlencoded"));
        Assert.Equal("success", answer);
        await CapturedAsync(3);

        await DeliveredAsync("SO2", "NB20261111000002");
        var head = await AnsweredAsync("SO2");

        Assert.Equal(address, (string?)head["initalRequest"]);
        Assert.Equal(form, (string?)head["initalResponse"]);
        Assert.Equal(1, Capture.Count(CaptureOutcome.Refused));
        Assert.DoesNotContain(Canary, _world.Log.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_say_409_until_both_are_there_and_wake_customs_request_then()
    {
        Alipay.PageAddress(CustomsWorld.Ningbo, "T1", "奶粉", 100.10m);
        await CapturedAsync(1);
        var (sessionId, _) = await _world.AskAsync("SO1");
        await _world.WaitAsync(sessionId, "waiting_data");

        using (var early = await _world.DeliverAsync(Facts("SO1", "T1")))
        {
            Assert.Equal(HttpStatusCode.Conflict, early.StatusCode);
            Assert.Contains("T1", (string?)JsonNode.Parse(await early.Content.ReadAsStringAsync())!["error"], StringComparison.Ordinal);
        }

        Capture.Note(CustomsWorld.Ningbo, "T1", CapturedKind.Notify, "trade_status=TRADE_SUCCESS");
        await CapturedAsync(2);
        await DeliveredAsync("SO1", "T1");
        await _world.WaitAsync(sessionId, "accepted");

        using var again = await _world.DeliverAsync(Facts("SO1", "T1"));
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
    }

    [Fact]
    public async Task Should_lose_nothing_while_the_module_is_off()
    {
        await _world.Modules.DisableAsync("Erp.Customs", default);
        await WeChat.UnifiedOrderAsync("T1", "奶粉", 1m);
        await _company.NotifyAsync(At("/wechat/notify"), new StringContent(WeChatLikeClient.NotifyXml("T1", Canary)));
        await Waiting.ForAsync(() => Task.FromResult(Capture.Spooled), spooled => spooled == 4);
        Assert.Equal(4, Directory.GetFiles(Path.Combine(_world.Folder, "data", "captured-payments")).Length);

        await _world.Modules.EnableAsync("Erp.Customs", default);
        await Waiting.ForAsync(() => Task.FromResult(Capture.Spooled), spooled => spooled == 0);

        Assert.Equal(4, (await _world.Services.FindCapturesAsync(CustomsWorld.Ningbo, "T1", default)).Count);
        await DeliveredAsync("SO1", "T1");
        await AnsweredAsync("SO1");
        Assert.Empty((await _world.Services.RecomputeSumsAsync(null, default)).Differences);
        Assert.DoesNotContain(Canary, _world.Log.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_list_what_was_captured_without_content()
    {
        await WeChat.UnifiedOrderAsync("单 1", "奶粉", 1m);
        await CapturedAsync(2);

        using var response = await _world.SendAsync(HttpMethod.Get, $"/customs/api/captures?merchant=ningbo&tradeNo={Uri.EscapeDataString("单 1")}");
        var list = JsonNode.Parse(await response.Content.ReadAsStringAsync())!.AsArray();

        Assert.Equal(["request", "response"], list.Select(message => (string?)message!["kind"]));
        Assert.Equal(["capturedAt", "charset", "kind", "origin", "payTransactionId", "sha256", "size"], list[0]!.AsObject().Select(field => field.Key).Order(StringComparer.Ordinal));
        Assert.Equal(Assert.Single(_company.Received).Body.Length, (int)list[0]!["size"]!);
        Assert.Equal($"wechat POST {_company.Address}pay/unifiedorder", (string?)list[0]!["origin"]);
        foreach (var (path, key, status) in new[] { ("/customs/api/captures?merchant=ningbo", "key-of-the-erp", HttpStatusCode.BadRequest), ("/customs/api/captures?merchant=ningbo&tradeNo=T1", null, HttpStatusCode.Unauthorized) })
        {
            using var refused = await _world.SendAsync(HttpMethod.Get, path, key: key);
            Assert.Equal(status, refused.StatusCode);
        }
    }

    [Fact]
    public async Task Should_take_no_trade_number_beside_the_raw_exchange()
    {
        var payment = CustomsWorld.Payment("P1", "SO1");
        payment["tradeNo"] = "T1";
        using var both = await _world.DeliverAsync(payment);
        Assert.Equal(HttpStatusCode.BadRequest, both.StatusCode);
        Assert.Contains("initalRequest", await both.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        using var correction = await _world.SendAsync(HttpMethod.Put, "/customs/api/payments/ningbo/P1", Facts("SO1", "T1"));
        Assert.Equal(HttpStatusCode.BadRequest, correction.StatusCode);
    }

    private static JsonObject Facts(string orderNo, string tradeNo)
    {
        var payment = CustomsWorld.Payment("P-" + orderNo, orderNo);
        payment.Remove("initalRequest");
        payment.Remove("initalResponse");
        payment["tradeNo"] = tradeNo;
        return payment;
    }

    private Uri At(string path) => new(_world.Http.BaseAddress!, path);

    private Task DeliveredAsync(string orderNo, string tradeNo) => _world.DeliveredAsync(Facts(orderNo, tradeNo));

    private async Task<JsonNode> AnsweredAsync(string orderNo)
    {
        var status = await _world.AnswerAsync(orderNo);
        var upload = _world.Customs.Log.Read(_world.Customs.Log.FindSession(status.SessionId)!.Uploads.Single());
        return JsonNode.Parse(upload.PayExInfoStr!)!["payExchangeInfoHead"]!;
    }

    // The answer to a notify reaches the payment company a moment before the notify is captured.
    private Task<long> CapturedAsync(int count) => Waiting.ForAsync(() => Task.FromResult(Capture.Count(CaptureOutcome.Stored)), stored => stored == count);
}
