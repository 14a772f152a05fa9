using Erp.Customs.Module.Signing;
using Erp.Customs.Simulator;
using Erp.Customs.Tests.Signing.Agents;
using Erp.Customs.Tests.Support;

namespace Erp.Customs.Tests.Signing;

/// <summary>A card behind a sign agent does what every signer must: the real module, the real agent as a process, a control with a card.</summary>
public abstract class AgentSignerCompliance : SignerCompliance
{
    private readonly CardKind _card;
    private AgentWorld? _world;

    // The agent has a clock of its own.
    protected AgentSignerCompliance(CardKind card) => (_card, Time) = (card, new ManualTime(TimeProvider.System.GetUtcNow()));

    private protected override string Kind => "Agent";

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await _world!.DisposeAsync();
    }

    private protected override async ValueTask<ISigner> OpenAsync()
    {
        _world = await AgentWorld.StartAsync(_card);
        await _world.AgentAsync();
        return _world.World.Modules.Find<Signers>()!.Of(CustomsWorld.Ningbo)[0];
    }
}

public sealed class RsaAgentSignerCompliance() : AgentSignerCompliance(CardKind.Rsa1024);

public sealed class Sm2AgentSignerCompliance() : AgentSignerCompliance(CardKind.Sm2);
