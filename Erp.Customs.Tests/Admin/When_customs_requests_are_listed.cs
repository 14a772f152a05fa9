using System.Text.RegularExpressions;
using Erp.Customs.Contracts;
using Erp.Customs.Simulator;
using Erp.Customs.Tests.Support;

namespace Erp.Customs.Tests.Admin;

/// <summary>海关请求: the clerk's list, its filter, and what becomes of those that he retries.</summary>
public partial class When_customs_requests_are_listed
{
    private const string List = "/customs/admin/requests";

    [Fact]
    public async Task Should_count_them_in_tabs_and_show_those_of_a_tab()
    {
        await using var world = await ScreenUser.WorldAsync();
        var rejected = await RejectedAsync(world, "SO1");
        await world.DeliveredAsync(CustomsWorld.Payment("T2", "SO2"));
        var accepted = await world.AnswerAsync("SO2");
        using var clerk = new ScreenUser(world, ScreenUser.View);

        var all = await clerk.TextAsync(List);
        Assert.Contains("全部 <b>2</b>", all, StringComparison.Ordinal);
        Assert.Contains("被退回 <b>1</b>", all, StringComparison.Ordinal);
        Assert.Contains("已受理 <b>1</b>", all, StringComparison.Ordinal);
        Assert.Contains("失败合计 <b>1</b>", all, StringComparison.Ordinal);
        Assert.Contains("共 2 条", all, StringComparison.Ordinal);
        var tab = await clerk.TextAsync(List + "?state=rejected");
        Assert.Contains(rejected.SessionId, tab, StringComparison.Ordinal);
        Assert.DoesNotContain(accepted.SessionId, tab, StringComparison.Ordinal);
        Assert.DoesNotContain(accepted.SessionId, await clerk.TextAsync(List + "?state=failed"), StringComparison.Ordinal);
        var english = await clerk.TextAsync(List + "?lang=en");
        Assert.Contains("Rejected <b>1</b>", english, StringComparison.Ordinal);
        Assert.Contains("<html lang=\"en\">", english, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_find_many_pasted_order_numbers_a_session_a_merchant_and_days()
    {
        await using var world = await ScreenUser.WorldAsync();
        foreach (var number in Enumerable.Range(1, 3))
        {
            await world.DeliveredAsync(CustomsWorld.Payment($"T{number}", $"SO{number}x"));
            await world.AnswerAsync($"SO{number}x");
        }

        using var clerk = new ScreenUser(world, ScreenUser.View);
        var pasted = await clerk.TextAsync(List + "?order=" + Uri.EscapeDataString("SO1x\r\nSO3x，SO9x\t"));
        Assert.Contains("共 2 条", pasted, StringComparison.Ordinal);
        Assert.DoesNotContain(">SO2x", pasted, StringComparison.Ordinal);
        var session = (await world.Services.FindOrderAsync("SO2x", null, CancellationToken.None))!.Requests[0].SessionId;
        Assert.Contains("共 1 条", await clerk.TextAsync($"{List}?session={session}"), StringComparison.Ordinal);
        Assert.Contains("共 3 条", await clerk.TextAsync($"{List}?merchant=ningbo"), StringComparison.Ordinal);
        Assert.Contains("没有符合条件的海关请求", await clerk.TextAsync($"{List}?merchant=guangzhou"), StringComparison.Ordinal);
        Assert.Contains("共 0 条", await clerk.TextAsync($"{List}?until=2020-01-01"), StringComparison.Ordinal);
        Assert.Contains("共 3 条", await clerk.TextAsync($"{List}?from=2020-01-01"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_find_by_company_by_customs_code_and_by_the_minute()
    {
        await using var world = await ScreenUser.WorldAsync();
        await RejectedAsync(world, "SO1");
        var tenpay = CustomsWorld.Payment("T2", "SO2");
        tenpay["payCode"] = "4403169D3W";
        await world.DeliveredAsync(tenpay);
        var accepted = await world.AnswerAsync("SO2");
        using var clerk = new ScreenUser(world, ScreenUser.View);

        Assert.Contains("共 1 条", await clerk.TextAsync(List + "?code=20000"), StringComparison.Ordinal);
        Assert.Contains(accepted.SessionId, await clerk.TextAsync(List + "?code=10000"), StringComparison.Ordinal);
        var company = await clerk.TextAsync(List + "?company=4403169D3W");
        Assert.Contains("共 1 条", company, StringComparison.Ordinal);
        Assert.Contains(">财付通<", company, StringComparison.Ordinal);
        var minute = accepted.ReceivedAt.ToOffset(TimeSpan.FromHours(8));
        Assert.Contains("共 0 条", await clerk.TextAsync($"{List}?from={minute.AddMinutes(1):yyyy-MM-ddTHH:mm}"), StringComparison.Ordinal);
        Assert.Contains("共 2 条", await clerk.TextAsync($"{List}?from={minute.AddMinutes(-1):yyyy-MM-ddTHH:mm}&until={minute:yyyy-MM-ddTHH:mm}"), StringComparison.Ordinal);
        Assert.Contains("value=\"2020-01-01T00:00\"", await clerk.TextAsync($"{List}?from=2020-01-01"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_find_more_pasted_orders_than_an_address_can_hold_with_links_that_stay_short()
    {
        await using var world = await ScreenUser.WorldAsync();
        await world.AskAsync("SO-20261127-000000500");
        await world.AskAsync("SO-20261127-000000501");
        using var clerk = new ScreenUser(world, ScreenUser.Act + " customs.export");
        var pasted = string.Join("\r\n", Enumerable.Range(1, 500).Select(number => $"SO-20261127-{number:000000000}"));

        var page = await clerk.SendAsync(List, List + "?handler=Search", ("order", pasted), ("state", ""));

        Assert.Contains("共 1 条", page, StringComparison.Ordinal);
        Assert.Contains("SO-20261127-000000499\n", page, StringComparison.Ordinal);
        Assert.Contains($"href=\"{List}?state=rejected&order=list%3A", page, StringComparison.Ordinal);
        Assert.True(System.Text.Encoding.UTF8.GetByteCount(page) < 50_000, $"{page.Length} characters");
        Assert.Contains("筛选条件有误：粘贴的订单编号只保留一天，请重新粘贴", await clerk.TextAsync(List + "?order=list%3A00"), StringComparison.Ordinal);
        using var many = await clerk.PostAsync(List + "?handler=Search", await clerk.TokenAsync(List), ("order", pasted + "\r\n1"));
        var corrected = await many.Content.ReadAsStringAsync();
        Assert.Contains("订单编号一次最多 500 个", corrected, StringComparison.Ordinal);
        Assert.Contains("SO-20261127-000000500", corrected, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_sort_by_a_press_of_a_heading_and_the_other_way_by_the_next()
    {
        await using var world = await ScreenUser.WorldAsync();
        await RejectedAsync(world, "SO001");
        await world.DeliveredAsync(CustomsWorld.Payment("T2", "SO002"));
        await world.AnswerAsync("SO002");
        await world.WaitAsync((await world.AskAsync("SO003")).SessionId, "waiting_data");
        using var clerk = new ScreenUser(world, ScreenUser.View);

        var page = await clerk.TextAsync(List);
        Assert.Contains("aria-sort=\"descending\"", page, StringComparison.Ordinal);
        Assert.Equal(["SO003", "SO002", "SO001"], Orders(page));
        var oldest = await clerk.TextAsync(Heading(page, "接收时间"));
        Assert.Contains("aria-sort=\"ascending\"", oldest, StringComparison.Ordinal);
        Assert.Equal(["SO001", "SO002", "SO003"], Orders(oldest));
        var longest = await clerk.TextAsync(Heading(page, "用时（毫秒）"));
        Assert.Equal("SO003", Orders(longest)[0]);
        Assert.Equal("SO003", Orders(await clerk.TextAsync(Heading(longest, "用时（毫秒）")))[^1]);
        var states = await clerk.TextAsync(Heading(page, "状态"));
        Assert.Equal(["SO001", "SO002", "SO003"], Orders(states));
        Assert.Equal(["SO003", "SO002", "SO001"], Orders(await clerk.TextAsync(Heading(states, "状态"))));
    }

    [Fact]
    public async Task Should_remember_which_columns_are_shown()
    {
        await using var world = await ScreenUser.WorldAsync();
        await world.AskAsync("SO001");
        using var reader = new ScreenUser(world, ScreenUser.View);
        Assert.Contains("title=\"点击排序\">用时（毫秒）", await reader.TextAsync(List), StringComparison.Ordinal);

        var chosen = await reader.SendAsync(List, List + "?handler=Columns", ("column", "received"), ("column", "deadline"), ("column", "nonsense"));

        foreach (var page in new[] { chosen, await reader.TextAsync(List) })
        {
            Assert.DoesNotContain("title=\"点击排序\">用时（毫秒）", page, StringComparison.Ordinal);
            Assert.Matches("<th[^>]*>\\s*应答期限", page);
            Assert.Contains("<td>SO001", page, StringComparison.Ordinal);
        }

        Assert.Contains("title=\"点击排序\">用时（毫秒）", await reader.SendAsync(List, List + "?handler=Columns"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_show_as_many_rows_as_are_asked_for()
    {
        await using var world = await ScreenUser.WorldAsync();
        foreach (var number in Enumerable.Range(1, 101))
        {
            await world.AskAsync($"SO{number:000}");
        }

        using var clerk = new ScreenUser(world, ScreenUser.Act + " customs.export");
        var twenty = await clerk.TextAsync(List + "?rows=20");
        Assert.Equal(20, Orders(twenty).Count);
        Assert.Equal(20, Orders(await clerk.TextAsync(Link(twenty, "next")!)).Count);
        var hundred = await clerk.RawAsync(List + "?rows=100");
        Assert.Equal(100, Orders(hundred).Count);
        Assert.True(System.Text.Encoding.UTF8.GetByteCount(hundred) < 100_000, $"{System.Text.Encoding.UTF8.GetByteCount(hundred)} bytes");
    }

    [Fact]
    public async Task Should_ignore_failed_ones_with_a_reason_and_take_it_back()
    {
        await using var world = await ScreenUser.WorldAsync();
        var rejected = await RejectedAsync(world, "SO1");
        await world.DeliveredAsync(CustomsWorld.Payment("T2", "SO2"));
        var accepted = await world.AnswerAsync("SO2");
        using var clerk = new ScreenUser(world, ScreenUser.Act);
        var ids = new[] { ("id", await IdAsync(world, rejected)), ("id", await IdAsync(world, accepted)), ("id", "4711") };

        Assert.Contains("请填写忽略的原因，未作任何更改", await clerk.SendAsync(List, List + "?handler=Ignore", [.. ids, ("reason", " ")]), StringComparison.Ordinal);
        Assert.Contains("忽略的原因最多 200 字", await clerk.SendAsync(List, List + "?handler=Ignore", [.. ids, ("reason", new string('长', 201))]), StringComparison.Ordinal);
        Assert.Contains("未选择任何请求", await clerk.SendAsync(List, List + "?handler=Ignore", ("reason", "why")), StringComparison.Ordinal);
        var page = await clerk.SendAsync(List, List + "?handler=Ignore", [.. ids, ("reason", "订单已取消")]);

        Assert.Contains("忽略结果：成功 1　失败 0　跳过 2（未失败或仍会自动处理，不能忽略 × 1；没有这条海关请求，可能已超过留存期 × 1）", page, StringComparison.Ordinal);
        Assert.Contains("全部 <b>2</b>", page, StringComparison.Ordinal);
        Assert.Contains("失败合计 <b>0</b>", page, StringComparison.Ordinal);
        Assert.Contains("被退回 <b>0</b>", page, StringComparison.Ordinal);
        Assert.Contains("已忽略 <b>1</b>", page, StringComparison.Ordinal);
        Assert.Contains(">已忽略</span>", page, StringComparison.Ordinal);
        Assert.DoesNotContain(rejected.SessionId, await clerk.TextAsync(List + "?state=rejected"), StringComparison.Ordinal);
        Assert.Contains(rejected.SessionId, await clerk.TextAsync(List + "?state=ignored"), StringComparison.Ordinal);
        Assert.Equal("rejected", (await world.Services.FindRequestAsync(rejected.SessionId, CancellationToken.None))!.State);

        var back = await clerk.SendAsync(List + "?state=ignored", List + "?handler=Heed", ids[0], ids[1]);
        Assert.Contains("恢复结果：成功 1　失败 0　跳过 1（未被忽略 × 1）", back, StringComparison.Ordinal);
        Assert.Contains("失败合计 <b>1</b>", back, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_retry_once_what_two_clerks_retry()
    {
        await using var world = await ScreenUser.WorldAsync();
        var rejected = await RejectedAsync(world, "SO1");
        var id = await IdAsync(world, rejected);
        using var first = new ScreenUser(world, ScreenUser.Act);
        using var second = new ScreenUser(world, ScreenUser.Act, "李四");
        var seen = $"{DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()}";
        await Task.Delay(2);
        // Refused once more, so that by its state it could be retried again.
        world.Customs.Faults.Set(Fault.Reply("20000", "上传失败"));
        Assert.Contains("成功 1", await first.SendAsync(List, List + "?handler=Retry", ("id", id), ("seen", seen)), StringComparison.Ordinal);
        await world.WaitAsync(rejected.SessionId, request => request is { State: "rejected", Attempts: 2 });

        Assert.Contains(
            "成功 0　失败 0　跳过 1（他人已在您打开页面之后重试过，未重复重试 × 1）", await second.SendAsync(List, List + "?handler=Retry", ("id", id), ("seen", seen)), StringComparison.Ordinal);

        Assert.Equal(2, (await world.Services.FindRequestAsync(rejected.SessionId, CancellationToken.None))!.Attempts);
        Assert.Contains("成功 1", await second.SendAsync(List, List + "?handler=Retry", ("id", id), ("seen", $"{DateTimeOffset.UtcNow.AddMinutes(1).ToUnixTimeMilliseconds()}")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("state=nonsense", "状态须从列表选择")]
    [InlineData("from=yesterday", "时间格式为 yyyy-MM-dd 或 yyyy-MM-ddTHH:mm")]
    [InlineData("from=2026-11-12T08:01&until=2026-11-12T08:00", "起始时间晚于结束时间")]
    [InlineData("sort=nonsense", "请点击列标题排序")]
    [InlineData("rows=1000", "每页条数有误")]
    [InlineData("order=MANY", "订单编号一次最多 500 个")]
    public async Task Should_say_in_one_sentence_what_is_wrong_with_a_filter(string query, string sentence)
    {
        await using var world = await ScreenUser.WorldAsync();
        using var clerk = new ScreenUser(world, ScreenUser.Act);
        var filled = query.Replace("MANY", string.Join(',', Enumerable.Range(0, 501)), StringComparison.Ordinal);
        var page = await clerk.TextAsync($"{List}?{filled}");
        Assert.Contains("有误", page, StringComparison.Ordinal);
        Assert.Contains(sentence, page, StringComparison.Ordinal);
        Assert.Contains("请更正筛选条件后再查询", page, StringComparison.Ordinal);
        var fields = filled.Split('&').Select(field => field.Split('=')).Select(field => (field[0], field[1])).ToArray();
        Assert.Contains("有误", await clerk.SendAsync(List, List + "?handler=RetryAll", fields), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_lead_through_pages_in_both_directions()
    {
        await using var world = await ScreenUser.WorldAsync();
        foreach (var number in Enumerable.Range(1, 120))
        {
            await world.AskAsync($"SO{number:000}");
        }

        using var clerk = new ScreenUser(world, ScreenUser.View);
        var seen = new List<string>();
        var page = await clerk.TextAsync(List);
        Assert.DoesNotContain("rel=\"prev\"", page, StringComparison.Ordinal);
        seen.AddRange(Orders(page));
        while (Link(page, "next") is { } next)
        {
            page = await clerk.TextAsync(next);
            seen.AddRange(Orders(page));
        }

        Assert.Equal(Enumerable.Range(1, 120).Select(number => $"SO{number:000}").Reverse(), seen);
        var second = await clerk.TextAsync(Link(page, "prev")!);
        Assert.Equal(seen[50..100], Orders(second));
        var first = await clerk.TextAsync(Link(second, "prev")!);
        Assert.Equal(seen[..50], Orders(first));
        Assert.Null(Link(first, "prev"));
        Assert.NotNull(Link(first, "next"));
    }

    [Fact]
    public async Task Should_retry_a_selection_and_say_what_became_of_each()
    {
        await using var world = await ScreenUser.WorldAsync();
        var first = await RejectedAsync(world, "SO1");
        var second = await RejectedAsync(world, "SO2");
        await world.DeliveredAsync(CustomsWorld.Payment("T3", "SO3"));
        var accepted = await world.AnswerAsync("SO3");
        using var clerk = new ScreenUser(world, ScreenUser.Act);

        var page = await clerk.SendAsync(
            List, List + "?handler=Retry", ("state", "rejected"), ("id", await IdAsync(world, first)), ("id", await IdAsync(world, second)), ("id", await IdAsync(world, accepted)), ("id", "4711"));

        Assert.Contains("重试结果：成功 2　失败 0　跳过 2（", page, StringComparison.Ordinal);
        Assert.Contains("海关已受理，不能再次上报 × 1", page, StringComparison.Ordinal);
        Assert.Contains("没有这条海关请求，可能已超过留存期 × 1", page, StringComparison.Ordinal);
        await world.WaitAsync(first.SessionId, "accepted");
        await world.WaitAsync(second.SessionId, "accepted");
        Assert.Equal("王五", await world.SqlAsync("SELECT MAX(actor) FROM request_event"));
        Assert.DoesNotContain("重试结果", await clerk.TextAsync(List), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_retry_everything_that_a_filter_shows()
    {
        await using var world = await ScreenUser.WorldAsync();
        var first = await RejectedAsync(world, "SO1");
        var second = await RejectedAsync(world, "SO2");
        using var clerk = new ScreenUser(world, ScreenUser.Act);
        Assert.Contains("重试全部（1）", await clerk.TextAsync(List + "?order=SO1"), StringComparison.Ordinal);

        Assert.Contains("成功 1　失败 0　跳过 0", await clerk.SendAsync(List, List + "?handler=RetryAll", ("order", "SO1"), ("state", "failed")), StringComparison.Ordinal);

        await world.WaitAsync(first.SessionId, "accepted");
        Assert.Equal("rejected", (await world.Services.FindRequestAsync(second.SessionId, CancellationToken.None))!.State);
    }

    [Fact]
    public async Task Should_change_nothing_where_nothing_was_chosen()
    {
        await using var world = await ScreenUser.WorldAsync();
        using var clerk = new ScreenUser(world, ScreenUser.Act);
        Assert.Contains("未选择任何请求，未作任何更改", await clerk.SendAsync(List, List + "?handler=Retry"), StringComparison.Ordinal);
        var many = Enumerable.Range(1, 1001).Select(id => ("id", $"{id}")).ToArray();
        Assert.Contains("一次最多重试 1000 条，未作任何更改", await clerk.SendAsync(List, List + "?handler=Retry", many), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_show_nothing_to_press_to_whom_may_only_look()
    {
        await using var world = await ScreenUser.WorldAsync();
        var rejected = await RejectedAsync(world, "SO1");
        using var reader = new ScreenUser(world, ScreenUser.View);
        var page = await reader.TextAsync(List);
        Assert.DoesNotContain("重试所选", page, StringComparison.Ordinal);
        Assert.DoesNotContain("data-choose", page, StringComparison.Ordinal);
        Assert.DoesNotContain("导出全部", page, StringComparison.Ordinal);
        var detail = await reader.TextAsync($"{List}/{await IdAsync(world, rejected)}");
        Assert.DoesNotContain("重试", detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_hide_a_person_in_what_customs_wrote()
    {
        await using var world = await ScreenUser.WorldAsync();
        await RejectedAsync(world, "SO1", "收款账号 13817494910 有误");
        using var clerk = new ScreenUser(world, ScreenUser.View);
        foreach (var page in new[] { await clerk.TextAsync(List), await clerk.TextAsync("/customs/admin"), await clerk.TextAsync(List + "/1"), await clerk.TextAsync("/customs/admin/orders/detail?no=SO1") })
        {
            Assert.Contains("收款账号 *********** 有误", page, StringComparison.Ordinal);
            Assert.DoesNotContain("13817494910", page, StringComparison.Ordinal);
        }
    }

    internal static async Task<RequestStatus> RejectedAsync(CustomsWorld world, string orderNo, string message = "上传失败")
    {
        await world.DeliveredAsync(CustomsWorld.Payment("T-" + orderNo, orderNo));
        world.Customs.Faults.Set(Fault.Reply("20000", message));
        return await world.AnswerAsync(orderNo, "rejected");
    }

    internal static async Task<string> IdAsync(CustomsWorld world, RequestStatus request) =>
        $"{await world.SqlAsync($"SELECT id FROM customs_request WHERE session_id = '{request.SessionId}'")}";

    private static List<string> Orders(string page) => [.. OrderCell().Matches(page).Select(match => match.Groups["order"].Value)];

    private static string Heading(string page, string title) => HeadingLink().Matches(page).First(match => match.Groups["title"].Value == title).Groups["address"].Value;

    private static string? Link(string page, string rel) =>
        PagerLink().Matches(page).FirstOrDefault(match => match.Groups["rel"].Value == rel)?.Groups["address"].Value;

    [GeneratedRegex("<td>(?<order>SO[0-9]{3}) ", RegexOptions.None, 1000)]
    private static partial Regex OrderCell();

    [GeneratedRegex("href=\"(?<address>[^\"]+)\" class=\"sort\" title=\"点击排序\">(?<title>[^<]+)<", RegexOptions.None, 1000)]
    private static partial Regex HeadingLink();

    [GeneratedRegex("href=\"(?<address>[^\"]+)\" rel=\"(?<rel>[a-z]+)\"", RegexOptions.None, 1000)]
    private static partial Regex PagerLink();
}
