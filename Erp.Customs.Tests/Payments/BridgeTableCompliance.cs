using System.Security.Cryptography;
using System.Text;
using Erp.Customs.Module;
using Erp.Customs.Module.Payments;
using Erp.Customs.Module.Storage;
using Erp.Customs.Tests.Storage;
using Erp.Customs.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Erp.Customs.Tests.Payments;

/// <summary>The table of orders at the bridge, for every engine: claims, fences, stops, callbacks, the term.</summary>
public abstract class BridgeTableCompliance<TEngine> : StoreTest<TEngine> where TEngine : TestEngine, new()
{
    private BridgeTable Pushes => new(Database, Time);

    [EngineFact]
    public async Task A_claimed_order_is_nobody_elses_until_its_lease_ends()
    {
        var id = await InsertAsync("order-1");
        Assert.Equal([id], await Pushes.DueAsync(10, default));
        var first = await Pushes.ClaimAsync(id, Lease);
        Assert.NotNull(first);
        Assert.Empty(await Pushes.DueAsync(10, default));
        Assert.Null(await Pushes.ClaimAsync(id, Lease));
    }

    [EngineFact]
    public async Task A_stale_worker_saves_its_exchange_and_nothing_else()
    {
        var id = await InsertAsync("order-1");
        var stale = (await Pushes.ClaimAsync(id, Lease))!;
        var exchange = await Pushes.BeginAsync(id, stale.Fence, BridgeExchangeKind.Push, Bytes("push"));
        await Pushes.DecideAsync(async (connection, transaction) =>
        {
            await Pushes.ReplaceAsync(connection, transaction, id, New("order-1", "U"));
            return true;
        });

        Assert.Null(await Pushes.BeginAsync(id, stale.Fence, BridgeExchangeKind.Push, Bytes("push")));
        Assert.False(await Pushes.EndAsync(id, stale.Fence, Ended(exchange!.Value, "0000"), new BridgeChange(BridgeState.Pushed, "0000", "", [], Time.GetUtcNow()) { TakenCode = "0000" }));
        Assert.False(await Pushes.ChangeAsync(id, stale.Fence, new BridgeChange(BridgeState.Done, "", "", [], null)));

        var order = (await Pushes.FindAsync(id, default))!;
        Assert.Equal((BridgeState.Pending, "U", null), (order.State, order.Operation, order.TakenCode));
        var kept = Assert.Single(await Pushes.ExchangesAsync(id, default));
        Assert.Equal(("0000", Arrival.Answered, "reply"), (kept.Code, kept.Arrival, Encoding.UTF8.GetString(kept.Reply)));
    }

    [EngineFact]
    public async Task A_callback_while_a_worker_holds_the_order_is_answered_by_another_question()
    {
        var id = await InsertAsync("order-1");
        var held = (await Pushes.ClaimAsync(id, Lease))!;
        var exchange = await Pushes.BeginAsync(id, held.Fence, BridgeExchangeKind.Push, Bytes("push"));
        Assert.Equal(1, await Pushes.CallBackAsync("order-1", Bytes("called"), Bytes("ok")));
        await Pushes.EndAsync(id, held.Fence, Ended(exchange!.Value, "0000"), new BridgeChange(BridgeState.Pushed, "0000", "", ["rehearsal"], Time.GetUtcNow().AddHours(1)) { TakenCode = "0000" });

        var again = (await Pushes.ClaimAsync(id, Lease))!;
        Assert.True(again.Asked);
        Assert.Equal(["rehearsal"], again.Flags);
        await Pushes.ChangeAsync(id, again.Fence, new BridgeChange(BridgeState.Pushed, "0000", "", [], Time.GetUtcNow().AddHours(1)));
        Assert.Null(await Pushes.ClaimAsync(id, Lease));
        Assert.False((await Pushes.FindAsync(id, default))!.Asked);
    }

    [EngineFact]
    public async Task A_callback_before_the_first_push_and_after_the_end_changes_nothing()
    {
        var id = await InsertAsync("order-1");
        await Pushes.CallBackAsync("order-1", Bytes("called"), Bytes("ok"));
        Assert.False((await Pushes.FindAsync(id, default))!.Asked);
        var held = (await Pushes.ClaimAsync(id, Lease))!;
        await Pushes.BeginAsync(id, held.Fence, BridgeExchangeKind.Push, Bytes("push"));
        await Pushes.ChangeAsync(id, held.Fence, new BridgeChange(BridgeState.Done, "", "", [], null));

        Assert.Equal(1, await Pushes.CallBackAsync("order-1", Bytes("called"), Bytes("ok")));
        Assert.False(await Pushes.AskAsync(id));
        Assert.Empty(await Pushes.DueAsync(10, default));
        Assert.Equal(0, await Pushes.CallBackAsync("order-2", Bytes("called"), Bytes("ok")));
    }

    [EngineFact]
    public async Task A_stop_holds_the_merchants_pushes_until_it_is_reopened_and_can_come_again()
    {
        var first = await InsertAsync("order-1");
        var second = await InsertAsync("order-2");
        var other = await InsertAsync("order-3", "guangzhou");
        for (var round = 0; round < 2; round++)
        {
            var held = (await Pushes.ClaimAsync(first, Lease))!;
            await Pushes.ChangeAsync(first, held.Fence, new BridgeChange(BridgeState.WaitingRetry, "9911", "why", [], Time.GetUtcNow()) { StopsMerchant = true });
            Assert.Equal([other], await Pushes.DueAsync(10, default));
            Assert.Equal(("ningbo", "9911"), (await Pushes.StopsAsync(default)).Select(stop => (stop.Merchant, stop.Code)).Single());

            Assert.True(await Pushes.ReopenAsync("ningbo", "li"));
            Assert.False(await Pushes.ReopenAsync("ningbo", "li"));
            Assert.Empty(await Pushes.StopsAsync(default));
            Assert.Equal(new HashSet<long> { first, second, other }, (await Pushes.DueAsync(10, default)).ToHashSet());
        }
    }

    [EngineFact]
    public async Task A_person_has_a_push_that_stands_still_done_again()
    {
        var id = await InsertAsync("order-1");
        Assert.False(await Pushes.PushAgainAsync(id));
        var held = (await Pushes.ClaimAsync(id, Lease))!;
        await Pushes.ChangeAsync(id, held.Fence, new BridgeChange(BridgeState.NeedsPerson, "9908", "why", [], null));

        Assert.True(await Pushes.PushAgainAsync(id));

        Assert.Equal(BridgeState.WaitingRetry, (await Pushes.ClaimAsync(id, Lease))!.State);
        Assert.Equal(1, (await Pushes.CountByStateAsync(new(), default))[BridgeState.WaitingRetry]);
        Assert.Equal([id], (await Pushes.SearchAsync(new(), new(10), default)).Select(order => order.Id));
    }

    [EngineFact]
    public async Task Orders_past_their_term_go_with_their_exchanges_after_their_payments()
    {
        var id = await DoneAsync("order-1");
        await DoneAsync("order-2");
        await Archive.AppendAsync(Delivery("pay-1", orders: "order-1"));
        await new HoldTable(Database).PlaceAsync(new NewHold("li", "法务部", "诉讼") { OrderNo = "order-1" }, Time.GetUtcNow());
        await Retention().RunAsync(dryRun: false, default);
        Assert.Equal(2, (await Pushes.CountByStateAsync(new(), default)).Values.Sum());

        Time.Advance(TimeSpan.FromDays((3 * 366) + 1));
        Assert.Equal(1, (await Retention().RunAsync(dryRun: true, default)).Pushes);
        Assert.Equal(2, (await Pushes.CountByStateAsync(new(), default)).Values.Sum());
        Assert.Equal(1, (await Retention().RunAsync(dryRun: false, default)).Pushes);

        Assert.Equal(["order-1"], (await Pushes.SearchAsync(new(), new(10), default)).Select(order => order.OrderNo));
        Assert.Single(await Pushes.ExchangesAsync(id, default));
        Assert.Equal(1L, await ScalarAsync<long>("SELECT COUNT(*) FROM bridge_exchange"));
    }

    private async Task<long> DoneAsync(string orderNo)
    {
        var id = await InsertAsync(orderNo);
        var held = (await Pushes.ClaimAsync(id, Lease))!;
        await Pushes.BeginAsync(id, held.Fence, BridgeExchangeKind.Push, Bytes("push"));
        await Pushes.ChangeAsync(id, held.Fence, new BridgeChange(BridgeState.Done, "", "", [], null));
        return id;
    }

    private Task<long> InsertAsync(string orderNo, string merchant = "ningbo") =>
        Pushes.DecideAsync((connection, transaction) => Pushes.InsertAsync(connection, transaction, New(orderNo, merchant: merchant)));

    private NewPush New(string orderNo, string operation = "A", string merchant = "ningbo") =>
        new(merchant, orderNo, operation, Bytes("{}"), SHA256.HashData(Bytes("{}")), "110101199003070011", Time.GetUtcNow(), []);

    private BridgeExchange Ended(long id, string code) => new(id, BridgeExchangeKind.Push, Time.GetUtcNow(), Time.GetUtcNow(), Arrival.Answered, 200, Bytes("push"), Bytes("reply"), code, "");

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}

public sealed class SqliteBridgeTableTests : BridgeTableCompliance<SqliteEngine>;

public sealed class PostgresBridgeTableTests : BridgeTableCompliance<PostgresEngine>;

public sealed class SqlServerBridgeTableTests : BridgeTableCompliance<SqlServerEngine>;
