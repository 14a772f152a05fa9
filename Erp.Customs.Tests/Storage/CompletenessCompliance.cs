using System.Security.Cryptography;
using Erp.Customs.Contracts;
using Erp.Customs.Contracts.Capture;
using Erp.Customs.Module;
using Erp.Customs.Module.Archive.Capture;
using Erp.Customs.Module.Storage;
using Erp.Customs.Tests.Support;

namespace Erp.Customs.Tests.Storage;

/// <summary>The tables of the reconciliation, for every engine.</summary>
public abstract class CompletenessCompliance<TEngine> : StoreTest<TEngine> where TEngine : TestEngine, new()
{
    private CompletenessTable Table => new(Database);

    [EngineFact]
    public async Task What_is_found_is_told_once_and_settled_when_it_is_there()
    {
        await Archive.AppendAsync(Delivery());
        await Requests.InsertAsync(Request("late", "order-9"));
        Time.Advance(TimeSpan.FromHours(2));
        var (paid, unpaid) = (Order("order-1"), Order("order-2"));
        Assert.Equal([unpaid], await Table.WithoutPaymentAsync([paid, unpaid], default));
        Assert.Equal([("request 1", "order-9")], (await Table.RequestsAsync(Time.GetUtcNow(), default)).Select(one => (one.Reference, one.OrderNo)));
        Assert.Empty(await Table.ExchangesAsync(Time.GetUtcNow(), default));
        var told = new List<int>();

        Assert.Null(await Table.CoveredAsync(default));
        var first = await SaveAsync(orders: 2, [unpaid, .. await Table.RequestsAsync(Time.GetUtcNow(), default)]);
        Assert.Equal(Time.GetUtcNow(), await Table.CoveredAsync(default));
        await SaveAsync(orders: null, [unpaid]);

        Assert.Equal([2], told);
        Assert.Equal([unpaid.Reference], (await Table.StandingAsync(kind: null, 10, default)).Select(finding => finding.What.Reference));
        Assert.Empty(await Table.StandingAsync(CompletenessKind.RequestWithoutOutcome, 10, default));
        Assert.Single(await Table.StandingAsync(CompletenessKind.OrderWithoutPayment, 10, default));
        var runs = await Table.RunsAsync(10, default);
        Assert.Equal([(null, 0L, 1L), (2L, 2L, 2L)], runs.Select(run => (run.Orders, run.Fresh, run.Standing)));
        Assert.Equal(first, runs[1].Id);

        await Table.EraseAsync(Time.GetUtcNow().AddMilliseconds(1));
        Assert.Empty(await Table.RunsAsync(10, default));
        Assert.Empty(await Table.StandingAsync(kind: null, 10, default));

        async Task<long> SaveAsync(long? orders, IReadOnlyCollection<Incomplete> all)
        {
            var id = await Table.BeginAsync(Time.GetUtcNow(), Time.GetUtcNow().AddDays(-7), Time.GetUtcNow());
            await Table.SaveAsync(id, all, orders, "", Time.GetUtcNow(), fresh => (_, _) =>
            {
                told.Add(fresh.Values.Sum());
                return Task.CompletedTask;
            });
            return id;
        }
    }

    [EngineFact]
    public async Task An_upload_that_never_ended_has_no_counterpart_until_another_one_has()
    {
        var request = await ClaimedAsync();
        await Requests.SaveEnvelopeAsync(request.Fence, EnvelopeOf(request, (await Archive.AppendAsync(Delivery())).PaymentId), To(RequestState.Signed, Time.GetUtcNow(), release: false));
        await Requests.BeginAttemptAsync(request.Id, request.Fence, To(RequestState.Sending, Time.GetUtcNow(), release: false));
        Time.Advance(TimeSpan.FromHours(2));
        Assert.Equal(["upload 1"], (await Table.ExchangesAsync(Time.GetUtcNow().AddHours(-1), default)).Select(one => one.Reference));
        Assert.Empty(await Table.ExchangesAsync(Time.GetUtcNow().AddHours(-3), default));

        request = (await Requests.ClaimAsync(request.Id, Lease))!;
        var number = await Requests.BeginAttemptAsync(request.Id, request.Fence, To(RequestState.Sending, Time.GetUtcNow(), release: false));
        await Requests.EndAttemptAsync(
            request.Fence, new UploadAttempt(request.Id, number!.Value, Time.GetUtcNow(), Time.GetUtcNow(), 200, "{}"u8.ToArray(), "10000", "", ""), To(RequestState.Accepted));
        Assert.Empty(await Table.ExchangesAsync(Time.GetUtcNow().AddHours(-1), default));
    }

    [EngineFact]
    public async Task A_call_of_the_bridge_that_never_ended_has_no_counterpart_until_another_one_has()
    {
        var pushes = new BridgeTable(Database, Time);
        var id = await pushes.DecideAsync((connection, transaction) => pushes.InsertAsync(
            connection, transaction, new NewPush("ningbo", "order-1", "A", "{}"u8.ToArray(), SHA256.HashData("{}"u8), "110101199003070011", Time.GetUtcNow(), [])));
        var fence = (await pushes.ClaimAsync(id, Lease))!.Fence;
        await pushes.BeginAsync(id, fence, BridgeExchangeKind.Push, "push"u8.ToArray());
        Time.Advance(TimeSpan.FromHours(2));
        var begun = Assert.Single(await Table.ExchangesAsync(Time.GetUtcNow().AddHours(-1), default));
        Assert.Equal(("bridge 1", "ningbo", "order-1", Time.GetUtcNow().AddHours(-2)), (begun.Reference, begun.Merchant, begun.OrderNo, begun.Since));
        Assert.Empty(await Table.ExchangesAsync(Time.GetUtcNow().AddHours(-3), default));

        // A question that was answered is no counterpart of a push.
        fence = (await pushes.ClaimAsync(id, Lease))!.Fence;
        await EndAsync(BridgeExchangeKind.Get);
        Assert.Single(await Table.ExchangesAsync(Time.GetUtcNow().AddHours(-1), default));
        await EndAsync(BridgeExchangeKind.Push);
        Assert.Empty(await Table.ExchangesAsync(Time.GetUtcNow().AddHours(-1), default));

        async Task EndAsync(BridgeExchangeKind kind)
        {
            var call = (await pushes.BeginAsync(id, fence, kind, "call"u8.ToArray()))!.Value;
            Assert.True(await pushes.EndAsync(
                id, fence, new BridgeExchange(call, kind, Time.GetUtcNow(), Time.GetUtcNow(), Arrival.Answered, 200, "call"u8.ToArray(), "reply"u8.ToArray(), "0000", ""),
                new BridgeChange(BridgeState.Pushed, "0000", "", [], Time.GetUtcNow())));
            fence = (await pushes.ClaimAsync(id, Lease))!.Fence;
        }
    }

    [EngineFact]
    public async Task A_captured_half_is_listed_by_the_message_and_a_payments_own_is_not()
    {
        var captures = new CaptureArchive(new CaptureTable(Database), Time);
        foreach (var (trade, kind) in new[]
        {
            ("asked", CapturedKind.Request), ("answered", CapturedKind.Response), ("notified", CapturedKind.Notify), ("both", CapturedKind.Request), ("both", CapturedKind.Notify),
            ("acknowledged", CapturedKind.NotifyAnswer), ("paid", CapturedKind.Request),
        })
        {
            await captures.ReceiveAsync([new CapturedMessage(Guid.NewGuid(), "ningbo", trade, kind, new RawMessage("x"u8.ToArray(), "utf-8"), Time.GetUtcNow(), "test")]);
        }

        var payment = (await Archive.AppendAsync(Delivery())).PaymentId;
        await Database.WriteAsync(async (connection, transaction) =>
        {
            await CaptureTable.AssignAsync(connection, transaction, "ningbo", "paid", payment);
            return true;
        });
        Assert.Empty(await Table.ExchangesAsync(Time.GetUtcNow(), default));
        var halves = await Table.ExchangesAsync(Time.GetUtcNow().AddMilliseconds(1), default);
        Assert.Equal(["captured 1 asked", "captured 2 answered", "captured 3 notified"], halves.Select(half => $"{half.Reference} {half.OrderNo}").Order(StringComparer.Ordinal));
    }

    private Incomplete Order(string number) => new(CompletenessKind.OrderWithoutPayment, $"ningbo {number}", "ningbo", number, Time.GetUtcNow().AddDays(-1));
}

public sealed class SqliteCompletenessTests : CompletenessCompliance<SqliteEngine>;

public sealed class PostgresCompletenessTests : CompletenessCompliance<PostgresEngine>;

public sealed class SqlServerCompletenessTests : CompletenessCompliance<SqlServerEngine>;
