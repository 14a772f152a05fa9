using System.Net;
using Erp.Customs.Simulator;
using Erp.Customs.Tests.Hosting;
using Erp.Customs.Tests.Support;

namespace Erp.Customs.Tests.Admin;

/// <summary>订单与支付: payments, orders at the bridge with their codes in words, push or ask now, 联调上传.</summary>
public class When_orders_and_payments_are_listed
{
    private const string Payments = "/customs/admin/orders";
    private const string Pushes = "/customs/admin/orders/pushes";

    [Theory]
    [InlineData("/customs/admin/orders")]
    [InlineData("/customs/admin/orders/pushes")]
    [InlineData("/customs/admin/requests")]
    public async Task Should_be_found_by_as_many_pasted_numbers_as_the_filter_takes(string list)
    {
        await using var world = await ScreenUser.WorldAsync();
        await world.DeliveredAsync(CustomsWorld.Payment("T1", "SO-wanted"));
        await world.DeliveredAsync(CustomsWorld.Payment("T2", "SO-beside"));
        await world.PushedAsync(CustomsWorld.Push("SO-wanted"));
        await world.PushedAsync(CustomsWorld.Push("SO-beside"));
        await world.AskAsync("SO-wanted");
        await world.AskAsync("SO-beside");
        using var clerk = new ScreenUser(world, ScreenUser.View);
        var pasted = string.Join('\n', Enumerable.Range(0, 499).Select(i => $"SO2026112700000{i:0000000000}").Append("SO-wanted"));

        using var sent = await clerk.PostAsync(list + "?handler=Search", await clerk.TokenAsync(list), ("order", pasted));

        Assert.Equal(System.Net.HttpStatusCode.Found, sent.StatusCode);
        Assert.InRange(sent.Headers.Location!.OriginalString.Length, 1, 200);
        var page = await clerk.TextAsync(sent.Headers.Location.OriginalString);
        Assert.Contains("SO-wanted</", await clerk.RawAsync(sent.Headers.Location.OriginalString), StringComparison.Ordinal);
        Assert.DoesNotContain("SO-beside", page, StringComparison.Ordinal);
        Assert.Contains("粘贴的订单编号只保留一天", await clerk.TextAsync(list + "?order=list:0123"), StringComparison.Ordinal);
        using var refused = await clerk.PostAsync(list + "?handler=Search", await clerk.TokenAsync(list), ("order", pasted + "\nSO-more"));
        Assert.Contains("最多 500 个", System.Net.WebUtility.HtmlDecode(await refused.Content.ReadAsStringAsync()), StringComparison.Ordinal);
        // To search is no operation.
        Assert.Equal(0L, await world.SqlAsync("SELECT COUNT(*) FROM operation"));
    }

    [Fact]
    public async Task Should_page_through_payments_forth_and_back()
    {
        await using var world = await ScreenUser.WorldAsync();
        for (var i = 0; i < 51; i++)
        {
            await world.DeliveredAsync(CustomsWorld.Payment($"T{i}", $"SO-{i:d2}"));
        }

        using var clerk = new ScreenUser(world, ScreenUser.View);
        var first = await clerk.TextAsync("/customs/admin/orders?merchant=ningbo");
        var last = await clerk.TextAsync(Link(first, "next"));
        var again = await clerk.TextAsync(Link(last, "prev"));

        Assert.Contains("共 51 条", first, StringComparison.Ordinal);
        Assert.DoesNotContain("rel=\"prev\"", first, StringComparison.Ordinal);
        Assert.DoesNotContain("rel=\"next\"", last, StringComparison.Ordinal);
        // All were traded at once: what was delivered last stands first.
        Assert.Equal(Enumerable.Range(1, 50).Reverse().Select(i => $"SO-{i:d2}"), Orders(first));
        Assert.Equal(["SO-00"], Orders(last));
        Assert.Equal(Orders(first), Orders(again));

        static string Link(string page, string rel) => page.Split($"\" rel=\"{rel}\"")[0].Split("href=\"")[^1];

        static IEnumerable<string> Orders(string page) => page.Split("class=\"order\"").Skip(1).Select(rest => rest.Split('>')[1].Split('<')[0]);
    }

    [Fact]
    public async Task Should_show_every_order_of_a_payment_and_find_it()
    {
        await using var world = await ScreenUser.WorldAsync();
        await world.DeliveredAsync(CustomsWorld.Payment("T1", "SO1", "SO2"));
        await world.DeliveredAsync(CustomsWorld.Payment("T2", "SO3"));
        using var clerk = new ScreenUser(world, ScreenUser.View);

        var page = await clerk.TextAsync(Payments);
        Assert.Contains("共 2 条", page, StringComparison.Ordinal);
        Assert.Contains("合并支付 2 个订单", page, StringComparison.Ordinal);
        Assert.Equal(2, page.Split("<tbody>")[1].Split("</tbody>")[0].Split("<tr>").Length - 1);
        Assert.Contains("no=SO2", page, StringComparison.Ordinal);
        Assert.Contains("支付宝", page, StringComparison.Ordinal);
        Assert.Contains("2026-11-11 00:00:01", page, StringComparison.Ordinal);
        Assert.DoesNotContain("6217850100007893905", page, StringComparison.Ordinal);
        var found = await clerk.TextAsync(Payments + "?order=SO2");
        Assert.Contains("共 1 条", found, StringComparison.Ordinal);
        Assert.DoesNotContain("SO3", found, StringComparison.Ordinal);
        Assert.Contains("共 1 条", await clerk.TextAsync(Payments + "?transaction=T2"), StringComparison.Ordinal);
        Assert.Contains("没有符合条件的支付数据", await clerk.TextAsync(Payments + "?until=2026-11-10"), StringComparison.Ordinal);
        Assert.Contains("共 2 条", await clerk.TextAsync(Payments + "?from=2026-11-11&until=2026-11-11"), StringComparison.Ordinal);
        Assert.Contains("日期格式为", await clerk.TextAsync(Payments + "?from=x"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_show_how_an_order_stands_at_the_bridge_in_words()
    {
        await using var world = await ScreenUser.WorldAsync();
        await world.PushedAsync(CustomsWorld.Push("SO1"));
        await world.PaidAsync("SO1");
        world.Customs.Bridge.Set(new BridgeMood { Kind = BridgeMoodKind.Code, Code = "9902" });
        await world.PushedAsync(CustomsWorld.Push("SO2"));
        await world.WaitForPushAsync("SO2", "data_error");
        using var clerk = new ScreenUser(world, ScreenUser.View);

        var page = await clerk.TextAsync(Pushes);
        Assert.Contains("已支付+已报关 <b>1</b>", page, StringComparison.Ordinal);
        Assert.Contains("数据有误 <b>1</b>", page, StringComparison.Ordinal);
        Assert.Contains("HG014 宁波海关（总署版）", page, StringComparison.Ordinal);
        Assert.Contains("报关人姓名不能为空（9902）", page, StringComparison.Ordinal);
        Assert.Contains("张**", page, StringComparison.Ordinal);
        Assert.DoesNotContain("SO1", (await clerk.TextAsync(Pushes + "?state=data_error")).Replace("SO1", "SO1", StringComparison.Ordinal).Split("<tbody>")[1], StringComparison.Ordinal);
        Assert.Contains("状态须从列表选择", await clerk.TextAsync(Pushes + "?state=rejected"), StringComparison.Ordinal);

        var detail = await clerk.TextAsync(Payments + "/detail?no=SO1&merchant=ningbo");
        Assert.Contains("110*************2X", detail, StringComparison.Ordinal);
        Assert.Contains("138****4910", detail, StringComparison.Ordinal);
        Assert.Contains("推单与查询的往来报文", detail, StringComparison.Ordinal);
        Assert.Contains("推单 PushOrder 0000", detail, StringComparison.Ordinal);
        Assert.Contains("资方回调", detail, StringComparison.Ordinal);
        Assert.Contains("CustomsMsg", detail, StringComparison.Ordinal);
        foreach (var personal in new[] { "张三", "11010519491231002X", "13817494910" })
        {
            Assert.DoesNotContain(personal, page + detail, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Should_ask_and_push_again_when_the_clerk_wants_it()
    {
        await using var world = await ScreenUser.WorldAsync();
        world.Customs.Bridge.PollsUntilPaid = 1000;
        world.Customs.Bridge.Set(new BridgeMood { Kind = BridgeMoodKind.Code, Code = "9902" });
        await world.PushedAsync(CustomsWorld.Push("SO1"));
        await world.WaitForPushAsync("SO1", "data_error");
        await world.PushedAsync(CustomsWorld.Push("SO2"));
        await world.WaitForPushAsync("SO2", "pushed");
        using var clerk = new ScreenUser(world, ScreenUser.Act);
        var (first, second) = ($"{await world.SqlAsync("SELECT id FROM bridge_order WHERE order_no = 'SO1'")}", $"{await world.SqlAsync("SELECT id FROM bridge_order WHERE order_no = 'SO2'")}");

        var pushed = await clerk.SendAsync(Pushes, Pushes + "?handler=Push", ("id", first), ("id", second));

        Assert.Contains("重推结果：成功 1　失败 0　跳过 1（资方已接收，只需查询 × 1）", pushed, StringComparison.Ordinal);
        await world.WaitForPushAsync("SO1", "pushed");
        Assert.Contains("查询结果：成功 1　失败 0　跳过 0", await clerk.SendAsync(Pushes, Pushes + "?handler=Ask", ("id", second)), StringComparison.Ordinal);
        world.Customs.Bridge.Pay(CustomsWorld.NingboAtBridge, "SO2");
        await world.WaitForPushAsync("SO2", "done");
        Assert.Contains("未选择任何订单，未作任何更改", await clerk.SendAsync(Pushes, Pushes + "?handler=Ask"), StringComparison.Ordinal);
        Assert.Contains("一次最多 1,000 个订单", await clerk.SendAsync(Pushes, Pushes + "?handler=Push", [.. Enumerable.Range(1, 1001).Select(id => ("id", $"{id}"))]), StringComparison.Ordinal);

        const string Detail = Payments + "/detail";
        var fields = new[] { ("no", "SO2"), ("merchant", "ningbo"), ("id", second) };
        Assert.Contains("不需要查询，未作任何更改", await clerk.SendAsync(Detail + "?no=SO2", Detail + "?handler=Ask", fields), StringComparison.Ordinal);
        Assert.Contains("当前状态不需要重推，未作任何更改", await clerk.SendAsync(Detail + "?no=SO2", Detail + "?handler=Push", fields), StringComparison.Ordinal);
        Assert.Contains("已向资方查询", await clerk.SendAsync(Detail + "?no=SO1", Detail + "?handler=Ask", ("no", "SO1"), ("merchant", "ningbo"), ("id", first)), StringComparison.Ordinal);
        world.Customs.Bridge.Pay(CustomsWorld.NingboAtBridge, "SO1");
        await world.WaitForPushAsync("SO1", "done");
    }

    [Fact]
    public async Task Should_push_or_ask_about_all_that_a_filter_shows()
    {
        await using var world = await ScreenUser.WorldAsync();
        world.Customs.Bridge.PollsUntilPaid = 1000;
        foreach (var number in new[] { "SO1", "SO2" })
        {
            world.Customs.Bridge.Set(new BridgeMood { Kind = BridgeMoodKind.Code, Code = "9902", OrderNo = number });
            await world.PushedAsync(CustomsWorld.Push(number));
            await world.WaitForPushAsync(number, "data_error");
        }

        await world.PushedAsync(CustomsWorld.Push("SO3"));
        await world.WaitForPushAsync("SO3", "pushed");
        using var clerk = new ScreenUser(world, ScreenUser.Act);
        Assert.Contains("重推全部（3）", await clerk.TextAsync(Pushes), StringComparison.Ordinal);

        // With a state in the filter whoever is in it is taken, and what cannot be pushed is skipped with the reason.
        Assert.Contains("重推结果：成功 0　失败 0　跳过 1（资方已接收，只需查询 × 1）", await clerk.SendAsync(Pushes, Pushes + "?handler=PushAll", ("state", "pushed")), StringComparison.Ordinal);
        Assert.Contains("日期格式为", await clerk.SendAsync(Pushes, Pushes + "?handler=PushAll", ("from", "x")), StringComparison.Ordinal);
        Assert.Contains("重推结果：成功 1　失败 0　跳过 0", await clerk.SendAsync(Pushes, Pushes + "?handler=PushAll", ("order", "SO1")), StringComparison.Ordinal);
        await world.WaitForPushAsync("SO1", "pushed");
        Assert.Contains("重推结果：成功 1　失败 0　跳过 0", await clerk.SendAsync(Pushes, Pushes + "?handler=PushAll"), StringComparison.Ordinal);
        await world.WaitForPushAsync("SO2", "pushed");

        Assert.Contains("查询结果：成功 3　失败 0　跳过 0", await clerk.SendAsync(Pushes, Pushes + "?handler=AskAll"), StringComparison.Ordinal);
        foreach (var number in new[] { "SO1", "SO2", "SO3" })
        {
            world.Customs.Bridge.Pay(CustomsWorld.NingboAtBridge, number);
            await world.WaitForPushAsync(number, "done");
        }

        Assert.Contains("跳过 3（已支付并报关 × 3）", await clerk.SendAsync(Pushes, Pushes + "?handler=AskAll", ("state", "done")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_show_and_find_what_contradicts_what_the_bridge_says()
    {
        await using var world = await ScreenUser.WorldAsync();
        world.Customs.Bridge.PollsUntilPaid = 1000;
        await world.PushedAsync(CustomsWorld.Push("SO1"));
        await world.WaitForPushAsync("SO1", "pushed");
        await world.PushedAsync(CustomsWorld.Push("SO2", orderTotal: 100.10m));
        await world.WaitForPushAsync("SO2", "pushed");
        await world.PushedAsync(CustomsWorld.Push("SO3"));
        await world.WaitForPushAsync("SO3", "pushed");
        await world.DeliveredAsync(CustomsWorld.Payment("T1", "SO1"));
        await world.DeliveredAsync(CustomsWorld.Payment("T2", "SO2"));
        using var clerk = new ScreenUser(world, ScreenUser.View);

        // Paid here, not there.
        var paid = await clerk.TextAsync(Pushes + "?flag=paid_here_only");
        Assert.Contains("共 2 条", paid, StringComparison.Ordinal);
        Assert.Contains("<span class=\"tag red\">已有支付数据，资方未报支付</span>", paid, StringComparison.Ordinal);
        Assert.DoesNotContain(">SO3<", paid, StringComparison.Ordinal);

        // Paid on both sides: of another amount (100.10, pushed as 100), and of the same.
        await world.PaidAsync("SO1");
        await world.PaidAsync("SO2");
        Assert.Contains("没有符合条件的推单", await clerk.TextAsync(Pushes + "?flag=paid_here_only"), StringComparison.Ordinal);
        var differs = await clerk.TextAsync(Pushes + "?flag=amount_differs");
        Assert.Contains("共 1 条", differs, StringComparison.Ordinal);
        Assert.Contains(">SO1<", differs, StringComparison.Ordinal);
        Assert.Contains("<span class=\"tag red\">与 ERP 支付金额不一致</span>", differs, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_let_a_stopped_merchant_push_again()
    {
        await using var world = await ScreenUser.WorldAsync();
        world.Customs.Bridge.Set(new BridgeMood { Kind = BridgeMoodKind.Code, Code = "9911" });
        await world.PushedAsync(CustomsWorld.Push("SO1"));
        await world.WaitForPushAsync("SO1", status => status.MerchantStopped);
        using var clerk = new ScreenUser(world, ScreenUser.Act);
        Assert.Contains("商户已欠费", await clerk.TextAsync(Pushes), StringComparison.Ordinal);

        Assert.Contains("商户 ningbo 已恢复推单", await clerk.SendAsync(Pushes, Pushes + "?handler=Reopen", ("merchant", "ningbo")), StringComparison.Ordinal);

        await world.WaitForPushAsync("SO1", "pushed");
        Assert.Contains("未被停止，未作任何更改", await clerk.SendAsync(Pushes, Pushes + "?handler=Reopen", ("merchant", "ningbo")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_upload_a_test_and_lead_to_what_becomes_of_it()
    {
        using var folder = new TestFolders();
        await using var rehearsal = await CustomsServer.StartAsync(new CustomsServerOptions { LogFile = Path.Combine(folder.Root, "rehearsal.jsonl"), AcceptUnasked = true }, CancellationToken.None);
        await using var world = await ScreenUser.WorldAsync(new() { ["Customs:Upload:TestUrl"] = rehearsal.UploadAddress.ToString() });
        CustomsWorld.Register(rehearsal, world.Folder);
        await world.DeliveredAsync(CustomsWorld.Payment("T1", "SO1"));
        using var clerk = new ScreenUser(world, ScreenUser.Act);

        var page = await clerk.SendAsync("/customs/admin", Payments + "/detail?handler=TestUpload", ("no", " SO1 "));

        Assert.Contains("已开始联调上传", page, StringComparison.Ordinal);
        Assert.Contains(">联调</span>", page, StringComparison.Ordinal);
        var request = (await world.Services.FindOrderAsync("SO1", null, CancellationToken.None))!.Requests.Single();
        await world.WaitAsync(request.SessionId, "accepted");
        Assert.Equal((1, 0), (rehearsal.Log.Sessions.Count, world.Customs.Log.Sessions.Count));
        Assert.Contains("没有该订单的支付数据", await clerk.SendAsync("/customs/admin", Payments + "/detail?handler=TestUpload", ("no", "SO9")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_say_where_nothing_is_stored_or_several_merchants_have_the_number()
    {
        await using var world = await ScreenUser.WorldAsync(new() { ["Customs:OrderNumbersOverlap"] = "true" });
        await world.DeliveredAsync(CustomsWorld.Payment("T1", "SO1"));
        var other = CustomsWorld.Payment("T2", "SO1");
        other["merchant"] = "guangzhou";
        await world.DeliveredAsync(other);
        using var clerk = new ScreenUser(world, ScreenUser.View);

        Assert.Contains("多个商户都有该订单号", await clerk.TextAsync(Payments + "/detail?no=SO1"), StringComparison.Ordinal);
        Assert.Contains("T2", await clerk.TextAsync(Payments + "/detail?no=SO1&merchant=guangzhou"), StringComparison.Ordinal);
        using var answer = await clerk.GetAsync(Payments + "/detail?no=SO9");
        Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
        Assert.Contains("没有订单 SO9 的任何数据", await clerk.TextAsync(Payments), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_say_that_the_bridge_is_off()
    {
        await using var world = await ScreenUser.WorldAsync(new() { ["Customs:Bridge:BaseUrl"] = null });
        using var clerk = new ScreenUser(world, ScreenUser.View);
        Assert.Contains("推单功能未启用", await clerk.TextAsync(Pushes), StringComparison.Ordinal);
    }
}
