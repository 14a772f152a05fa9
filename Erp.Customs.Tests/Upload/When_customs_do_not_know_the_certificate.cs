using System.Collections.Concurrent;
using System.Net;
using Erp.Customs.Contracts;
using Erp.Customs.Module;
using Erp.Customs.Module.Jobs;
using Erp.Customs.Module.Storage;
using Erp.Customs.Simulator;
using Erp.Customs.Tests.Hosting;
using Erp.Customs.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Erp.Customs.Tests.Upload;

/// <summary>20004: every next upload of the merchant would fail alike.</summary>
public class When_customs_do_not_know_the_certificate
{
    private const string Words20004 = "企业实时数据获取验签证书未在服务系统注册";

    [Fact]
    public async Task Should_hold_the_merchants_requests_with_the_reason_and_no_others()
    {
        var people = new People();
        await using var world = await StartedAsync(people);
        await StopAsync(world);

        var held = await world.WaitAsync((await world.AskAsync("SO2")).SessionId, status => status.Reason.Contains("20004", StringComparison.Ordinal));

        Assert.True(held.NextAttemptAt <= TimeProvider.System.GetUtcNow());
        Assert.Null(held.FinishedAt);
        Assert.Empty(world.Customs.Log.FindSession(held.SessionId)!.Uploads);
        await world.AnswerAsync("SO3");
        // It is written down with the stop and told a moment later.
        await Waiting.ForAsync(
            () => Task.FromResult(people.Notices.ToList()), told => told.Exists(notice => notice.Subject.Contains("商户 ningbo 的上报已停止", StringComparison.Ordinal) && notice.Level == NoticeLevel.Alarm));
        var incident = Assert.Single(await Incidents(world).OpenAsync(CancellationToken.None));
        Assert.Equal((UploadIncidentKind.MerchantStopped, "ningbo", 1L, null), (incident.Kind, incident.Merchant, incident.Waiting, incident.NextProbeAt));
        Assert.Contains(await world.Modules.CheckAsync("Erp.Customs", CancellationToken.None), check => check.Light == SelfCheckLight.Red && check.SentenceEn.Contains("20004", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Should_hold_them_after_a_restart_until_a_person_reopens_the_merchant()
    {
        await using var world = await StartedAsync();
        await StopAsync(world);
        var (sessionId, _) = await world.AskAsync("SO2");
        await world.WaitAsync(sessionId, status => status.Reason.Contains("20004", StringComparison.Ordinal));
        await world.Modules.DisableAsync("Erp.Customs", CancellationToken.None);
        await world.Modules.EnableAsync("Erp.Customs", CancellationToken.None);
        await world.Modules.Find<UploadSweep>()!.SweepAsync(CancellationToken.None);
        var request = (await world.Modules.Find<RequestTable>()!.FindBySessionAsync(sessionId, CancellationToken.None))!;
        Assert.True(request.Held);
        Assert.Null(await world.Modules.Find<IUploadWork>()!.RunAsync(request.Id, CancellationToken.None));
        Assert.Empty(world.Customs.Log.FindSession(sessionId)!.Uploads);

        using var reopened = await world.SendAsync(HttpMethod.Post, "/customs/api/merchants/ningbo/reopen-uploads");

        Assert.Equal(HttpStatusCode.NoContent, reopened.StatusCode);
        await world.WaitAsync(sessionId, "accepted");
        Assert.Equal("erp", await world.SqlAsync($"SELECT actor FROM request_event WHERE request_id = {request.Id} AND actor <> ''"));
        Assert.Equal("erp", await world.SqlAsync("SELECT reopened_by FROM upload_stop"));
        Assert.Empty(await Incidents(world).OpenAsync(CancellationToken.None));
        using var again = await world.SendAsync(HttpMethod.Post, "/customs/api/merchants/ningbo/reopen-uploads");
        Assert.Equal(HttpStatusCode.NotFound, again.StatusCode);
        using var unknown = await world.SendAsync(HttpMethod.Post, "/customs/api/merchants/nobody/reopen-uploads");
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    [Fact]
    public async Task Should_be_stopped_again_when_nothing_has_changed()
    {
        await using var world = await StartedAsync();
        await StopAsync(world);
        Assert.True(await world.Services.ReopenUploadsAsync("ningbo", "王五", CancellationToken.None));

        world.Customs.Faults.Set(Fault.Reply("20004", Words20004));
        await world.AnswerAsync("SO2", "rejected");

        Assert.Single(await Incidents(world).OpenAsync(CancellationToken.None));
        Assert.Equal(1L, await world.SqlAsync("SELECT COUNT(*) FROM upload_stop"));
    }

    [Fact]
    public async Task Should_let_a_test_upload_through_and_not_be_stopped_by_one()
    {
        await using var world = await StartedAsync();
        world.Customs.Faults.Set(Fault.Reply("20004", Words20004));
        var test = (await world.Services.UploadTestAsync("SO1", merchant: null, CancellationToken.None))!;
        await world.WaitAsync(test, "rejected");
        Assert.Empty(await Incidents(world).OpenAsync(CancellationToken.None));
        await StopAsync(world);

        test = (await world.Services.UploadTestAsync("SO1", merchant: null, CancellationToken.None))!;

        await world.WaitAsync(test, status => status.Attempts == 1 && status.FinishedAt is not null);
    }

    [Fact]
    public async Task Should_not_send_what_was_signed_when_the_stop_came()
    {
        await using var world = await StartedAsync();
        var requests = world.Modules.Find<RequestTable>()!;
        await StopAsync(world);
        // Its merchant is known only when its payment has been found: it is claimed, signed, and then held.
        var (sessionId, _) = await world.AskAsync("SO2");
        await world.WaitAsync(sessionId, status => status.State == "signed");
        await Waiting.ForAsync(() => world.SqlAsync("SELECT COUNT(*) FROM customs_request WHERE state = 'signed' AND lease_until IS NULL"), released => released is 1L);

        var request = (await requests.FindBySessionAsync(sessionId, CancellationToken.None))!;
        Assert.Equal((0, true), (request.Attempts, request.Held));
        Assert.Equal(["received", "signed"], (await requests.EventsAsync(request.Id, CancellationToken.None)).Select(change => RequestStates.Word(change.State)).Distinct());

        Assert.True(await world.Services.ReopenUploadsAsync("ningbo", "王五", CancellationToken.None));

        // What was signed with the card that customs did not know is signed anew.
        await world.WaitAsync(sessionId, "accepted");
        Assert.Single(await requests.ReplacedEnvelopesAsync(request.Id, CancellationToken.None));
    }

    private static IUploadIncidents Incidents(CustomsWorld world) => world.Modules.Find<IUploadIncidents>()!;

    private static async Task<CustomsWorld> StartedAsync(People? people = null)
    {
        var world = await CustomsWorld.StartAsync(services: services => services.AddSingleton<INotifier>(people ?? new People()));
        await world.DeliveredAsync(CustomsWorld.Payment("T1", "SO1"));
        await world.DeliveredAsync(CustomsWorld.Payment("T2", "SO2"));
        var other = CustomsWorld.Payment("T3", "SO3");
        other["merchant"] = CustomsWorld.Guangzhou;
        await world.DeliveredAsync(other);
        return world;
    }

    private static async Task StopAsync(CustomsWorld world)
    {
        world.Customs.Faults.Set(Fault.Reply("20004", Words20004));
        var rejected = await world.AnswerAsync("SO1", "rejected");
        Assert.Equal("20004", rejected.CustomsCode);
    }

    private sealed class People : INotifier
    {
        public ConcurrentQueue<Notice> Notices { get; } = new();

        public Task NotifyAsync(Notice notice, CancellationToken cancellationToken)
        {
            Notices.Enqueue(notice);
            return Task.CompletedTask;
        }
    }
}
