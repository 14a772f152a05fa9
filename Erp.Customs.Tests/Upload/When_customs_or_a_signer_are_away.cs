using System.Collections.Concurrent;
using System.Diagnostics;
using Erp.Customs.Contracts;
using Erp.Customs.Module;
using Erp.Customs.Module.Signing;
using Erp.Customs.Simulator;
using Erp.Customs.Tests.Support;

namespace Erp.Customs.Tests.Upload;

public class When_customs_or_a_signer_are_away
{
    private static readonly TimeSpan Return = TimeSpan.FromSeconds(30);

    private readonly Dictionary<string, string?> _settings = new(StringComparer.Ordinal) { ["Customs:Circuit:Failures"] = "3", ["Customs:Circuit:ProbeEvery"] = "1" };

    [Theory]
    [InlineData(502)]
    [InlineData(404)]
    public async Task Should_wait_for_customs_as_one_incident_and_go_on_by_itself(int status)
    {
        await using var world = await CustomsWorld.StartAsync(_settings);
        world.Customs.Faults.Set(Fault.HttpStatus(status) with { Times = 10_000 });
        await world.DeliveredAsync(CustomsWorld.Payment("T1", "SO1"));
        var asked = await AskAsync(world, "SO1", 30);

        await UntilAsync(async () => (await OpenAsync(world)) is [{ Waiting: 30 }]);

        var incident = Assert.Single(await OpenAsync(world));
        Assert.Equal((UploadIncidentKind.CustomsAway, null), (incident.Kind, incident.Merchant));
        Assert.Contains($"HTTP {status}", incident.Reason, StringComparison.Ordinal);
        Assert.Contains(await world.Modules.CheckAsync("Erp.Customs", CancellationToken.None), check => check.Light == SelfCheckLight.Yellow && check.SentenceEn.Contains("30 wait", StringComparison.Ordinal));
        var attempts = await AttemptsAsync(world);
        var events = await EventsAsync(world);
        await Task.Delay(TimeSpan.FromSeconds(3));
        // Nobody but the probes uses up a try, and waiting is not written down again and again.
        Assert.InRange(await AttemptsAsync(world) - attempts, 1, 5);
        Assert.InRange(await EventsAsync(world) - events, 1, 20);

        world.Customs.Faults.Clear();
        var back = Stopwatch.StartNew();
        foreach (var sessionId in asked)
        {
            await world.WaitAsync(sessionId, "accepted");
        }

        Assert.InRange(back.Elapsed, TimeSpan.Zero, Return);
        Assert.Empty(await OpenAsync(world));
        Assert.All(asked, sessionId => Assert.Equal(1, world.Customs.Log.FindSession(sessionId)!.AcceptedCount));
    }

    [Fact]
    public async Task Should_wait_for_one_merchants_signer_and_hold_nobody_else_up()
    {
        await using var world = await CustomsWorld.StartAsync(_settings);
        var away = true;
        var calls = new ConcurrentQueue<string>();
        world.Intercept(CustomsWorld.Ningbo, (card, request, cancellationToken) =>
        {
            calls.Enqueue(request.SessionId);
            return away ? throw new SignerException(SignerFailure.Transient, Words.Of("读卡器未应答", "The reader does not answer")) : card.SignAsync(request, cancellationToken);
        });
        await DeliverBothAsync(world);
        var asked = await AskAsync(world, "SO1", 30);
        await UntilAsync(async () => (await OpenAsync(world)) is [{ Waiting: 30 }]);

        await world.AnswerAsync("SO2");

        var incident = Assert.Single(await OpenAsync(world));
        Assert.Equal((UploadIncidentKind.SignerAway, CustomsWorld.Ningbo), (incident.Kind, incident.Merchant));
        Assert.Contains("读卡器未应答", incident.Reason, StringComparison.Ordinal);
        Assert.InRange(incident.NextProbeAt!.Value - TimeProvider.System.GetUtcNow(), TimeSpan.FromSeconds(-1), TimeSpan.FromSeconds(1));
        var before = calls.Count;
        await Task.Delay(TimeSpan.FromSeconds(3));
        Assert.InRange(calls.Count - before, 1, 5);

        away = false;
        var back = Stopwatch.StartNew();
        foreach (var sessionId in asked)
        {
            await world.WaitAsync(sessionId, "accepted");
        }

        Assert.InRange(back.Elapsed, TimeSpan.Zero, Return);
        Assert.Empty(await OpenAsync(world));
    }

    [Fact]
    public async Task Should_leave_workers_to_the_others_while_a_signer_hangs()
    {
        await using var world = await CustomsWorld.StartAsync(_settings);
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        world.Intercept(CustomsWorld.Ningbo, async (card, request, cancellationToken) =>
        {
            await release.Task.WaitAsync(cancellationToken);
            return await card.SignAsync(request, cancellationToken);
        });
        await DeliverBothAsync(world);
        var asked = await AskAsync(world, "SO1", 40);

        var status = await world.AnswerAsync("SO2");

        Assert.True(status.FinishedAt - status.ReceivedAt < TimeSpan.FromSeconds(10), $"{status.FinishedAt - status.ReceivedAt}");
        release.SetResult();
        foreach (var sessionId in asked)
        {
            await world.WaitAsync(sessionId, "accepted");
        }
    }

    [Fact]
    public async Task Should_not_take_a_merchants_wrong_PIN_for_an_outage()
    {
        await using var world = await CustomsWorld.StartAsync(_settings);
        world.Intercept(CustomsWorld.Ningbo, (_, _, _) => throw new SignerException(SignerFailure.Pin, Words.Of("口令错误", "Wrong PIN")));
        await world.DeliveredAsync(CustomsWorld.Payment("T1", "SO1"));
        await AskAsync(world, "SO1", 4);

        var incident = await Hosting.Waiting.ForAsync(async () => (await OpenAsync(world)).SingleOrDefault(), one => one is { Waiting: 4 });
        Assert.Equal((UploadIncidentKind.MerchantStopped, null), (incident!.Kind, incident.NextProbeAt));
    }

    private static Task<IReadOnlyList<UploadIncident>> OpenAsync(CustomsWorld world) => world.Modules.Find<IUploadIncidents>()!.OpenAsync(CancellationToken.None);

    private static async Task DeliverBothAsync(CustomsWorld world)
    {
        await world.DeliveredAsync(CustomsWorld.Payment("T1", "SO1"));
        var other = CustomsWorld.Payment("T2", "SO2");
        other["merchant"] = CustomsWorld.Guangzhou;
        await world.DeliveredAsync(other);
    }

    private static async Task<List<string>> AskAsync(CustomsWorld world, string orderNo, int times)
    {
        var asked = new List<string>();
        for (var time = 0; time < times; time++)
        {
            var (sessionId, answer) = await world.AskAsync(orderNo);
            Assert.True(answer.IsAcknowledged, answer.Body);
            asked.Add(sessionId);
        }

        return asked;
    }

    private static async Task<long> AttemptsAsync(CustomsWorld world) => (long)(await world.SqlAsync("SELECT COUNT(*) FROM upload_attempt"))!;

    private static async Task<long> EventsAsync(CustomsWorld world) => (long)(await world.SqlAsync("SELECT COUNT(*) FROM request_event"))!;

    private static async Task UntilAsync(Func<Task<bool>> until)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await until())
        {
            await Task.Delay(20, limit.Token);
        }
    }
}
