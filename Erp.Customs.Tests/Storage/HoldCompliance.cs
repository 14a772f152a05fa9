using Erp.Customs.Module.Storage;
using Erp.Customs.Tests.Support;

namespace Erp.Customs.Tests.Storage;

/// <summary>What holds requests back, for every engine: a merchant that is stopped, customs or a signer that are away.</summary>
public abstract class HoldCompliance<TEngine> : StoreTest<TEngine> where TEngine : TestEngine, new()
{
    [EngineFact]
    public async Task A_stop_holds_what_is_the_merchants_and_lets_test_uploads_through()
    {
        await StopAsync("ningbo");
        var held = (await Requests.InsertAsync(Request("s2", merchant: "ningbo"))).Id;
        var other = (await Requests.InsertAsync(Request("s3", merchant: "guangzhou"))).Id;
        var unknown = (await Requests.InsertAsync(Request("s4"))).Id;
        var test = (await Requests.InsertAsync(Request("s5", merchant: "ningbo") with { Purpose = RequestPurpose.Test })).Id;

        Assert.Equal([other, unknown, test], await Requests.DueAsync(10, default));
        Assert.Null(await Requests.ClaimAsync(held, Lease));
        Assert.NotNull(await Requests.ClaimAsync(test, Lease));
        var request = (await Requests.FindAsync(held, default))!;
        Assert.Equal((true, "why", RequestState.Received), (request.Held, request.Reason, request.State));
        Assert.False((await Requests.FindAsync(other, default))!.Held);
        Assert.False((await Requests.FindAsync(test, default))!.Held);
        Assert.Equal(1, await Requests.CountHeldAsync("ningbo", default));
    }

    [EngineFact]
    public async Task What_is_claimed_when_the_stop_comes_is_not_sent()
    {
        var claimed = await ClaimedAsync("s2", merchant: "ningbo");
        await StopAsync("ningbo");

        Assert.Null(await Requests.BeginAttemptAsync(claimed.Id, claimed.Fence, To(RequestState.Sending, Time.GetUtcNow(), release: false)));

        Assert.Equal((0, RequestState.Received), ((await Requests.FindAsync(claimed.Id, default))!.Attempts, (await Requests.FindAsync(claimed.Id, default))!.State));
        Assert.Empty(await Requests.AttemptsAsync(claimed.Id, default));
    }

    [EngineFact]
    public async Task A_stop_ends_when_a_person_reopens_it_and_can_come_again()
    {
        var stoppedAt = Time.GetUtcNow();
        await StopAsync("ningbo");
        var held = (await Requests.InsertAsync(Request("s2", merchant: "ningbo"))).Id;
        Time.Advance(TimeSpan.FromDays(2));
        await StopAsync("ningbo", "s3");
        Assert.Equal([new UploadStop("ningbo", stoppedAt, "20004", "why")], await Requests.StopsAsync(default));

        Assert.True(await Requests.ReopenAsync("ningbo", "王五", "registered"));

        Assert.Empty(await Requests.StopsAsync(default));
        var request = (await Requests.FindAsync(held, default))!;
        Assert.Equal((false, "", Time.GetUtcNow()), (request.Held, request.Reason, request.RequeuedAt));
        var written = (await Requests.EventsAsync(held, default))[^1];
        Assert.Equal(("王五", "registered", RequestState.Received), (written.Actor, written.Reason, written.State));
        Assert.NotNull(await Requests.ClaimAsync(held, Lease));
        Assert.False(await Requests.ReopenAsync("ningbo", "王五", "again"));
        Assert.False(await Requests.ReopenAsync("nobody", "王五", "again"));

        await StopAsync("ningbo", "s4");
        Assert.Equal(Time.GetUtcNow(), Assert.Single(await Requests.StopsAsync(default)).StoppedAt);
    }

    [EngineFact]
    public async Task A_test_upload_stops_nobody()
    {
        await StopAsync("ningbo", purpose: RequestPurpose.Test);
        Assert.Empty(await Requests.StopsAsync(default));
    }

    [EngineFact]
    public async Task Who_waits_for_customs_is_woken_when_they_are_back_and_nobody_else()
    {
        var first = await LeftAsync("s1", RequestState.Unknown, FailureClass.Unknown, 60);
        var second = await LeftAsync("s2", RequestState.Signed, FailureClass.CustomsTransient, 30);
        await LeftAsync("s3", RequestState.WaitingData, FailureClass.Data, 30);
        await LeftAsync("s4", RequestState.NeedsPerson, FailureClass.CustomsTransient, null);
        await LeftAsync("s5", RequestState.WaitingSigner, FailureClass.SignerTransient, 30, "ningbo");
        Assert.Equal(2, await Requests.CountForCustomsAsync(default));
        Assert.Empty(await Requests.DueAsync(10, default));

        Assert.Equal([first, second], await Requests.WakeForCustomsAsync());

        Assert.Equal([first, second], await Requests.DueAsync(10, default));
        Assert.Empty(await Requests.WakeForCustomsAsync());
    }

    [EngineFact]
    public async Task Who_waits_for_a_signer_is_woken_when_it_is_back_and_nobody_else()
    {
        var waiting = await LeftAsync("s1", RequestState.WaitingSigner, FailureClass.SignerTransient, 30, "ningbo");
        await LeftAsync("s2", RequestState.WaitingSigner, FailureClass.SignerTransient, 30, "guangzhou");
        await LeftAsync("s3", RequestState.Signed, FailureClass.CustomsTransient, 30, "ningbo");
        Assert.Equal(1, await Requests.CountForSignerAsync("ningbo", default));

        Assert.Equal([waiting], await Requests.WakeForSignerAsync("ningbo"));

        Assert.Equal([waiting], await Requests.DueAsync(10, default));
    }

    [EngineFact]
    public async Task Holding_back_changes_nothing_but_when_it_is_due_and_only_under_the_fence()
    {
        var claimed = await ClaimedAsync();
        var until = Time.GetUtcNow().AddSeconds(5);
        Assert.True(await Requests.HoldAsync(claimed.Id, claimed.Fence, until));
        Assert.Equal(claimed with { NextAttemptAt = until, LeaseUntil = null }, await Requests.FindAsync(claimed.Id, default));
        Assert.Single(await Requests.EventsAsync(claimed.Id, default));
        Assert.False(await Requests.HoldAsync(claimed.Id, claimed.Fence - 1, until));
    }

    [EngineFact]
    public async Task A_signer_with_a_wrong_PIN_is_closed_and_the_last_one_stops_the_merchant()
    {
        string[] all = ["EportClient ws://127.0.0.1:61232", "Pkcs11 二号"];
        var told = new List<string>();
        var began = Time.GetUtcNow();
        await CloseAsync(all[0]);
        Time.Advance(TimeSpan.FromMinutes(1));
        await CloseAsync(all[0]);

        Assert.Equal([new SignerStop("ningbo", all[0], began, "wrong PIN", null)], await Requests.SignerStopsAsync("ningbo", default));
        Assert.Equal(await Requests.SignerStopsAsync("ningbo", default), await Requests.ClosedSignersAsync(default));
        Assert.Empty(await Requests.SignerStopsAsync("guangzhou", default));
        Assert.Empty(await Requests.StopsAsync(default));
        Assert.Equal(["closed"], told);

        await CloseAsync(all[1]);

        Assert.Equal([new UploadStop("ningbo", Time.GetUtcNow(), UploadStop.Pin, "wrong PIN")], await Requests.StopsAsync(default));
        Assert.Equal(["closed", "stopped"], told);
        Assert.True(await Requests.ReopenAsync("ningbo", "王五", "corrected"));
        Assert.Empty(await Requests.StopsAsync(default));
        Assert.Empty(await Requests.ClosedSignersAsync(default));
        Assert.All(await Requests.SignerStopsAsync("ningbo", default), stop => Assert.Equal(Time.GetUtcNow(), stop.ReopenedAt));
        Assert.False(await Requests.ReopenAsync("ningbo", "王五", "again"));

        await CloseAsync(all[0]);
        Assert.Equal(["closed", "stopped", "closed"], told);
        Assert.Equal(Time.GetUtcNow(), Assert.Single(await Requests.ClosedSignersAsync(default)).StoppedAt);

        Task CloseAsync(string signer) => Requests.StopSignerAsync("ningbo", signer, "wrong PIN", all, Telling("closed"), Telling("stopped"));

        AlsoWrite Telling(string what) => (_, _) =>
        {
            told.Add(what);
            return Task.CompletedTask;
        };
    }

    [EngineFact]
    public async Task Reopening_what_customs_have_stopped_opens_no_signer()
    {
        await Requests.StopSignerAsync("ningbo", "first", "wrong PIN", ["first", "second"], (_, _) => Task.CompletedTask, (_, _) => Task.CompletedTask);
        await StopAsync("ningbo");

        Assert.True(await Requests.ReopenAsync("ningbo", "王五", "registered"));
        Assert.Empty(await Requests.StopsAsync(default));
        Assert.Single(await Requests.ClosedSignersAsync(default));

        Assert.True(await Requests.ReopenAsync("ningbo", "王五", "PIN corrected"));
        Assert.Empty(await Requests.ClosedSignersAsync(default));
    }

    private async Task<long> LeftAsync(string session, RequestState state, FailureClass failure, int? seconds, string? merchant = null)
    {
        var request = await ClaimedAsync(session, merchant: merchant);
        Assert.True(await Requests.ChangeAsync(request.Id, request.Fence, To(state, seconds is { } later ? Time.GetUtcNow().AddSeconds(later) : null, failure)));
        return request.Id;
    }

    /// <summary>Customs answer a request of the merchant 20004; it is already on its way when the stop comes.</summary>
    private async Task StopAsync(string merchant, string session = "stopping", RequestPurpose purpose = RequestPurpose.Customs)
    {
        var (_, id) = await Requests.InsertAsync(Request(session) with { Purpose = purpose });
        var request = (await Requests.ClaimAsync(id, Lease))!;
        var number = await Requests.BeginAttemptAsync(id, request.Fence, To(RequestState.Sending, Time.GetUtcNow(), release: false));
        await Requests.SetMerchantAsync(id, request.Fence, merchant);
        var attempt = new UploadAttempt(id, number!.Value, Time.GetUtcNow(), Time.GetUtcNow(), 200, [1], "20004", "", "");
        Assert.True(await Requests.EndAttemptAsync(request.Fence, attempt, To(RequestState.Rejected, failure: FailureClass.SignerConfiguration) with { StopCode = "20004" }));
    }
}

public sealed class SqliteHoldTests : HoldCompliance<SqliteEngine>;

public sealed class PostgresHoldTests : HoldCompliance<PostgresEngine>;

public sealed class SqlServerHoldTests : HoldCompliance<SqlServerEngine>;
