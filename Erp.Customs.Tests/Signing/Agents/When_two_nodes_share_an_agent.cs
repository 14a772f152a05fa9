using Erp.Customs.Reliability.World;
using Erp.Customs.Simulator;
using Erp.Customs.Tests.Hosting;
using Erp.Customs.Tests.Storage;
using Erp.Customs.Tests.Support;

namespace Erp.Customs.Tests.Signing.Agents;

/// <summary>Two nodes on one PostgreSQL, and an agent that reaches the one alone: what the other needs signed goes through the table.</summary>
public sealed class When_two_nodes_share_an_agent : NeedsTool<PostgresEngine>, IDisposable
{
    private const string Token = "token-of-pc-1";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("erp-customs-two-nodes-");

    public void Dispose() => _folder.Delete(recursive: true);

    [EngineFact]
    public async Task Should_have_the_texts_of_both_signed()
    {
        var server = await PrivatePostgres.NewDatabaseAsync();
        try
        {
            await SignsAsync(server);
        }
        finally
        {
            await PrivatePostgres.DropDatabaseAsync(server);
        }
    }

    private async Task SignsAsync(string server)
    {
        const string Merchant = "Customs:Merchants:ningbo:Signing:";
        await using var control = await EportControl.StartAsync(new CardIssuer(TimeProvider.System).Issue(CardKind.Sm2, "ningbo"), AgentWorld.Pin);
        await using var rehearsal = await Rehearsal.StartAsync(
            _folder.FullName, payments: 2,
            ("Customs:Database:Engine", "postgresql"), ("Customs:Database:ConnectionString", server), (Merchant + "Kind", "Agent"), (Merchant + "Agents:pc-1", AgentProgram.Sum(Token)));
        rehearsal.Customs.Register.RegisterPem(control.Card.CertNo, CustomsWorld.EbpNingbo, control.Card.CertificatePem);
        await using var second = await rehearsal.StartNodeAsync("second");
        var pc = Path.Combine(_folder.FullName, "pc-1");
        AgentProgram.Prepare(pc, new Uri(second.Address, "/customs"), Token, control, AgentWorld.Pin);
        await using var agent = AgentProgram.Start(pc);
        await agent.PrintedAsync("Connected to the module");

        for (var text = 1; text <= 5; text++)
        {
            // Asked in the first node's own process, which no agent calls.
            Assert.Contains("\"ok\":true", await rehearsal.PostAsync("/customs/api/merchants/ningbo/test-signing"), StringComparison.Ordinal);
            Assert.Equal(text, control.Calls.Count);
        }

        var sessionId = Caller.NewSessionId();
        await rehearsal.Customs.Caller.CallPlatDataOpenAsync(rehearsal.PlatDataOpen, rehearsal.Orders[1], sessionId, OpenReqShape.Usual, CancellationToken.None);
        await Waiting.ForAsync(() => Task.FromResult(rehearsal.Customs.Log.FindSession(sessionId)), session => session is { AcceptedCount: 1 });
        Assert.Equal(6, control.Calls.Count);
        Assert.Equal(0, await rehearsal.SignJobsAsync());
    }
}
