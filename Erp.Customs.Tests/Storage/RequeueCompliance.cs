using Erp.Customs.Module.Storage;
using Erp.Customs.Tests.Support;

namespace Erp.Customs.Tests.Storage;

/// <summary>A person has a request start over, for every engine.</summary>
public abstract class RequeueCompliance<TEngine> : StoreTest<TEngine> where TEngine : TestEngine, new()
{
    [EngineFact]
    public async Task A_request_without_a_message_starts_over_from_the_beginning()
    {
        var failed = await LeftAsync(RequestState.NeedsPerson, FailureClass.Template);
        Time.Advance(TimeSpan.FromDays(3));

        Assert.Equal(RequeueOutcome.MakesNew, await Requests.RequeueAsync(failed.Id, "王五", "template corrected"));

        var request = (await Requests.FindAsync(failed.Id, default))!;
        Assert.Equal((RequestState.Received, FailureClass.None, "template corrected"), (request.State, request.Failure, request.Reason));
        Assert.Equal((Time.GetUtcNow(), Time.GetUtcNow(), null), (request.NextAttemptAt, request.RequeuedAt, request.FinishedAt));
        Assert.Equal([failed.Id], await Requests.DueAsync(10, default));
        Assert.NotNull(await Requests.ClaimAsync(failed.Id, Lease));
    }

    [EngineTheory]
    [InlineData("rejected", "signed")]
    [InlineData("needs_person", "signed")]
    [InlineData("signed", "signed")]
    [InlineData("unknown", "unknown")]
    [InlineData("sending", "unknown")]
    public async Task A_request_with_a_message_keeps_it_and_stays_unknown_where_nobody_knows(string before, string after)
    {
        var left = await LeftAsync(RequestStates.Parse(before), signed: true);
        var saved = (await Requests.EnvelopeAsync(left.Id, default))!;

        Assert.Equal(RequeueOutcome.SendsAgain, await Requests.RequeueAsync(left.Id, "王五", "again"));

        Assert.Equal(after, RequestStates.Word((await Requests.FindAsync(left.Id, default))!.State));
        Assert.Equal(saved.Payload, (await Requests.EnvelopeAsync(left.Id, default))!.Payload);
    }

    [EngineFact]
    public async Task What_customs_have_is_not_touched()
    {
        var accepted = await LeftAsync(RequestState.Accepted, signed: true);
        var used = await LeftAsync(RequestState.SessionUsed, signed: true, sessionId: "session-2", payment: "pay-2");

        Assert.Equal(RequeueOutcome.Accepted, await Requests.RequeueAsync(accepted.Id, "王五", "again"));
        Assert.Equal(RequeueOutcome.SessionUsed, await Requests.RequeueAsync(used.Id, "王五", "again"));
        Assert.Equal(RequeueOutcome.Missing, await Requests.RequeueAsync(4711, "王五", "again"));

        Assert.Equal(accepted, await Requests.FindAsync(accepted.Id, default));
        Assert.Equal(used, await Requests.FindAsync(used.Id, default));
        Assert.Empty(await Requests.DueAsync(10, default));
    }

    [EngineFact]
    public async Task What_a_worker_holds_is_left_to_him()
    {
        var held = await ClaimedAsync();

        Assert.Equal(RequeueOutcome.UnderWay, await Requests.RequeueAsync(held.Id, "王五", "again"));

        Assert.True(await Requests.ChangeAsync(held.Id, held.Fence, To(RequestState.WaitingSigner, Time.GetUtcNow())));
    }

    [EngineFact]
    public async Task A_worker_whose_lease_has_ended_can_save_nothing_any_more()
    {
        var stale = await ClaimedAsync();
        Time.Advance(Lease + TimeSpan.FromSeconds(1));

        Assert.Equal(RequeueOutcome.MakesNew, await Requests.RequeueAsync(stale.Id, "王五", "again"));

        Assert.False(await Requests.ChangeAsync(stale.Id, stale.Fence, To(RequestState.Rejected)));
        Assert.Equal(RequestState.Received, (await Requests.FindAsync(stale.Id, default))!.State);
    }

    [EngineFact]
    public async Task Who_wished_it_is_written_down_and_nobody_else_is()
    {
        var failed = await LeftAsync(RequestState.Rejected);

        await Requests.RequeueAsync(failed.Id, "王五", "asked by customs");

        var events = await Requests.EventsAsync(failed.Id, default);
        Assert.Equal(["", "", "王五"], events.Select(change => change.Actor));
        Assert.Equal((RequestState.Received, "asked by customs", Time.GetUtcNow()), (events[^1].State, events[^1].Reason, events[^1].At));
    }

    [EngineFact]
    public async Task Of_many_wishes_at_once_each_is_written_down_and_the_request_runs_once()
    {
        var failed = await LeftAsync(RequestState.NeedsPerson);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => Requests.RequeueAsync(failed.Id, "王五", "again"))));
        var claims = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => Requests.ClaimAsync(failed.Id, Lease))));

        Assert.Equal(outcomes.Count(outcome => outcome is RequeueOutcome.MakesNew), (await Requests.EventsAsync(failed.Id, default)).Count(change => change.Actor == "王五"));
        Assert.Contains(RequeueOutcome.MakesNew, outcomes);
        Assert.Single(claims, claim => claim is not null);
    }

    /// <summary>A request that a worker has left in a state.</summary>
    private async Task<CustomsRequest> LeftAsync(
        RequestState state, FailureClass failure = FailureClass.None, bool signed = false, string sessionId = "session-1", string orderNo = "order-1", string payment = "pay-1")
    {
        var paymentId = signed ? (await Archive.AppendAsync(Delivery(payment, orders: [sessionId]))).PaymentId : 0;
        var request = await ClaimedAsync(sessionId, orderNo);
        if (signed)
        {
            Assert.True(await Requests.SaveEnvelopeAsync(request.Fence, EnvelopeOf(request, paymentId), To(RequestState.Signed, release: false)));
        }

        Assert.True(await Requests.ChangeAsync(request.Id, request.Fence, To(state, failure: failure)));
        return (await Requests.FindAsync(request.Id, default))!;
    }
}

public sealed class SqliteRequeueTests : RequeueCompliance<SqliteEngine>;

public sealed class PostgresRequeueTests : RequeueCompliance<PostgresEngine>;

public sealed class SqlServerRequeueTests : RequeueCompliance<SqlServerEngine>;
