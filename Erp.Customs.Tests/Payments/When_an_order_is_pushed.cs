using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Erp.Customs.Module;
using Erp.Customs.Module.Storage.Keeping;
using Erp.Customs.Simulator;
using Erp.Customs.Tests.Support;

namespace Erp.Customs.Tests.Payments;

public class When_an_order_is_pushed
{
    private const string Body =
        """{"OperationType":"A","OrderNo":"SO1","ReceiverName":"张三","ReceiverCardNo":"11010519491231002X","TotalNum":5,"OrderTotal":100.00,"ItemNames":"婴儿奶粉 800g;纸尿裤 \"M\" 64片","ShopPayTime":"2026-11-11 00:00:01","MerchantName":"宁波商户","CapitalName":"宁波保税区可赢网络科技有限公司","ReceiverMobile":"13817494910","CustomsCode":"HG014"}""";

    [Fact]
    public async Task Should_send_exact_names_and_two_decimals()
    {
        await using var world = await CustomsWorld.StartAsync();
        await world.PushedAsync(CustomsWorld.Push("SO1"));

        await world.WaitForPushAsync("SO1", "pushed");

        var line = Assert.Single(world.Customs.Bridge.LinesOf("SO1", "PushOrder"));
        Assert.Equal(Body, line.Data);
        Assert.Equal("0000", line.Code);
    }

    [Fact]
    public async Task Should_be_followed_by_GetOrder_until_it_is_paid_and_declared()
    {
        await using var world = await CustomsWorld.StartAsync();
        await world.PushedAsync(CustomsWorld.Push("SO1"));

        var done = await world.WaitForPushAsync("SO1", status => status.Archived is not null);

        Assert.Equal(("done", "bridge", "", 1, 2), (done.State, done.Archived, done.Reason, done.Attempts, done.Polls));
        Assert.Equal(PaymentBridge.PaymentNo("SO1"), done.PaymentNo);
        Assert.NotNull(done.PaidAt);
        Assert.Empty(done.Flags);
        Assert.Null(done.NextAttemptAt);
        Assert.Equal("""{"OrderNo":"SO1","MerchantName":"宁波商户"}""", world.Customs.Bridge.LinesOf("SO1", "GetOrder")[0].Data);
    }

    [Fact]
    public async Task Should_answer_customs_from_the_exchange_with_the_bridge()
    {
        await using var world = await CustomsWorld.StartAsync();
        await world.PushedAsync(CustomsWorld.Push("SO1", orderTotal: 100.10m));
        var done = await world.PaidAsync("SO1");

        var status = await world.AnswerAsync("SO1");

        var upload = world.Customs.Log.Read(world.Customs.Log.FindSession(status.SessionId)!.Uploads.Single());
        var payload = JsonNode.Parse(upload.PayExInfoStr!)!;
        var head = payload["payExchangeInfoHead"]!;
        Assert.Equal(Body.Replace("100.00", "100.10", StringComparison.Ordinal), (string?)head["initalRequest"]);
        Assert.Equal(world.Customs.Bridge.LinesOf("SO1", "GetOrder")[^1].Reply, (string?)head["initalResponse"]);
        Assert.Equal(done.PaymentNo, (string?)head["payTransactionId"]);
        Assert.Equal("100.1", head["totalAmount"]!.ToJsonString());
        Assert.Equal(
            ("142", "1", "4", "4403169D3W"), ((string?)head["currency"], (string?)head["verDept"], (string?)head["payType"], (string?)head["payCode"]));
        Assert.Equal(done.PaidAt!.Value.ToOffset(TimeSpan.FromHours(8)).ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture), (string?)head["tradingTime"]);
        var order = payload["payExchangeInfoLists"]![0]!;
        Assert.Equal(("SO1", "6217850100007893905"), ((string?)order["orderNo"], (string?)order["recpAccount"]));
        Assert.Equal("https://shop.example.cn/item/2", (string?)order["goodsInfo"]![1]!["itemLink"]);
    }

    [Fact]
    public async Task Should_wake_a_request_of_customs_that_waited_for_its_payment()
    {
        await using var world = await CustomsWorld.StartAsync();
        await world.PushedAsync(CustomsWorld.Push("SO1"));
        var (sessionId, _) = await world.AskAsync("SO1");
        await world.WaitAsync(sessionId, "waiting_data");

        await world.PaidAsync("SO1");

        await world.WaitAsync(sessionId, "accepted");
    }

    [Fact]
    public async Task Should_let_a_payment_win_that_the_ERP_delivered_before()
    {
        await using var world = await CustomsWorld.StartAsync();
        await world.DeliveredAsync(CustomsWorld.Payment("T1", "SO1"));
        await world.PushedAsync(CustomsWorld.Push("SO1"));

        var done = await world.PaidAsync("SO1");

        Assert.Equal("erp", done.Archived);
        Assert.Contains("erp_payment", done.Flags);
        Assert.Equal("T1", (await world.Services.FindOrderAsync("SO1", null, default))!.PayTransactionId);
    }

    [Fact]
    public async Task Should_let_a_payment_win_that_the_ERP_delivers_after()
    {
        await using var world = await CustomsWorld.StartAsync();
        await world.PushedAsync(CustomsWorld.Push("SO1"));
        await world.PaidAsync("SO1");
        var payment = CustomsWorld.Payment("T1", "SO1");
        payment["tradingTime"] = "2020-01-01T00:00:01+08:00";
        await world.DeliveredAsync(payment);

        Assert.Equal("T1", (await world.Services.FindOrderAsync("SO1", null, default))!.PayTransactionId);
    }

    [Fact]
    public async Task Should_take_the_same_order_twice_as_one()
    {
        await using var world = await CustomsWorld.StartAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => world.PushAsync(CustomsWorld.Push("SO1"))));
        Assert.Equal(1, answers.Count(answer => answer.StatusCode == HttpStatusCode.Accepted));
        Assert.Equal(9, answers.Count(answer => answer.StatusCode == HttpStatusCode.OK));
        await world.PaidAsync("SO1");

        using var again = await world.PushAsync(CustomsWorld.Push("SO1"));

        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        Assert.Contains("\"state\":\"done\"", await again.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Single(world.Customs.Bridge.LinesOf("SO1", "PushOrder"));
        Array.ForEach(answers, answer => answer.Dispose());
    }

    [Fact]
    public async Task Should_name_everything_that_is_wrong_at_once()
    {
        await using var world = await CustomsWorld.StartAsync();
        var push = CustomsWorld.Push("SO1");
        push["receiverCardNo"] = "110105194912310021";
        push["receiverMobile"] = "1381749491";
        push["orderTotal"] = 1.005m;
        push["customsCode"] = "HG001";
        using var response = await world.PushAsync(push);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        var problems = body.RootElement.GetProperty("problems").EnumerateArray().Select(problem => problem.GetString()!).ToList();
        Assert.Equal(["receiverCardNo", "receiverMobile", "orderTotal", "customsCode"], problems.Select(problem => problem.Split(':')[0]));
        Assert.DoesNotContain(problems, problem => problem.Contains("110105194912310021", StringComparison.Ordinal) || problem.Contains("1381749491", StringComparison.Ordinal));
        Assert.Null(await world.Services.FindPushAsync("SO1", null, default));
    }

    [Fact]
    public async Task Should_name_every_field_of_the_wrong_shape_at_once()
    {
        await using var world = await CustomsWorld.StartAsync();
        using var response = await world.PushAsync(new JsonObject { ["merchant"] = 7, ["totalNum"] = 1.5m, ["payTime"] = "yesterday", ["itemNames"] = "x", ["goods"] = new JsonArray(new JsonObject()) });

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var body = await response.Content.ReadAsStringAsync();
        foreach (var field in (string[])["merchant", "orderNo", "receiverName", "receiverCardNo", "receiverMobile", "totalNum", "orderTotal", "payTime", "operation", "itemNames", "goods[0].gname", "goods[0].itemLink"])
        {
            Assert.Contains($" {field} ", body.Replace("\"", " ", StringComparison.Ordinal), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{")]
    public async Task Should_refuse_what_is_no_object(string body)
    {
        await using var world = await CustomsWorld.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/customs/api/orders/push") { Content = new StringContent(body) };
        request.Headers.Add("X-Api-Key", "key-of-the-erp");
        using var response = await world.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task Should_refuse_a_merchant_that_is_not_at_the_bridge()
    {
        await using var world = await CustomsWorld.StartAsync();
        var push = CustomsWorld.Push("SO1");
        push["merchant"] = CustomsWorld.Guangzhou;
        using var response = await world.PushAsync(push);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task Should_refuse_a_number_that_is_another_merchants_order()
    {
        await using var world = await CustomsWorld.StartAsync(CustomsWorld.AtBridge(CustomsWorld.Guangzhou, "广州商户"));
        await world.PushedAsync(CustomsWorld.Push("SO1"));
        var push = CustomsWorld.Push("SO1");
        push["merchant"] = CustomsWorld.Guangzhou;

        using var response = await world.PushAsync(push);

        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
        Assert.Contains("another merchant", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Null(await world.Services.FindPushAsync("SO1", CustomsWorld.Guangzhou, default));
    }

    [Fact]
    public async Task Should_be_told_where_it_stands_and_nothing_personal()
    {
        await using var world = await CustomsWorld.StartAsync();
        await world.PushedAsync(CustomsWorld.Push("SO1"));
        await world.PaidAsync("SO1");

        using var response = await world.SendAsync(HttpMethod.Get, "/customs/api/orders/SO1/push?merchant=ningbo");
        using var unknown = await world.SendAsync(HttpMethod.Get, "/customs/api/orders/SO1/push?merchant=guangzhou");

        var body = await response.Content.ReadAsStringAsync();
        Assert.Contains("\"state\":\"done\"", body, StringComparison.Ordinal);
        Assert.Contains("\"customsCode\":\"HG014\"", body, StringComparison.Ordinal);
        Assert.DoesNotContain("13817494910", body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    [Fact]
    public async Task Should_call_the_rehearsal_addresses_in_a_rehearsal()
    {
        await using var world = await CustomsWorld.StartAsync(new(StringComparer.Ordinal) { ["Customs:Bridge:Rehearsal"] = "true" });
        await world.PushedAsync(CustomsWorld.Push("SO1"));

        var done = await world.PaidAsync("SO1");

        Assert.Contains("rehearsal", done.Flags);
        Assert.All(world.Customs.Bridge.Lines.Where(line => line.Data.Length > 0 && line.Call != "callback"), line => Assert.Contains("Test", line.Call, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Should_pass_a_passport_with_a_flag()
    {
        await using var world = await CustomsWorld.StartAsync();
        var push = CustomsWorld.Push("SO1");
        push["receiverCardNo"] = "E12345678";
        push["customsCode"] = null;
        await world.PushedAsync(push);

        var done = await world.PaidAsync("SO1");

        Assert.Equal(["card_not_checked"], done.Flags);
        Assert.Equal("HG014", done.CustomsCode);
        Assert.Contains("\"CustomsCode\":\"HG014\"", world.Customs.Bridge.LinesOf("SO1", "PushOrder").Single().Data, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_keep_every_exchange_byte_for_byte()
    {
        await using var world = await CustomsWorld.StartAsync();
        await world.PushedAsync(CustomsWorld.Push("SO1"));
        await world.PaidAsync("SO1");
        await world.App.StopAsync();

        var kept = await Kept.ReadAsync(world, "SO1");

        var said = world.Customs.Bridge.LinesOf("SO1").Where(line => line.Call != "pay").ToList();
        Assert.Equal(said.Where(line => line.Call != "callback").Select(line => (line.Data, line.Reply)), kept.Where(one => one.Kind != "callback").Select(one => (one.Request, one.Reply)));
        Assert.Equal((said.Single(line => line.Call == "callback").Data, "ok"), kept.Where(one => one.Kind == "callback").Select(one => (one.Request, one.Reply)).Single());
        Assert.All(kept, one => Assert.True(one.SumsMatch));
    }

    [Fact]
    public async Task Should_say_once_that_the_bridge_is_off()
    {
        await using var world = await CustomsWorld.StartAsync(new(StringComparer.Ordinal) { ["Customs:Bridge:BaseUrl"] = null });
        using var response = await world.PushAsync(CustomsWorld.Push("SO1"));

        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
        Assert.Contains("Customs:Bridge:BaseUrl", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Single(world.Log.Lines, line => line.Contains("Customs:Bridge:BaseUrl is not set", StringComparison.Ordinal));
        Assert.Equal((200, "ok"), await world.Customs.Bridge.CallBackAsync(world.CallbackAddress, "SO1"));
    }

    [Fact]
    public async Task Should_log_no_personal_data_whatever_goes_wrong()
    {
        string[] canaries = ["陈金丝雀", "440106198709120010", "13600138000"];
        await using var world = await CustomsWorld.StartAsync(new(StringComparer.Ordinal) { ["Customs:Bridge:Timeout"] = "1" });
        var kinds = new[] { "9909", "9910", "9901", "9908", "garbage", "status", "cut", "declaration" };
        foreach (var kind in kinds)
        {
            var message = string.Join(' ', canaries);
            world.Customs.Bridge.Set(kind switch
            {
                "garbage" => new BridgeMood { Kind = BridgeMoodKind.Garbage, OrderNo = kind },
                "status" => new BridgeMood { Kind = BridgeMoodKind.Status, OrderNo = kind },
                "cut" => new BridgeMood { Kind = BridgeMoodKind.CutAfter, OrderNo = kind },
                "declaration" => new BridgeMood { Kind = BridgeMoodKind.CustomsMsg, Message = "9911" + message, OrderNo = kind },
                _ => new BridgeMood { Kind = BridgeMoodKind.Code, Code = kind, Message = message, OrderNo = kind },
            });
            var push = CustomsWorld.Push(kind);
            (push["receiverName"], push["receiverCardNo"], push["receiverMobile"]) = (canaries[0], canaries[1], canaries[2]);
            await world.PushedAsync(push);
        }

        var statuses = new List<string>();
        foreach (var kind in kinds)
        {
            statuses.Add((await world.WaitForPushAsync(kind, status => status.Attempts > 0 && status.State is not ("pending" or "pushed"))).ToString());
        }

        Assert.DoesNotContain(canaries, canary => world.Log.All.Contains(canary, StringComparison.Ordinal));
        Assert.DoesNotContain(canaries, canary => statuses.Exists(status => status.Contains(canary, StringComparison.Ordinal)));
        Assert.DoesNotContain("张三", new Erp.Customs.Contracts.OrderPush("m", "o", "张三", "", "", 1, 1, default, "", "A", []).ToString(), StringComparison.Ordinal);
    }
}

/// <summary>What the database keeps of an order's exchanges.</summary>
internal sealed record Kept(string Kind, string Request, string Reply, bool SumsMatch)
{
    public static async Task<IReadOnlyList<Kept>> ReadAsync(CustomsWorld world, string orderNo)
    {
        await using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Directory.GetFiles(world.Folder, "customs.db", SearchOption.AllDirectories).Single()};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT e.kind, e.request, e.request_sha256, e.reply, e.reply_sha256 FROM bridge_exchange e JOIN bridge_order o ON o.id = e.order_id WHERE o.order_no = @orderNo ORDER BY e.id";
        command.Parameters.AddWithValue("@orderNo", orderNo);
        await using var reader = await command.ExecuteReaderAsync();
        var kept = new List<Kept>();
        while (await reader.ReadAsync())
        {
            var vault = new ContentVault(new ContentKeys(new ArchiveOptions { Key = CustomsWorld.ArchiveKey }, world.Folder));
            var (request, reply) = (vault.Open(reader.GetFieldValue<byte[]>(1)), vault.Open(reader.GetFieldValue<byte[]>(3)));
            kept.Add(new Kept(
                reader.GetString(0), System.Text.Encoding.UTF8.GetString(request), System.Text.Encoding.UTF8.GetString(reply),
                System.Security.Cryptography.SHA256.HashData(request).AsSpan().SequenceEqual(reader.GetFieldValue<byte[]>(2))
                && System.Security.Cryptography.SHA256.HashData(reply).AsSpan().SequenceEqual(reader.GetFieldValue<byte[]>(4))));
        }

        return kept;
    }
}
