using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Erp.Customs.Simulator;

namespace Erp.Customs.Tests.Simulator;

public sealed class When_orders_are_pushed_to_the_bridge : IAsyncLifetime
{
    private Customs _customs = null!;

    public async Task InitializeAsync() => _customs = await Customs.StartAsync();

    public async Task DisposeAsync() => await _customs.DisposeAsync();

    [Theory]
    [InlineData("OperationType", "D", "9907")]
    [InlineData("OrderNo", "", "9916")]
    [InlineData("ReceiverCardNo", "", "9901")]
    [InlineData("ReceiverName", "", "9902")]
    [InlineData("ReceiverMobile", "", "9903")]
    [InlineData("MerchantName", "", "9904")]
    [InlineData("ShopPayTime", "2018/07/01", "9904")]
    [InlineData(" OrderNo ", "SO1", "9904")]
    public async Task Should_refuse_what_breaks_the_document(string field, string value, string code)
    {
        var order = Order("SO1");
        order[field] = value;
        Assert.Equal(code, (string?)(await CallAsync("PushOrder", order))["ReturnCode"]);
    }

    [Theory]
    [InlineData("100.0")]
    [InlineData("100")]
    [InlineData("\"100.00\"")]
    public async Task Should_want_exactly_two_decimals(string total) =>
        Assert.Equal("9904", (string?)(await CallAsync("PushOrder", Order("SO1").ToJsonString().Replace("100.00", total, StringComparison.Ordinal)))["ReturnCode"]);

    [Fact]
    public async Task Should_know_what_was_pushed_before_and_after_a_restart()
    {
        Assert.Equal("9999", await AskAsync("SO1"));
        Assert.Equal("9916", await PushAsync("SO1", "U"));
        Assert.Equal("0000", await PushAsync("SO1"));
        Assert.Equal("9905", await PushAsync("SO1"));
        Assert.Equal("0000", await PushAsync("SO1", "U"));

        await _customs.RestartAsync(() => File.AppendAllText(Path.Combine(_customs.Folder, "bridge.jsonl"), "{\"at\":\"torn"));

        Assert.Equal("9905", await PushAsync("SO1"));
        Assert.Equal("待支付", (string?)(await CallAsync("GetTestOrder", Get("SO1")))["CustomsMsg"]);
        var paid = await CallAsync("GetTestOrder", Get("SO1"));
        Assert.Equal(("已支付+已报关", PaymentBridge.PaymentNo("SO1")), ((string?)paid["CustomsMsg"], (string?)paid["PaymentNo"]));
        Assert.Equal("9906", await PushAsync("SO1"));
        await _customs.RestartAsync();
        Assert.Equal("9906", await PushAsync("SO1", "U"));
        Assert.Equal(paid.ToJsonString(), (await CallAsync("GetTestOrder", Get("SO1"))).ToJsonString());
    }

    [Fact]
    public async Task Should_not_start_on_a_log_that_somebody_has_spoilt()
    {
        await PushAsync("SO1");
        await Assert.ThrowsAsync<InvalidDataException>(() => _customs.RestartAsync(
            () => File.AppendAllText(Path.Combine(_customs.Folder, "bridge.jsonl"), "{\"at\"}\n")));
        File.Delete(Path.Combine(_customs.Folder, "bridge.jsonl"));
        await _customs.RestartAsync();
    }

    [Fact]
    public async Task Should_take_moods_over_HTTP_and_meet_them_in_order()
    {
        var control = new Uri(_customs.Server.BaseAddress, "_bridge");
        using var set = await _customs.Http.PostAsJsonAsync(control, new { kind = "code", code = "9911", orderNo = "SO1", times = 2 });
        using var wrong = await _customs.Http.PostAsJsonAsync(control, new { kind = "code", times = 0 });
        using var unknown = await _customs.Http.PostAsJsonAsync(control, new { kind = "temper" });
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.BadRequest, HttpStatusCode.BadRequest), (set.StatusCode, wrong.StatusCode, unknown.StatusCode));

        Assert.Equal(new[] { "9911", "0000", "9911", "0000" }, new[] { await PushAsync("SO1"), await PushAsync("SO2"), await PushAsync("SO1"), await PushAsync("SO1") });

        _customs.Server.Bridge.Set(new BridgeMood { Kind = BridgeMoodKind.Garbage });
        Assert.Single((await _customs.Http.GetFromJsonAsync<JsonArray>(control))!);
        using var cleared = await _customs.Http.DeleteAsync(control);
        Assert.Empty(_customs.Server.Bridge.Moods);
        Assert.All(
            new[] { new BridgeMood { Kind = BridgeMoodKind.Late, DelayMs = -1 }, new BridgeMood { Kind = BridgeMoodKind.Status, Status = 200 }, new BridgeMood { Kind = BridgeMoodKind.Code, Call = "x" }, new BridgeMood { Kind = (BridgeMoodKind)99 } },
            mood => Assert.Throws<ArgumentException>(() => _customs.Server.Bridge.Set(mood)));
    }

    [Fact]
    public async Task Should_call_back_when_it_is_told_to()
    {
        var address = new Uri(_customs.Server.BaseAddress, "_bridge/callback");
        using var nobody = await _customs.Http.PostAsJsonAsync(address, new { address = "http://127.0.0.1:1/", orderNo = "SO1" });
        using var wrong = await _customs.Http.PostAsJsonAsync(address, new { address = "ftp://x/", orderNo = "SO1" });
        using var itself = await _customs.Http.PostAsJsonAsync(address, new { address = new Uri(_customs.Server.BaseAddress, "bridge-elsewhere"), orderNo = "SO1", paymentNo = "FORGED" });

        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        Assert.Contains("\"status\":0", await nobody.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("\"status\":200", await itself.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("FORGED", _customs.Server.Bridge.LinesOf("SO1", "callback").Single().Data, StringComparison.Ordinal);
    }

    private async Task<string> PushAsync(string orderNo, string operation = "A")
    {
        var order = Order(orderNo);
        order["OperationType"] = operation;
        return (string)(await CallAsync("PushOrder", order))["ReturnCode"]!;
    }

    private async Task<string?> AskAsync(string orderNo) => (string?)(await CallAsync("GetOrder", Get(orderNo)))["ReturnCode"];

    private Task<JsonNode> CallAsync(string call, JsonNode data) => CallAsync(call, data.ToJsonString());

    private async Task<JsonNode> CallAsync(string call, string data)
    {
        using var form = new FormUrlEncodedContent([KeyValuePair.Create("data", data)]);
        using var response = await _customs.Http.PostAsync(new Uri(_customs.Server.BaseAddress, call), form);
        return JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
    }

    private static JsonObject Get(string orderNo) => new() { ["OrderNo"] = orderNo, ["MerchantName"] = "商户1" };

    private static JsonObject Order(string orderNo) => new()
    {
        ["OperationType"] = "A",
        ["OrderNo"] = orderNo,
        ["ReceiverName"] = "张三",
        ["ReceiverCardNo"] = "32068119891142120001",
        ["TotalNum"] = 5,
        ["OrderTotal"] = 100.00m,
        ["ItemNames"] = "测试商品",
        ["ShopPayTime"] = "2018-07-01 21:22:34",
        ["MerchantName"] = "商户1",
        ["CapitalName"] = "资方1",
        ["ReceiverMobile"] = "13817494910",
        ["CustomsCode"] = "HG014",
    };
}
