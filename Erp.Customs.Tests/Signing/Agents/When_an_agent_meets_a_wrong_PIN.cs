using System.Net;
using Erp.Customs.Module;
using Erp.Customs.Reliability.World;
using Erp.Customs.Simulator;
using Erp.Customs.Tests.Hosting;
using Erp.Customs.Tests.Support;

namespace Erp.Customs.Tests.Signing.Agents;

/// <summary>One wrong PIN at an agent closes the merchant for everybody, and the agent for itself, until a person has reopened it.</summary>
public sealed class When_an_agent_meets_a_wrong_PIN
{
    private const string Wrong = "13572468";

    [Fact]
    public async Task Should_be_tried_once_by_whatever_asks_and_after_any_restart_until_a_person_reopens_the_merchant()
    {
        await using var world = await AgentWorld.StartAsync();
        await using var other = await EportControl.StartAsync(world.Control.Card, AgentWorld.Pin);
        var agent = await world.AgentAsync(pin: Wrong);
        var sessions = new List<string>();
        for (var order = 1; order <= 4; order++)
        {
            await world.World.DeliveredAsync(CustomsWorld.Payment($"T{order}", $"SO{order}"));
        }

        sessions.AddRange((await Task.WhenAll(Enumerable.Range(1, 3).Select(order => world.World.AskAsync($"SO{order}")))).Select(asked => asked.SessionId));
        var incident = await Waiting.ForAsync(async () => (await Incidents(world).OpenAsync(CancellationToken.None)).SingleOrDefault(), one => one is { Waiting: 3 });
        Assert.Equal(UploadIncidentKind.MerchantStopped, incident!.Kind);
        Assert.Contains("pc-1", incident.Reason, StringComparison.Ordinal);
        Assert.NotNull((await world.SeenAsync(seen => seen.ClosedAt is not null && seen.Standing.Error.Length > 0))!.ClosedAt);

        // Neither restarts of either, nor another request, nor another agent, nor the agent's own test tries one.
        await agent.KillAsync();
        var (exitCode, output, error) = await AgentProgram.RunAsync(null, "test", "--data", world.FolderOf("pc-1"));
        Assert.Equal((1, ""), (exitCode, output));
        Assert.Contains("PIN", error, StringComparison.Ordinal);
        await world.StartAsync("pc-1");
        await world.AgentAsync("pc-2", other);
        await world.World.Modules.DisableAsync("Erp.Customs", CancellationToken.None);
        await world.World.Modules.EnableAsync("Erp.Customs", CancellationToken.None);
        sessions.Add((await world.World.AskAsync("SO4")).SessionId);
        using var test = await world.World.SendAsync(HttpMethod.Post, "/customs/api/merchants/ningbo/test-signing");
        Assert.Contains("\"ok\":false", await test.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await world.SeenAsync(seen => seen.ClosedAt is not null);
        Assert.Equal(1, world.Control.WrongPins);
        Assert.Empty(other.Calls);
        Assert.Equal(1L, await world.World.SqlAsync("SELECT COUNT(*) FROM alert_message WHERE kind = 'uploads_stopped'"));
        Assert.DoesNotContain(Wrong, world.World.Log.All, StringComparison.Ordinal);

        // The right PIN is written down while the agent runs, and a person reopens the merchant.
        AgentProgram.Prepare(world.FolderOf("pc-1"), world.ModuleAddress, AgentWorld.TokenOf("pc-1"), world.Control, AgentWorld.Pin);
        using var reopened = await world.World.SendAsync(HttpMethod.Post, "/customs/api/merchants/ningbo/reopen-uploads");
        Assert.Equal(HttpStatusCode.NoContent, reopened.StatusCode);
        foreach (var session in sessions)
        {
            await world.World.WaitAsync(session, "accepted");
        }

        await world.SeenAsync(seen => seen.ClosedAt is null);
        Assert.All(world.Control.Calls.Skip(1).Concat(other.Calls), call => Assert.True(call.PinWasRight));
        Assert.Equal(0, await world.JobsAsync());
    }

    [Fact]
    public async Task Should_stop_the_merchant_also_when_the_wrong_PIN_was_met_without_the_module()
    {
        await using var world = await AgentWorld.StartAsync();
        AgentProgram.Prepare(world.FolderOf("pc-1"), world.ModuleAddress, AgentWorld.TokenOf("pc-1"), world.Control, Wrong);
        var (exitCode, output, error) = await AgentProgram.RunAsync(null, "test", "--data", world.FolderOf("pc-1"));
        Assert.Equal((1, ""), (exitCode, output));
        Assert.Contains("the PIN is wrong", error, StringComparison.Ordinal);

        await world.StartAsync("pc-1");

        await Waiting.ForAsync(async () => await Incidents(world).OpenAsync(CancellationToken.None), incidents => incidents.Count == 1);
        Assert.Equal(1, world.Control.WrongPins);
    }

    private static IUploadIncidents Incidents(AgentWorld world) => world.World.Modules.Find<IUploadIncidents>()!;
}
