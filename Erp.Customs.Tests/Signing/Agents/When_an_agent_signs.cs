using Erp.Customs.Module.Signing;
using Erp.Customs.Module.Signing.Agents;
using Erp.Customs.Module.Storage;
using Erp.Customs.Simulator;
using Erp.Customs.Tests.Hosting;
using Erp.Customs.Tests.Support;

namespace Erp.Customs.Tests.Signing.Agents;

/// <summary>A request of customs goes its whole way through the agent's card, whatever breaks on the way to it.</summary>
public sealed class When_an_agent_signs
{
    [Fact]
    public async Task Should_stand_in_for_a_card_that_is_away()
    {
        await using var world = await AgentWorld.StartAsync(
            settings: new(StringComparer.Ordinal)
            {
                ["Customs:Merchants:ningbo:Signing:0:Kind"] = "EportClient",
                ["Customs:Merchants:ningbo:Signing:0:Address"] = "ws://127.0.0.1:9",
                ["Customs:Merchants:ningbo:Signing:0:Pin"] = AgentWorld.Pin,
            },
            section: "Signing:1");
        await world.AgentAsync();
        await world.World.DeliveredAsync(CustomsWorld.Payment("T1", "SO1"));

        Assert.Equal(world.Control.Card.CertNo, (await world.World.AnswerAsync("SO1")).CertNo);
    }

    [Fact]
    public async Task Should_answer_customs_and_leave_no_text_behind()
    {
        await using var world = await AgentWorld.StartAsync();
        await world.AgentAsync();
        await world.World.DeliveredAsync(CustomsWorld.Payment("T1", "SO1"));

        var status = await world.World.AnswerAsync("SO1");

        Assert.Equal(world.Control.Card.CertNo, status.CertNo);
        Assert.Equal(0, await world.JobsAsync());
        var seen = (await world.SeenAsync(agent => agent.Standing.CertNo is not null))!;
        Assert.Equal((world.Control.Card.CertNo, "SM2-SM3", "EportClient", "", Environment.MachineName), (seen.Standing.CertNo, seen.Standing.Scheme, seen.Standing.Kind, seen.Standing.Error, seen.Standing.Machine));
        Assert.DoesNotContain(AgentWorld.Pin, world.World.Log.All, StringComparison.Ordinal);
        Assert.DoesNotContain(AgentWorld.TokenOf("pc-1"), world.World.Log.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_say_so_at_once_while_no_agent_is_there_and_go_on_by_itself_when_one_comes()
    {
        await using var world = await AgentWorld.StartAsync(settings: new(StringComparer.Ordinal) { ["Customs:Circuit:ProbeEvery"] = "1" });
        await world.World.DeliveredAsync(CustomsWorld.Payment("T1", "SO1"));
        var (sessionId, answer) = await world.World.AskAsync("SO1");
        Assert.True(answer.IsAcknowledged);
        var waiting = await world.World.WaitAsync(sessionId, "waiting_signer");
        Assert.Contains("没有签名代理", waiting.Reason, StringComparison.Ordinal);

        await world.AgentAsync();

        await world.World.WaitAsync(sessionId, "accepted");
    }

    [Fact]
    public async Task Should_go_to_another_agent_when_the_first_is_killed_while_its_card_signs()
    {
        await using var world = await AgentWorld.StartAsync();
        await using var hanging = await EportControl.StartAsync(world.Control.Card, AgentWorld.Pin);
        var first = await world.AgentAsync("pc-1", hanging);
        hanging.Mood = EportMood.Hanging;
        await world.World.DeliveredAsync(CustomsWorld.Payment("T1", "SO1"));
        var (sessionId, _) = await world.World.AskAsync("SO1");
        await Waiting.ForAsync(async () => await world.World.SqlAsync("SELECT COUNT(*) FROM sign_job WHERE leased_by = 'pc-1'"), count => count is 1L);

        await first.KillAsync();
        await world.AgentAsync("pc-2");
        // As waiting for its end would.
        await world.World.SqlAsync("UPDATE sign_job SET lease_until = 0");

        await world.World.WaitAsync(sessionId, "accepted");
        Assert.Equal(0, await world.JobsAsync());
        Assert.Single(world.World.Customs.Log.FindSession(sessionId)!.Uploads);
    }

    [Fact]
    public async Task Should_not_use_what_comes_after_the_lease_when_another_agent_has_the_text()
    {
        await using var world = await AgentWorld.StartAsync();
        var signing = Task.Run(() => world.World.Modules.Find<Signers>()!.Of("ningbo")[0].SignAsync(TestCards.Request, CancellationToken.None));
        // Nobody was heard of yet: it fails at once.
        await Assert.ThrowsAsync<SignerException>(() => signing);
        await world.World.Modules.Find<SignAgentTable>()!.SawAsync("ningbo", "pc-1", new() { Version = "1", Machine = "PC", Kind = "KeyFile", Error = "" }, closed: false);
        signing = world.World.Modules.Find<Signers>()!.Of("ningbo")[0].SignAsync(TestCards.Request, CancellationToken.None);
        var (one, two) = (new AgentIdentity("ningbo", "pc-1"), new AgentIdentity("ningbo", "pc-2"));
        var late = (await world.Desk.LeaseAsync(one, CancellationToken.None))!;
        await world.World.SqlAsync("UPDATE sign_job SET lease_until = 0");
        var now = (await world.Desk.LeaseAsync(two, CancellationToken.None))!;
        Assert.Equal((late.Job, late.Fence + 1), (now.Job, now.Fence));
        var signature = new Signature(late.Request.ProposedServiceTime, "late", "", []);

        Assert.False(await world.Desk.EndAsync(one, new AgentResult(late.Job, late.Fence, signature, null, "")));
        Assert.False(await world.Desk.EndAsync(one, new AgentResult(late.Job, now.Fence, signature, null, "")));
        Assert.True(await world.Desk.EndAsync(two, new AgentResult(now.Job, now.Fence, signature with { CertNo = "now" }, null, "")));
        Assert.False(await world.Desk.EndAsync(two, new AgentResult(now.Job, now.Fence, signature with { CertNo = "again" }, null, "")));

        Assert.Equal("now", (await signing).CertNo);
        Assert.Equal(0, await world.JobsAsync());
    }

    [Fact]
    public async Task Should_come_back_by_itself_when_the_module_was_off()
    {
        await using var world = await AgentWorld.StartAsync();
        var agent = await world.AgentAsync();
        await world.World.DeliveredAsync(CustomsWorld.Payment("T1", "SO1", "SO2"));
        await world.World.AnswerAsync("SO1");

        // An agent that waits for a text does not hold the module up.
        var off = TimeProvider.System.GetTimestamp();
        await world.World.Modules.DisableAsync("Erp.Customs", CancellationToken.None);
        Assert.InRange(TimeProvider.System.GetElapsedTime(off), TimeSpan.Zero, AgentWire.LongPoll / 2);
        await agent.PrintedAsync("is switched off or stopping");
        await world.World.Modules.EnableAsync("Erp.Customs", CancellationToken.None);

        await world.World.AnswerAsync("SO2");
    }

    [Fact]
    public async Task Should_be_shared_by_two_and_none_signed_in_vain()
    {
        await using var world = await AgentWorld.StartAsync();
        await using var other = await EportControl.StartAsync(world.Control.Card, AgentWorld.Pin);
        (world.Control.Latency, other.Latency) = (TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(20));
        await world.AgentAsync("pc-1");
        await world.AgentAsync("pc-2", other);
        var signer = world.World.Modules.Find<Signers>()!.Of("ningbo")[0];

        var requests = Enumerable.Range(0, 40).Select(number => TestCards.Request with { SessionId = $"session-{number}" }).ToList();
        var signatures = await Task.WhenAll(requests.Select(request => signer.SignAsync(request, CancellationToken.None)));

        Assert.All(requests.Zip(signatures), one =>
        {
            var check = SignatureCheck.Verify(TestCards.TextOf(one.Second, one.First), one.Second, TimeProvider.System.GetUtcNow());
            Assert.True(check.Ok, check.Sentence);
        });
        Assert.Equal(40, world.Control.Calls.Count + other.Calls.Count);
        Assert.NotEmpty(world.Control.Calls);
        Assert.NotEmpty(other.Calls);
    }

    [Theory]
    [InlineData(EportMood.Unplugged)]
    [InlineData(EportMood.Busy)]
    public async Task Should_wait_for_the_card_and_resume_when_it_is_back(EportMood mood)
    {
        await using var world = await AgentWorld.StartAsync(settings: new(StringComparer.Ordinal) { ["Customs:Circuit:ProbeEvery"] = "1" });
        await world.AgentAsync();
        await world.World.DeliveredAsync(CustomsWorld.Payment("T1", "SO1"));
        world.Control.Mood = mood;
        var (sessionId, _) = await world.World.AskAsync("SO1");
        var waiting = await world.World.WaitAsync(sessionId, "waiting_signer");
        Assert.Contains("签名代理 pc-1", waiting.Reason, StringComparison.Ordinal);
        Assert.NotEqual("", (await world.SeenAsync(agent => agent.Standing.Error.Length > 0))!.Standing.Error);

        world.Control.Mood = EportMood.Well;

        await world.World.WaitAsync(sessionId, "accepted");
        await world.SeenAsync(agent => agent.Standing.Error.Length == 0);
        Assert.Equal(0, world.Control.WrongPins);
    }
}
