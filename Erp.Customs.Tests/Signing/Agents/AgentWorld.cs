using Erp.Customs.Module.Signing.Agents;
using Erp.Customs.Module.Storage;
using Erp.Customs.Reliability.World;
using Erp.Customs.Simulator;
using Erp.Customs.Tests.Hosting;
using Erp.Customs.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Erp.Customs.Tests.Signing.Agents;

/// <summary>A world whose merchant ningbo signs through agents, each a process of its own at a control with a card.</summary>
internal sealed class AgentWorld : IAsyncDisposable
{
    public const string Pin = "86427531";

    private readonly List<AgentProgram> _agents = [];

    private AgentWorld(CustomsWorld customs, EportControl control) => (World, Control) = (customs, control);

    public CustomsWorld World { get; }

    /// <summary>The control that agents use when none is named.</summary>
    public EportControl Control { get; }

    public Uri ModuleAddress => new(World.Http.BaseAddress!, "/customs");

    public AgentDesk Desk => World.Modules.Find<AgentDesk>()!;

    /// <summary>Starts the module and a control; no agent runs yet.</summary>
    /// <param name="kind">The card's.</param>
    /// <param name="settings">Settings beside those of the agents.</param>
    /// <param name="services">Services of the host.</param>
    /// <param name="section">Where the agents stand in the merchant's settings.</param>
    public static async Task<AgentWorld> StartAsync(
        CardKind kind = CardKind.Sm2, Dictionary<string, string?>? settings = null, Action<IServiceCollection>? services = null, string section = "Signing")
    {
        var card = new CardIssuer(TimeProvider.System).Issue(kind, "宁波海淘");
        var control = await EportControl.StartAsync(card, Pin);
        var world = await CustomsWorld.StartAsync(new(settings ?? [], StringComparer.Ordinal)
        {
            ["Customs:Merchants:ningbo:Signing:Kind"] = null,
            ["Customs:Merchants:ningbo:Signing:KeyFile"] = null,
            [$"Customs:Merchants:ningbo:{section}:Kind"] = "Agent",
            [$"Customs:Merchants:ningbo:{section}:Agents:pc-1"] = AgentProgram.Sum(TokenOf("pc-1")),
            [$"Customs:Merchants:ningbo:{section}:Agents:pc-2"] = AgentProgram.Sum(TokenOf("pc-2")),
        }, services);
        world.Customs.Register.RegisterPem(card.CertNo, CustomsWorld.EbpNingbo, card.CertificatePem);
        return new(world, control);
    }

    public static string TokenOf(string agent) => "token-of-" + agent;

    public string FolderOf(string agent) => Path.Combine(World.Folder, agent);

    /// <summary>Starts an agent and waits until the module has heard of it.</summary>
    public async Task<AgentProgram> AgentAsync(string name = "pc-1", EportControl? control = null, string pin = Pin)
    {
        AgentProgram.Prepare(FolderOf(name), ModuleAddress, TokenOf(name), control ?? Control, pin);
        return await StartAsync(name);
    }

    /// <summary>Starts an agent on the folder that it has.</summary>
    public async Task<AgentProgram> StartAsync(string name)
    {
        var agent = AgentProgram.Start(FolderOf(name));
        _agents.Add(agent);
        await agent.PrintedAsync("Connected to the module");
        return agent;
    }

    /// <summary>Waits until the module knows something of an agent.</summary>
    public Task<SeenAgent?> SeenAsync(Func<SeenAgent, bool> until, string name = "pc-1") => Waiting.ForAsync(
        async () => (await Desk.AgentsAsync("ningbo", CancellationToken.None)).Single(agent => agent.Name == name).Seen, seen => seen is not null && until(seen));

    /// <summary>How many texts are in the table.</summary>
    public async Task<long> JobsAsync() => (long)(await World.SqlAsync("SELECT COUNT(*) FROM sign_job"))!;

    public async ValueTask DisposeAsync()
    {
        foreach (var agent in _agents)
        {
            await agent.DisposeAsync();
        }

        await World.DisposeAsync();
        await Control.DisposeAsync();
    }
}
