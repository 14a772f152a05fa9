using System.Data.Common;
using System.Text;
using Erp.Customs.Contracts;
using Erp.Customs.Module.Storage;
using Erp.Customs.Tests.Support;

namespace Erp.Customs.Tests.Storage;

/// <summary>What a worker does with a request, for every engine: lease, fence, envelope, attempts.</summary>
public abstract class WorkCompliance<TEngine> : StoreTest<TEngine> where TEngine : TestEngine, new()
{
    [EngineFact]
    public async Task What_is_let_go_of_is_due_as_it_stands_and_only_under_the_fence()
    {
        var request = await ClaimedAsync();
        await Requests.ReleaseAsync(request.Id, request.Fence - 1);
        Assert.Empty(await Requests.DueAsync(10, default));

        await Requests.ReleaseAsync(request.Id, request.Fence);

        Assert.Equal([request.Id], await Requests.DueAsync(10, default));
        Assert.Equal(request with { LeaseUntil = null }, await Requests.FindAsync(request.Id, default));
    }

    [EngineFact]
    public async Task What_is_written_with_a_change_is_there_with_it_or_neither_is()
    {
        var request = await ClaimedAsync();
        var alerts = new AlertTable(Database, Time);
        var told = new Alert(AlertKind.RequestNeedsPerson, "ningbo", NoticeLevel.Alarm, "subject", "text");
        Task Write(DbConnection connection, DbTransaction transaction) => alerts.RaiseAsync(connection, transaction, told, "/customs/admin", ["host"], TimeSpan.FromMinutes(10));

        await Assert.ThrowsAsync<InvalidOperationException>(() => Requests.ChangeAsync(request.Id, request.Fence, To(RequestState.NeedsPerson) with
        {
            Also = async (connection, transaction) =>
            {
                await Write(connection, transaction);
                throw new InvalidOperationException("in between");
            },
        }));
        Assert.False(await Requests.ChangeAsync(request.Id, request.Fence + 1, To(RequestState.NeedsPerson) with { Also = Write }));
        Assert.Equal(RequestState.Received, (await Requests.FindAsync(request.Id, default))!.State);
        Assert.Empty(await alerts.DueAsync(10, default));

        Assert.True(await Requests.ChangeAsync(request.Id, request.Fence, To(RequestState.NeedsPerson) with { Also = Write }));
        Assert.Equal("ningbo", Assert.Single(await alerts.DueAsync(10, default)).Merchant);
    }

    [EngineFact]
    public async Task A_claim_gives_a_lease_and_the_next_fence()
    {
        var request = await ClaimedAsync();

        Assert.Equal(1, request.Fence);
        Assert.Equal(Time.GetUtcNow() + Lease, request.LeaseUntil);
        Assert.Equal(request, await Requests.FindAsync(request.Id, default));
    }

    [EngineFact]
    public async Task Nobody_claims_what_somebody_holds_until_the_lease_ends()
    {
        var request = await ClaimedAsync();

        Time.Advance(Lease - TimeSpan.FromMilliseconds(1));
        Assert.Null(await Requests.ClaimAsync(request.Id, Lease));
        Assert.Empty(await Requests.DueAsync(10, default));

        Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal([request.Id], await Requests.DueAsync(10, default));
        Assert.Equal(2, (await Requests.ClaimAsync(request.Id, Lease))!.Fence);
    }

    [EngineFact]
    public async Task One_of_many_gets_the_claim()
    {
        var (_, id) = await Requests.InsertAsync(Request());

        var claims = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => Requests.ClaimAsync(id, Lease))));

        Assert.Single(claims, claim => claim is not null);
    }

    [EngineFact]
    public async Task What_is_not_due_is_not_claimed()
    {
        var request = await ClaimedAsync();
        await Requests.ChangeAsync(request.Id, request.Fence, To(RequestState.WaitingSigner, Time.GetUtcNow().AddSeconds(5)));

        Assert.Null(await Requests.ClaimAsync(request.Id, Lease));
        Time.Advance(TimeSpan.FromSeconds(5));
        Assert.NotNull(await Requests.ClaimAsync(request.Id, Lease));

        Assert.Null(await Requests.ClaimAsync(4711, Lease));
    }

    [EngineFact]
    public async Task What_will_never_be_due_is_not_claimed()
    {
        var request = await ClaimedAsync();
        await Requests.ChangeAsync(request.Id, request.Fence, To(RequestState.Accepted));
        Time.Advance(TimeSpan.FromDays(400));

        Assert.Null(await Requests.ClaimAsync(request.Id, Lease));
        Assert.Empty(await Requests.DueAsync(10, default));
    }

    [EngineFact]
    public async Task The_earliest_deadline_is_due_first()
    {
        var late = (await Requests.InsertAsync(Request("late") with { Deadline = Time.GetUtcNow().AddMinutes(9) })).Id;
        var soon = (await Requests.InsertAsync(Request("soon") with { Deadline = Time.GetUtcNow().AddMinutes(1) })).Id;
        var between = (await Requests.InsertAsync(Request("between") with { Deadline = Time.GetUtcNow().AddMinutes(5) })).Id;

        Assert.Equal([soon, between, late], await Requests.DueAsync(10, default));
        Assert.Equal([soon], await Requests.DueAsync(1, default));
    }

    [EngineFact]
    public async Task A_stale_worker_changes_nothing()
    {
        var paymentId = (await Archive.AppendAsync(Delivery())).PaymentId;
        var stale = await ClaimedAsync();
        var attempt = await Requests.BeginAttemptAsync(stale.Id, stale.Fence, To(RequestState.Sending, Time.GetUtcNow(), release: false));
        Time.Advance(Lease);
        await Requests.ClaimAsync(stale.Id, Lease);
        var before = await Requests.FindAsync(stale.Id, default);
        var eventsBefore = await Requests.EventsAsync(stale.Id, default);
        var attemptsBefore = await Requests.AttemptsAsync(stale.Id, default);

        Assert.False(await Requests.ChangeAsync(stale.Id, stale.Fence, To(RequestState.Rejected)));
        Assert.False(await Requests.SetMerchantAsync(stale.Id, stale.Fence, "hangzhou"));
        Assert.False(await Requests.SaveEnvelopeAsync(stale.Fence, EnvelopeOf(stale, paymentId), To(RequestState.Signed)));
        Assert.Null(await Requests.BeginAttemptAsync(stale.Id, stale.Fence, To(RequestState.Sending)));
        Assert.False(await Requests.EndAttemptAsync(
            stale.Fence, new UploadAttempt(stale.Id, attempt!.Value, Time.GetUtcNow(), Time.GetUtcNow(), 200, [1], "10000", "ok", ""), To(RequestState.Accepted)));

        Assert.Equal(before, await Requests.FindAsync(stale.Id, default));
        Assert.Equal(eventsBefore, await Requests.EventsAsync(stale.Id, default));
        Assert.Equivalent(attemptsBefore, await Requests.AttemptsAsync(stale.Id, default), strict: true);
        Assert.Null(await Requests.EnvelopeAsync(stale.Id, default));
    }

    [EngineFact]
    public async Task A_change_is_written_down_and_an_end_state_has_its_time()
    {
        var request = await ClaimedAsync();
        var next = Time.GetUtcNow().AddSeconds(7);
        Assert.True(await Requests.ChangeAsync(request.Id, request.Fence, To(RequestState.WaitingSigner, next, FailureClass.SignerTransient, release: false)));

        var waiting = (await Requests.FindAsync(request.Id, default))!;
        Assert.Equal((RequestState.WaitingSigner, FailureClass.SignerTransient, "why", next), (waiting.State, waiting.Failure, waiting.Reason, waiting.NextAttemptAt));
        Assert.NotNull(waiting.LeaseUntil);
        Assert.Null(waiting.FinishedAt);

        Time.Advance(TimeSpan.FromSeconds(1));
        foreach (var end in new[] { RequestState.Accepted, RequestState.Rejected, RequestState.SessionUsed, RequestState.NeedsPerson })
        {
            Assert.True(await Requests.ChangeAsync(request.Id, request.Fence, To(end)));
            var ended = (await Requests.FindAsync(request.Id, default))!;
            Assert.Equal((end, Time.GetUtcNow(), null), (ended.State, ended.FinishedAt, ended.LeaseUntil));
        }

        Assert.True(await Requests.ChangeAsync(request.Id, request.Fence, To(RequestState.Received, Time.GetUtcNow())));
        Assert.Null((await Requests.FindAsync(request.Id, default))!.FinishedAt);
        Assert.Equal(
            [RequestState.Received, RequestState.WaitingSigner, RequestState.Accepted, RequestState.Rejected, RequestState.SessionUsed, RequestState.NeedsPerson, RequestState.Received],
            (await Requests.EventsAsync(request.Id, default)).Select(change => change.State));
    }

    [EngineFact]
    public async Task The_merchant_is_noted()
    {
        var request = await ClaimedAsync();

        Assert.True(await Requests.SetMerchantAsync(request.Id, request.Fence, "ningbo"));

        Assert.Equal("ningbo", (await Requests.FindAsync(request.Id, default))!.Merchant);
    }

    [EngineFact]
    public async Task An_envelope_is_saved_once_byte_for_byte()
    {
        var paymentId = (await Archive.AppendAsync(Delivery())).PaymentId;
        var request = await ClaimedAsync();
        var envelope = EnvelopeOf(request, paymentId);

        Assert.True(await Requests.SaveEnvelopeAsync(request.Fence, envelope, To(RequestState.Signed, Time.GetUtcNow(), release: false)));
        Assert.False(await Requests.SaveEnvelopeAsync(request.Fence, EnvelopeOf(request, paymentId, "another"), To(RequestState.Rejected)));

        Assert.Equivalent(envelope, await Requests.EnvelopeAsync(request.Id, default), strict: true);
        var signed = (await Requests.FindAsync(request.Id, default))!;
        Assert.Equal((RequestState.Signed, envelope.CreatedAt), (signed.State, signed.SignedAt));
        Assert.Equal(2, (await Requests.EventsAsync(request.Id, default)).Count);
    }

    [EngineFact]
    public async Task Attempts_are_counted_and_their_replies_kept()
    {
        var request = await ClaimedAsync();
        var began = Time.GetUtcNow();
        var reply = Encoding.UTF8.GetBytes("""{"code":"20000","message":"上传失败"}""");

        Assert.Equal(1, await Requests.BeginAttemptAsync(request.Id, request.Fence, To(RequestState.Sending, began, release: false)));
        Assert.Equivalent(new UploadAttempt(request.Id, 1, began, null, null, [], null, null, ""), Assert.Single(await Requests.AttemptsAsync(request.Id, default)), strict: true);
        Time.Advance(TimeSpan.FromSeconds(3));
        var first = new UploadAttempt(request.Id, 1, began, Time.GetUtcNow(), 200, reply, "20000", "上传失败", "");
        Assert.True(await Requests.EndAttemptAsync(request.Fence, first, To(RequestState.Unknown, Time.GetUtcNow(), FailureClass.Unknown, release: false)));

        Assert.Equal(2, await Requests.BeginAttemptAsync(request.Id, request.Fence, To(RequestState.Sending, Time.GetUtcNow(), release: false)));
        var second = new UploadAttempt(request.Id, 2, Time.GetUtcNow(), Time.GetUtcNow(), null, [], null, null, "timeout");
        Assert.True(await Requests.EndAttemptAsync(request.Fence, second, To(RequestState.Unknown, Time.GetUtcNow(), FailureClass.Unknown)));

        var standing = (await Requests.FindAsync(request.Id, default))!;
        Assert.Equal((2, began, "20000", "上传失败"), (standing.Attempts, standing.FirstSentAt, standing.CustomsCode, standing.CustomsMessage));
        Assert.Equivalent(new[] { first, second }, await Requests.AttemptsAsync(request.Id, default), strict: true);
        Assert.Equal([0, 1, 1, 2, 2], (await Requests.EventsAsync(request.Id, default)).Select(change => change.Attempt));
    }

    [EngineFact]
    public async Task Data_that_arrives_while_a_worker_looks_for_it_is_not_waited_for()
    {
        var looking = await ClaimedAsync();
        Assert.Null(await Archive.FindForOrderAsync("order-1", null, default));

        Assert.Empty((await Archive.AppendAsync(Delivery())).WokenRequests);
        await Requests.ChangeAsync(looking.Id, looking.Fence, To(RequestState.WaitingData, Time.GetUtcNow().AddMinutes(5), FailureClass.Data));

        var again = (await Requests.ClaimAsync(looking.Id, Lease))!;
        Assert.True(await Requests.ChangeAsync(again.Id, again.Fence, To(RequestState.WaitingData, Time.GetUtcNow().AddMinutes(5), FailureClass.Data)));
        Assert.Equal(Time.GetUtcNow().AddMinutes(5), (await Requests.FindAsync(again.Id, default))!.NextAttemptAt);
    }
}

public sealed class SqliteWorkTests : WorkCompliance<SqliteEngine>
{
    [Fact]
    public async Task A_lease_of_an_earlier_start_is_released()
    {
        var request = await ClaimedAsync();
        Assert.Equal(0, await Requests.ReleaseLeasesOfEarlierBootsAsync());

        await ReopenAsync();

        Assert.Equal(1, await Requests.ReleaseLeasesOfEarlierBootsAsync());
        Assert.Equal(request.Fence + 1, (await Requests.ClaimAsync(request.Id, Lease))!.Fence);
    }
}

public sealed class PostgresWorkTests : WorkCompliance<PostgresEngine>;

public sealed class SqlServerWorkTests : WorkCompliance<SqlServerEngine>;
