using System.Text;
using Erp.Customs.Contracts;
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
        var first = await PageAsync(new ListPage(3));
        var second = await PageAsync(new ListPage(3, Before: first[^1]));
        var third = await PageAsync(new ListPage(3, Before: second[^1]));
        Assert.Equal(ids, [.. first, .. second, .. third]);
        Assert.Equal(second, await PageAsync(new ListPage(3, After: third[0])));
        Assert.Equal(first, await PageAsync(new ListPage(3, After: second[0])));
        Assert.Empty(await PageAsync(new ListPage(3, After: first[0])));
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

        Assert.Equal(["p3", "p2", "p1"], await FoundAsync(new PaymentSearch()));
        Assert.Equal(["p3", "p1"], await FoundAsync(new PaymentSearch { OrderNos = ["o1"] }));
        Assert.Empty(await FoundAsync(new PaymentSearch { OrderNos = ["o2"] }));
        Assert.Equal(["p2", "p1"], await FoundAsync(new PaymentSearch { OrderNos = ["o3", "o4"] }));
        Assert.Equal(["p2"], await FoundAsync(new PaymentSearch { PayTransactionId = "p2" }));
        Assert.Equal(["p3"], await FoundAsync(new PaymentSearch { Merchant = "guangzhou" }));
        Assert.Equal(["p2"], await FoundAsync(new PaymentSearch { Until = day.AddDays(-1) }));
        Assert.Equal(["p3", "p1"], await FoundAsync(new PaymentSearch { From = day.AddDays(-1) }));
        Assert.Equal(2, await Archive.CountAsync(new PaymentSearch { Merchant = "ningbo" }, default));
        var listed = (await Archive.SearchAsync(new PaymentSearch { PayTransactionId = "p1" }, new ListPage(10), default)).Single();
        Assert.Equal((2, "o1,o4"), (listed.Version, string.Join(',', listed.Facts!.Orders.Select(order => order.OrderNo))));

        var recent = await Archive.RecentOrdersAsync(day.AddDays(-1), default);
        Assert.Equal(new HashSet<string> { "guangzhou o1 1", "ningbo o1 2", "ningbo o4 2" }, recent.Select(order => $"{order.Merchant} {order.OrderNo} {order.Version}").ToHashSet(StringComparer.Ordinal));
        var read = (await Archive.FindAsync(listed.Id, 1, default))!;
        Assert.Equal(("o2", "<xml>原始请求</xml>"), (read.Facts.Orders[1].OrderNo, Encoding.UTF8.GetString(read.InitialRequest.Bytes)));
        Assert.Null(await Archive.FindAsync(listed.Id, 3, default));
    }

    private async Task<IEnumerable<long>> RequestsAsync(RequestSearch search) => (await Requests.SearchAsync(search, new ListPage(10), default)).Select(request => request.Id);

    private async Task<IEnumerable<long>> FoundAsync(BridgeSearch search) => (await Pushes.SearchAsync(search, new ListPage(10), default)).Select(order => order.Id);

    private async Task<IEnumerable<string>> FoundAsync(PaymentSearch search) => (await Archive.SearchAsync(search, new ListPage(10), default)).Select(payment => payment.PayTransactionId);

    private async Task<List<long>> PageAsync(ListPage page) => [.. (await Requests.SearchAsync(new(), page, default)).Select(request => request.Id)];

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
