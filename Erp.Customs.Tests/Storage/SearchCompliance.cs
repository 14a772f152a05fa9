using System.Text;
using Erp.Customs.Contracts;
using Erp.Customs.Module;
using Erp.Customs.Module.Archive;
using Erp.Customs.Module.Storage;
using Erp.Customs.Tests.Support;

namespace Erp.Customs.Tests.Storage;

/// <summary>What the screens look for, for every engine: requests, orders at the bridge, payments; many numbers at once, page by page.</summary>
public abstract class SearchCompliance<TEngine> : StoreTest<TEngine> where TEngine : TestEngine, new()
{
    private BridgeTable Pushes => new(Database, Time);

    [EngineFact]
    public async Task Requests_are_found_by_state_orders_session_merchant_and_time()
    {
        var first = await LeftAsync(RequestState.Rejected, "s1", "o1", "ningbo");
        Time.Advance(TimeSpan.FromDays(1));
        var second = await LeftAsync(RequestState.NeedsPerson, "s2", "o2", "guangzhou");
        var third = await LeftAsync(RequestState.Accepted, "s3", "o1", "ningbo");

        Assert.Equal([third.Id, second.Id, first.Id], await RequestsAsync(new()));
        Assert.Equal([second.Id, first.Id], await RequestsAsync(new() { States = [RequestState.Rejected, RequestState.NeedsPerson] }));
        Assert.Equal([third.Id, first.Id], await RequestsAsync(new() { OrderNos = ["o1"] }));
        Assert.Equal([third.Id, second.Id, first.Id], await RequestsAsync(new() { OrderNos = ["o1", "o2", "o3"] }));
        Assert.Equal([second.Id], await RequestsAsync(new() { SessionId = "s2" }));
        Assert.Equal([second.Id], await RequestsAsync(new() { Merchant = "guangzhou" }));
        Assert.Equal([third.Id, second.Id], await RequestsAsync(new() { From = second.ReceivedAt }));
        Assert.Equal([first.Id], await RequestsAsync(new() { Until = second.ReceivedAt }));
        Assert.Empty(await RequestsAsync(new() { OrderNos = ["o1"], States = [RequestState.NeedsPerson] }));
        Assert.Equal(2, await Requests.CountAsync(new() { OrderNos = ["o1"] }, default));
        Assert.Equal([first.Id, second.Id], await Requests.IdsAsync(new() { States = [RequestState.Rejected, RequestState.NeedsPerson] }, 10, default));
        Assert.Equal([first.Id], await Requests.IdsAsync(new() { OrderNos = ["o1"] }, 1, default));
        Assert.Equal(0, await Requests.CountAsync(new() { States = [RequestState.SessionUsed] }, default));
        var counts = await Requests.CountByStateAsync(new() { OrderNos = ["o1"], States = [RequestState.NeedsPerson] }, default);
        Assert.Equal((1L, 1L, 0L), (counts[RequestState.Rejected], counts[RequestState.Accepted], counts[RequestState.NeedsPerson]));
        Assert.Equal(Enum.GetValues<RequestState>().ToHashSet(), counts.Keys.ToHashSet());
    }

    [EngineFact]
    public async Task Five_hundred_order_numbers_are_looked_for_at_once()
    {
        var request = await LeftAsync(RequestState.Accepted, "s1", "order-499", "ningbo");
        Assert.Equal([request.Id], await RequestsAsync(new() { OrderNos = [.. Enumerable.Range(0, 500).Select(number => $"order-{number}")] }));
    }

    [EngineFact]
    public async Task Pages_lead_forward_and_back_without_leaving_a_row_out()
    {
        var ids = new List<long>();
        foreach (var number in Enumerable.Range(1, 7))
        {
            ids.Add((await Requests.InsertAsync(Request($"s{number}", $"o{number}"))).Id);
        }

        ids.Reverse();
        var first = await PageAsync(null);
        var second = await PageAsync(first[^1]);
        var third = await PageAsync(second[^1]);
        Assert.Equal(ids, [.. first, .. second, .. third]);
        Assert.Equal(second, await PageAsync(third[0], backwards: true));
        Assert.Equal(first, await PageAsync(second[0], backwards: true));
        Assert.Empty(await PageAsync(first[0], backwards: true));
    }

    [EngineFact]
    public async Task Requests_are_found_by_customs_code_and_by_the_company_that_was_paid()
    {
        var payment = (await Archive.AppendAsync(Delivery("p1"))).PaymentId;
        var signed = await ClaimedAsync("s1", "o1", "ningbo");
        await Requests.SaveEnvelopeAsync(signed.Fence, EnvelopeOf(signed, payment) with { PayCode = "31222699S7" }, To(RequestState.Signed, release: false));
        await Requests.BeginAttemptAsync(signed.Id, signed.Fence, To(RequestState.Sending, release: false));
        await Requests.EndAttemptAsync(signed.Fence, new UploadAttempt(signed.Id, 1, Time.GetUtcNow(), Time.GetUtcNow(), 200, [], "20004", "no", ""), To(RequestState.Rejected, failure: FailureClass.CustomsRejected));
        await LeftAsync(RequestState.NeedsPerson, "s2", "o2", "ningbo");

        Assert.Equal([signed.Id], await RequestsAsync(new() { CustomsCode = "20004" }));
        Assert.Equal([signed.Id], await RequestsAsync(new() { PayCode = "31222699S7", States = [RequestState.Rejected] }));
        Assert.Empty(await RequestsAsync(new() { PayCode = "31222699S7", CustomsCode = "10000" }));
        Assert.Equal("31222699S7", (await Requests.FindAsync(signed.Id, default))!.PayCode);
        Assert.Equal([signed.Id], await RequestsAsync(new() { Ids = [signed.Id, 4711] }));
    }

    [EngineFact]
    public async Task A_list_is_sorted_by_state_and_by_how_long_it_took_and_read_page_by_page_in_both_directions()
    {
        var received = await Task.WhenAll(Enumerable.Range(1, 2).Select(async number => (await Requests.InsertAsync(Request($"w{number}", $"w{number}"))).Id));
        var ids = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var (name, state, seconds) in new[] { ("slow", RequestState.Accepted, 9), ("quick", RequestState.Accepted, 1), ("rejected", RequestState.Rejected, 5), ("same", RequestState.Accepted, 1) })
        {
            var request = await ClaimedAsync(name, name, "ningbo");
            Time.Advance(TimeSpan.FromSeconds(seconds));
            await Requests.ChangeAsync(request.Id, request.Fence, To(state));
            ids[name] = request.Id;
        }

        long[] longest = [.. received.Order(), ids["slow"], ids["rejected"], ids["same"], ids["quick"]];
        long[] last = [ids["rejected"], ids["same"], ids["quick"], ids["slow"], .. received.OrderDescending()];
        Assert.Equal(longest, await AllAsync(RequestSort.Elapsed, ascending: false));
        Assert.Equal(longest.Reverse(), await AllAsync(RequestSort.Elapsed, ascending: true));
        Assert.Equal(last, await AllAsync(RequestSort.State, ascending: false));
        Assert.Equal([.. received.OrderDescending(), ids["same"], ids["quick"], ids["slow"], ids["rejected"]], await AllAsync(RequestSort.State, ascending: true));
        Assert.Equal(longest.Order(), await AllAsync(RequestSort.Received, ascending: true));
    }

    [EngineFact]
    public async Task Rows_of_a_filter_are_counted_up_to_a_limit()
    {
        foreach (var number in Enumerable.Range(1, 3))
        {
            await LeftAsync(number == 1 ? RequestState.Rejected : RequestState.Accepted, $"s{number}", $"o{number}", "ningbo");
        }

        var all = await Requests.CountByStateAsync(new() { Merchant = "ningbo" }, 10, default);
        Assert.Equal((1L, 2L, 0L), (all[RequestState.Rejected], all[RequestState.Accepted], all[RequestState.Sending]));
        Assert.Equal(2, (await Requests.CountByStateAsync(new() { Merchant = "ningbo" }, 2, default)).Values.Sum());
        Assert.Equal(1, await Requests.CountAsync(new() { Merchant = "ningbo", States = [RequestState.Accepted] }, 1, default));
        Assert.Equal(0, await Requests.CountAsync(new() { Merchant = "guangzhou" }, 1, default));
    }

    [EngineFact]
    public async Task What_is_ignored_is_found_apart_and_keeps_its_state()
    {
        var rejected = await LeftAsync(RequestState.Rejected, "s1", "o1", "ningbo");
        var other = await LeftAsync(RequestState.Rejected, "s2", "o2", "ningbo");

        Assert.True(await Requests.IgnoreAsync(rejected.Id, "订单已取消", "王五"));
        Assert.False(await Requests.IgnoreAsync(rejected.Id, "again", "李四"));

        var ignored = (await Requests.FindAsync(rejected.Id, default))!;
        Assert.Equal((RequestState.Rejected, new IgnoredMark(Time.GetUtcNow(), "王五", "订单已取消")), (ignored.State, ignored.Ignored));
        Assert.Equal([rejected.Id], await RequestsAsync(new() { Ignored = true }));
        Assert.Equal([other.Id], await RequestsAsync(new() { Ignored = false }));
        Assert.Equal([other.Id, rejected.Id], await RequestsAsync(new()));
        Assert.Equal(1, (await Requests.CountByStateAsync(new() { Ignored = false }, default))[RequestState.Rejected]);
        Assert.Equal(1, (await Requests.CountByStateAsync(new() { Ignored = true }, default))[RequestState.Rejected]);
        var told = (await Requests.EventsAsync(rejected.Id, default))[^1];
        Assert.Equal((RequestState.Rejected, "王五", Words.Of("已忽略：订单已取消", "Ignored: 订单已取消")), (told.State, told.Actor, told.Reason));

        Assert.True(await Requests.HeedAsync(rejected.Id, "李四"));
        Assert.False(await Requests.HeedAsync(rejected.Id, "李四"));
        Assert.Null((await Requests.FindAsync(rejected.Id, default))!.Ignored);
        Assert.Equal("李四", (await Requests.EventsAsync(rejected.Id, default))[^1].Actor);
    }

    [EngineFact]
    public async Task Nothing_is_ignored_that_may_still_be_sent()
    {
        var asked = (await Requests.InsertAsync(Request("s1", "o1"))).Id;
        var claimed = await ClaimedAsync("s2", "o2");
        var accepted = await LeftAsync(RequestState.Accepted, "s3", "o3", "ningbo");
        var due = await ClaimedAsync("s4", "o4");
        await Requests.ChangeAsync(due.Id, due.Fence, To(RequestState.NeedsPerson, next: Time.GetUtcNow()));

        foreach (var id in new[] { asked, claimed.Id, accepted.Id, due.Id, 4711 })
        {
            Assert.False(await Requests.IgnoreAsync(id, "why", "王五"));
        }

        Assert.Empty(await RequestsAsync(new() { Ignored = true }));
    }

    [EngineFact]
    public async Task Whatever_makes_it_due_again_ends_that_it_is_ignored()
    {
        var retried = await LeftAsync(RequestState.Rejected, "s1", "o1", "ningbo");
        var waiting = await ClaimedAsync("s2", "o2", "ningbo");
        await Requests.ChangeAsync(waiting.Id, waiting.Fence, To(RequestState.NeedsPerson, failure: FailureClass.Data));
        Assert.True(await Requests.IgnoreAsync(retried.Id, "why", "王五"));
        Assert.True(await Requests.IgnoreAsync(waiting.Id, "why", "王五"));

        Assert.True(await Requests.StartOverAsync((await Requests.FindAsync(retried.Id, default))!, new StateChange(RequestState.Received, FailureClass.None, "again", Time.GetUtcNow(), ReleaseLease: true), "李四"));
        await Archive.AppendAsync(Delivery("p1", orders: ["o2"]));

        Assert.Empty(await RequestsAsync(new() { Ignored = true }));
        Assert.Equal((null, Time.GetUtcNow()), ((await Requests.FindAsync(waiting.Id, default))!.Ignored, (await Requests.FindAsync(waiting.Id, default))!.NextAttemptAt));
    }

    [EngineFact]
    public async Task Orders_at_the_bridge_are_found_by_state_number_merchant_flag_and_time()
    {
        var first = await PushAsync("o1", "ningbo", "rehearsal");
        Time.Advance(TimeSpan.FromDays(1));
        var second = await PushAsync("o2", "ningbo", "card_not_checked", "rehearsal");
        var third = await PushAsync("o3", "guangzhou");

        Assert.Equal([third, second, first], await FoundAsync(new BridgeSearch()));
        Assert.Equal([third, second, first], await FoundAsync(new BridgeSearch { States = [BridgeState.Pending] }));
        Assert.Empty(await FoundAsync(new BridgeSearch { States = [BridgeState.Done, BridgeState.Pushed] }));
        Assert.Equal([second, first], await FoundAsync(new BridgeSearch { OrderNos = ["o1", "o2"] }));
        Assert.Equal([third], await FoundAsync(new BridgeSearch { Merchant = "guangzhou" }));
        Assert.Equal([second, first], await FoundAsync(new BridgeSearch { Flag = "rehearsal" }));
        Assert.Equal([second], await FoundAsync(new BridgeSearch { Flag = "card_not_checked" }));
        Assert.Empty(await FoundAsync(new BridgeSearch { Flag = "card_not" }));
        Assert.Equal([first], await FoundAsync(new BridgeSearch { Until = Time.GetUtcNow() }));
        Assert.Equal([third, second], await FoundAsync(new BridgeSearch { From = Time.GetUtcNow() }));
        Assert.Equal(2, (await Pushes.CountByStateAsync(new BridgeSearch { Merchant = "ningbo", States = [BridgeState.Done] }, default))[BridgeState.Pending]);
    }

    [EngineFact]
    public async Task Orders_that_are_paid_here_and_not_at_the_bridge_are_found()
    {
        var paid = await PushAsync("order-1", "ningbo");
        var done = await PushAsync("order-2", "ningbo");
        var unpaid = await PushAsync("order-3", "ningbo");
        var formerly = await PushAsync("order-4", "ningbo");
        await Archive.AppendAsync(Delivery("p1", orders: ["order-1", "order-2"]));
        await Archive.AppendAsync(Delivery("p2", orders: ["order-4"]));
        await Archive.CorrectAsync(new PaymentCorrection("ningbo", "p2", Facts(orders: ["order-5"]), "li"));
        var held = (await Pushes.ClaimAsync(done, Lease))!;
        await Pushes.ChangeAsync(done, held.Fence, new BridgeChange(BridgeState.Done, "", "", [], null) { Archived = "erp" });

        Assert.Equal([paid], await FoundAsync(new BridgeSearch { PaidHereOnly = true }));
        Assert.Equal([paid], await Pushes.PaidHereAloneAsync([paid, done, unpaid, formerly], default));
        Assert.Empty(await Pushes.PaidHereAloneAsync([], default));
        Assert.Equal(1, (await Pushes.CountByStateAsync(new BridgeSearch { PaidHereOnly = true }, default)).Values.Sum());
        Assert.Equal([paid, unpaid], await Pushes.IdsAsync(new BridgeSearch { States = [BridgeState.Pending] }, 2, default));
        Assert.Equal([done], await Pushes.IdsAsync(new BridgeSearch { States = [BridgeState.Done] }, 10, default));
    }

    [EngineFact]
    public async Task Orders_that_are_not_in_the_archive_are_told_with_their_reason()
    {
        await PushAsync("old", "ningbo");
        Time.Advance(TimeSpan.FromDays(4));
        var waiting = await PushAsync("waiting", "ningbo");
        var stored = await PushAsync("stored", "ningbo");
        var held = (await Pushes.ClaimAsync(stored, Lease))!;
        await Pushes.ChangeAsync(stored, held.Fence, new BridgeChange(BridgeState.Done, "", "", [], null) { Archived = "bridge" });
        held = (await Pushes.ClaimAsync(waiting, Lease))!;
        await Pushes.ChangeAsync(waiting, held.Fence, new BridgeChange(BridgeState.DataError, "9902", "why", [], null));

        var left = Assert.Single(await Pushes.UnarchivedAsync(Time.GetUtcNow().AddDays(-3), default));
        Assert.Equal(("ningbo", "waiting", BridgeState.DataError, "why", Time.GetUtcNow()), (left.Merchant, left.OrderNo, left.State, left.Reason, left.PaidAt));
    }

    [EngineFact]
    public async Task Payments_are_found_by_order_number_merchant_and_time_in_the_version_that_counts()
    {
        var day = Time.GetUtcNow();
        await Archive.AppendAsync(Delivery("p1", orders: ["o1", "o2"]));
        await Archive.AppendAsync(Delivery("p2", facts: Facts(traded: day.AddDays(-2), orders: ["o3"])));
        await ReopenAsync(orderNumbersOverlap: true);
        await Archive.AppendAsync(Delivery("p3", merchant: "guangzhou", orders: ["o1"]));
        await Archive.CorrectAsync(new PaymentCorrection("ningbo", "p1", Facts(orders: ["o1", "o4"]), "li"));

        Assert.Equal(["p3", "p1", "p2"], await FoundAsync(new PaymentSearch()));
        Assert.Equal(["p3", "p1"], await FoundAsync(new PaymentSearch { OrderNos = ["o1"] }));
        Assert.Empty(await FoundAsync(new PaymentSearch { OrderNos = ["o2"] }));
        Assert.Equal(["p1", "p2"], await FoundAsync(new PaymentSearch { OrderNos = ["o3", "o4"] }));
        Assert.Equal(["p2"], await FoundAsync(new PaymentSearch { PayTransactionId = "p2" }));
        Assert.Equal(["p3"], await FoundAsync(new PaymentSearch { Merchant = "guangzhou" }));
        Assert.Equal(["p2"], await FoundAsync(new PaymentSearch { Until = day.AddDays(-1) }));
        Assert.Equal(["p3", "p1"], await FoundAsync(new PaymentSearch { From = day.AddDays(-1) }));
        Assert.Equal(2, await Archive.CountAsync(new PaymentSearch { Merchant = "ningbo" }, default));
        var listed = (await Archive.SearchAsync(new PaymentSearch { PayTransactionId = "p1" }, new PaymentPage(10), default)).Single();
        Assert.Equal((2, "o1,o4"), (listed.Version, string.Join(',', listed.Facts!.Orders.Select(order => order.OrderNo))));

        var recent = await Archive.RecentOrdersAsync(day.AddDays(-1), default);
        Assert.Equal(new HashSet<string> { "guangzhou o1 1", "ningbo o1 2", "ningbo o4 2" }, recent.Select(order => $"{order.Merchant} {order.OrderNo} {order.Version}").ToHashSet(StringComparer.Ordinal));
        var read = (await Archive.FindAsync(listed.Id, 1, default))!;
        Assert.Equal(("o2", "<xml>原始请求</xml>"), (read.Facts.Orders[1].OrderNo, Encoding.UTF8.GetString(read.InitialRequest.Bytes)));
        Assert.Null(await Archive.FindAsync(listed.Id, 3, default));
    }

    [EngineFact]
    public async Task Payments_are_paged_forth_and_back_by_their_time_and_id_and_counted_up_to_a_limit()
    {
        var day = Time.GetUtcNow();
        // p2 and p3 were traded at once; what was delivered last was traded first.
        foreach (var (number, hours) in new[] { ("p5", 4), ("p3", 2), ("p2", 2), ("p4", 3), ("p1", 1), ("p6", 5) })
        {
            await Archive.AppendAsync(Delivery(number, merchant: number == "p4" ? "guangzhou" : "ningbo", facts: Facts(traded: day.AddHours(-hours), orders: ["o" + number])));
        }

        var first = await PageAsync(null);
        var second = await PageAsync(first[^1].Place);
        Assert.Equal(["p1", "p2", "p3"], first.Select(payment => payment.PayTransactionId));
        Assert.Equal(["p4", "p5", "p6"], second.Select(payment => payment.PayTransactionId));
        Assert.Empty(await PageAsync(second[^1].Place));
        Assert.Equal(["p1", "p2", "p3"], (await PageAsync(second[0].Place, isBackwards: true)).Select(payment => payment.PayTransactionId));
        Assert.Equal(["p3", "p4", "p5"], (await PageAsync(first[1].Place)).Select(payment => payment.PayTransactionId));
        Assert.Equal(first[1].Place, PaymentPlace.Read(first[1].Place.ToString()));
        Assert.Equal(["p4"], await FoundAsync(new PaymentSearch { PayTransactionId = "p4" }));
        Assert.Empty(await FoundAsync(new PaymentSearch { PayTransactionId = "p7" }));
        Assert.Equal((6L, 5L, 4L, 1L, 0L), (
            await Archive.CountAsync(new PaymentSearch(), default),
            await Archive.CountAsync(new PaymentSearch { Merchant = "ningbo" }, 10, default),
            await Archive.CountAsync(new PaymentSearch { Merchant = "ningbo" }, 4, default),
            await Archive.CountAsync(new PaymentSearch { PayTransactionId = "p4" }, 10, default),
            await Archive.CountAsync(new PaymentSearch { Merchant = "ningbo", PayTransactionId = "p4" }, 10, default)));

        Task<IReadOnlyList<PaymentSummary>> PageAsync(PaymentPlace? from, bool isBackwards = false) =>
            Archive.SearchAsync(new PaymentSearch(), new PaymentPage(3) { From = from, Backwards = isBackwards }, default);
    }

    private async Task<IEnumerable<long>> RequestsAsync(RequestSearch search) => (await Requests.SearchAsync(search, new RequestPage(10), default)).Select(request => request.Id);

    private async Task<IEnumerable<long>> FoundAsync(BridgeSearch search) => (await Pushes.SearchAsync(search, new ListPage(10), default)).Select(order => order.Id);

    private async Task<IEnumerable<string>> FoundAsync(PaymentSearch search) => (await Archive.SearchAsync(search, new PaymentPage(10), default)).Select(payment => payment.PayTransactionId);

    private async Task<List<long>> PageAsync(long? from, bool backwards = false)
    {
        var place = from is { } id ? RequestPlace.Of((await Requests.FindAsync(id, default))!, RequestSort.Received) : null;
        return [.. (await Requests.SearchAsync(new(), new RequestPage(3) { From = place, Backwards = backwards }, default)).Select(request => request.Id)];
    }

    /// <summary>Reads a sorted list forward in pages of two, and holds the way back against it.</summary>
    private async Task<List<long>> AllAsync(RequestSort sort, bool ascending)
    {
        var pages = new List<IReadOnlyList<CustomsRequest>>();
        for (RequestPlace? from = null; ; from = RequestPlace.Read(RequestPlace.Of(pages[^1][^1], sort).ToString()))
        {
            var page = await Requests.SearchAsync(new(), new RequestPage(2, sort, ascending) { From = from }, default);
            if (page.Count == 0)
            {
                break;
            }

            pages.Add(page);
        }

        for (var at = 1; at < pages.Count; at++)
        {
            var before = await Requests.SearchAsync(new(), new RequestPage(2, sort, ascending) { From = RequestPlace.Of(pages[at][0], sort), Backwards = true }, default);
            Assert.Equal(pages[at - 1].Select(request => request.Id), before.Select(request => request.Id));
        }

        return [.. pages.SelectMany(page => page).Select(request => request.Id)];
    }

    private Task<long> PushAsync(string orderNo, string merchant, params string[] flags) => Pushes.DecideAsync((connection, transaction) =>
        Pushes.InsertAsync(connection, transaction, new NewPush(merchant, orderNo, "A", Encoding.UTF8.GetBytes("{}"), new byte[32], "110101199003070011", Time.GetUtcNow(), flags)));

    private async Task<CustomsRequest> LeftAsync(RequestState state, string sessionId, string orderNo, string merchant)
    {
        var request = await ClaimedAsync(sessionId, orderNo, merchant);
        await Requests.ChangeAsync(request.Id, request.Fence, To(state));
        return (await Requests.FindAsync(request.Id, default))!;
    }
}

public sealed class SqliteSearchTests : SearchCompliance<SqliteEngine>;

public sealed class PostgresSearchTests : SearchCompliance<PostgresEngine>;

public sealed class SqlServerSearchTests : SearchCompliance<SqlServerEngine>;
