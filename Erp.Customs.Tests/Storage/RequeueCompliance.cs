using Erp.Customs.Module;
using Erp.Customs.Module.Storage;
using Erp.Customs.Tests.Support;

namespace Erp.Customs.Tests.Storage;

/// <summary>A person has a request start over, for every engine.</summary>
public abstract class RequeueCompliance<TEngine> : StoreTest<TEngine> where TEngine : TestEngine, new()
{
    [EngineFact]
    public async Task A_request_that_starts_over_is_due_at_once_in_a_new_round()
    {
        var failed = await LeftAsync(RequestState.NeedsPerson, FailureClass.Template);
        Time.Advance(TimeSpan.FromDays(3));

        Assert.True(await Requests.StartOverAsync(failed, Over("template corrected"), "王五"));

        var request = (await Requests.FindAsync(failed.Id, default))!;
        Assert.Equal((RequestState.Received, FailureClass.None, "template corrected"), (request.State, request.Failure, request.Reason));
        Assert.Equal((Time.GetUtcNow(), Time.GetUtcNow(), null), (request.NextAttemptAt, request.RequeuedAt, request.FinishedAt));
        Assert.Equal([failed.Id], await Requests.DueAsync(10, default));
        Assert.NotNull(await Requests.ClaimAsync(failed.Id, Lease));
    }

    [EngineFact]
    public async Task A_message_that_is_there_stays_as_it_is()
    {
        var left = await LeftAsync(RequestState.Rejected, signed: true);
        var saved = (await Requests.EnvelopeAsync(left.Id, default))!;

        Assert.True(await Requests.StartOverAsync(left, Over("again", RequestState.Signed), "王五"));

        Assert.Equal(saved.Payload, (await Requests.EnvelopeAsync(left.Id, default))!.Payload);
    }

    [EngineFact]
    public async Task A_message_that_is_replaced_is_kept_with_its_number_and_another_can_be_saved()
    {
        var left = await LeftAsync(RequestState.Rejected, signed: true);
        var first = (await Requests.EnvelopeAsync(left.Id, default))!;
        foreach (var text in (string[])["second", "third"])
        {
            Assert.True(await Requests.StartOverAsync((await Requests.FindAsync(left.Id, default))!, Over("again"), "王五", replacesEnvelope: true));
            Assert.Null(await Requests.EnvelopeAsync(left.Id, default));
            Assert.Null((await Requests.FindAsync(left.Id, default))!.SignedAt);
            var claimed = (await Requests.ClaimAsync(left.Id, Lease))!;
            Assert.True(await Requests.SaveEnvelopeAsync(claimed.Fence, EnvelopeOf(claimed, first.PaymentId, text), To(RequestState.Signed)));
        }

        Assert.Equal("third"u8.ToArray(), (await Requests.EnvelopeAsync(left.Id, default))!.Payload);
        var replaced = await Requests.ReplacedEnvelopesAsync(left.Id, default);
        Assert.Equal([1, 2], replaced.Select(one => one.Number));
        Assert.Equal(first.Payload, replaced[0].Envelope.Payload);
        Assert.Equal((first.SignValue, first.CreatedAt, Time.GetUtcNow()), (replaced[0].Envelope.SignValue, replaced[0].Envelope.CreatedAt, replaced[0].ReplacedAt));
        Assert.All(replaced, one => Assert.True(one.Envelope.IsWhole));
        var sums = await Archive.RecomputeSumsAsync(null, default);
        Assert.Empty(sums.Differences);
        await Engine.TamperAsync($"UPDATE replaced_envelope SET payload = {Engine.OtherBytes} WHERE number = 2");
        Assert.Equal(["replaced_envelope 2 payload", "replaced_envelope 2 sign_text"], (await Archive.RecomputeSumsAsync(null, default)).Differences);
    }

    [EngineFact]
    public async Task What_a_worker_holds_is_left_to_him()
    {
        var held = await ClaimedAsync();

        Assert.False(await Requests.StartOverAsync(held, Over("again"), "王五"));

        Assert.True(await Requests.ChangeAsync(held.Id, held.Fence, To(RequestState.WaitingSigner, Time.GetUtcNow())));
    }

    [EngineFact]
    public async Task A_worker_whose_lease_has_ended_can_save_nothing_any_more()
    {
        var stale = await ClaimedAsync();
        Time.Advance(Lease + TimeSpan.FromSeconds(1));

        Assert.True(await Requests.StartOverAsync(stale, Over("again"), "王五"));

        Assert.False(await Requests.ChangeAsync(stale.Id, stale.Fence, To(RequestState.Rejected)));
        Assert.Equal(RequestState.Received, (await Requests.FindAsync(stale.Id, default))!.State);
    }

    [EngineFact]
    public async Task What_is_not_as_it_was_read_any_more_is_not_touched()
    {
        var paymentId = (await Archive.AppendAsync(Delivery())).PaymentId;
        var read = await ClaimedAsync();
        Time.Advance(Lease + TimeSpan.FromSeconds(1));
        // His lease has ended and he does not know it: he signs and begins to send under the fence that he still has.
        Assert.True(await Requests.SaveEnvelopeAsync(read.Fence, EnvelopeOf(read, paymentId), To(RequestState.Signed, Time.GetUtcNow(), release: false)));
        var signed = (await Requests.FindAsync(read.Id, default))!;
        Assert.False(await Requests.StartOverAsync(read, Over("again"), "王五"));

        var number = await Requests.BeginAttemptAsync(read.Id, read.Fence, To(RequestState.Sending, Time.GetUtcNow(), release: false));
        Assert.True(await Requests.EndAttemptAsync(
            read.Fence, new UploadAttempt(read.Id, number!.Value, Time.GetUtcNow(), Time.GetUtcNow(), 502, [1], null, null, "HTTP 502"), To(RequestState.Signed, Time.GetUtcNow(), release: false)));
        Assert.False(await Requests.StartOverAsync(signed, Over("again"), "王五"));

        Assert.DoesNotContain(await Requests.EventsAsync(read.Id, default), change => change.Actor.Length > 0);
    }

    [EngineFact]
    public async Task Who_wished_it_is_written_down_and_nobody_else_is()
    {
        var failed = await LeftAsync(RequestState.Rejected);

        await Requests.StartOverAsync(failed, Over("asked by customs"), "王五");

        var events = await Requests.EventsAsync(failed.Id, default);
        Assert.Equal(["", "", "王五"], events.Select(change => change.Actor));
        Assert.Equal((RequestState.Received, "asked by customs", Time.GetUtcNow()), (events[^1].State, events[^1].Reason, events[^1].At));
    }

    [EngineFact]
    public async Task Of_many_wishes_at_once_one_is_granted()
    {
        var failed = await LeftAsync(RequestState.NeedsPerson);

        var granted = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => Requests.StartOverAsync(failed, Over("again"), "王五"))));
        var claims = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => Requests.ClaimAsync(failed.Id, Lease))));

        Assert.Single(granted, one => one);
        Assert.Single(await Requests.EventsAsync(failed.Id, default), change => change.Actor == "王五");
        Assert.Single(claims, claim => claim is not null);
    }

    [EngineTheory]
    [InlineData("answered", "20000", false)]
    [InlineData("no", null, false)]
    [InlineData("perhaps", null, true)]
    public async Task A_sending_is_in_doubt_until_customs_have_answered_it(string arrival, string? code, bool inDoubt)
    {
        var request = await ClaimedAsync();
        Assert.False(await Requests.IsInDoubtAsync(request.Id, default));
        var number = await Requests.BeginAttemptAsync(request.Id, request.Fence, To(RequestState.Sending, Time.GetUtcNow(), release: false));
        Assert.True(await Requests.IsInDoubtAsync(request.Id, default));

        var attempt = new UploadAttempt(request.Id, number!.Value, Time.GetUtcNow(), Time.GetUtcNow(), 200, [], code, null, "") { Arrival = EnumWords<Arrival>.Parse(arrival) };
        Assert.True(await Requests.EndAttemptAsync(request.Fence, attempt, To(RequestState.Rejected)));

        Assert.Equal(inDoubt, await Requests.IsInDoubtAsync(request.Id, default));
        Assert.Equal(attempt.Arrival, Assert.Single(await Requests.AttemptsAsync(request.Id, default)).Arrival);
    }

    private StateChange Over(string reason, RequestState state = RequestState.Received) => new(state, FailureClass.None, reason, Time.GetUtcNow(), ReleaseLease: true);

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
