using Erp.Customs.Simulator;

namespace Erp.Customs.Reliability.World;

/// <summary>A key of a merchant of its own, and what goes wrong on the way to it.</summary>
/// <param name="merchant">The merchant's name in the settings.</param>
/// <param name="card">Key and certificate.</param>
internal abstract class FrailSigner(string merchant, IssuedCard card) : IAsyncDisposable
{
    /// <summary>The right PIN.</summary>
    protected const string Pin = "CANARY-86427531";

    /// <summary>Whose it is.</summary>
    public string Merchant { get; } = merchant;

    /// <summary>Key and certificate.</summary>
    public IssuedCard Card { get; } = card;

    /// <summary>As in the setting <c>Signing:Kind</c>.</summary>
    public abstract string Kind { get; }

    /// <summary>Settings under <c>Signing</c>.</summary>
    public abstract IReadOnlyList<(string Name, string Value)> Settings { get; }

    /// <summary>How often a wrong PIN was tried, by the device's own count.</summary>
    public abstract int WrongPins { get; }

    /// <summary>What can go wrong there.</summary>
    public abstract IReadOnlyList<SignerFault> Faults { get; }

    /// <summary>Whether a fault shows in a signature that does not verify, which a person is shown, and not in a call that fails, which is tried again.</summary>
    public virtual bool SignsWrongly(SignerFault fault) => false;

    /// <summary>It goes wrong until it is mended.</summary>
    public abstract void Break(SignerFault fault);

    /// <summary>All is well again.</summary>
    public abstract void Mend();

    public abstract ValueTask DisposeAsync();
}

/// <summary>What goes wrong at a signer.</summary>
internal enum SignerFault
{
    /// <summary>No answer comes for a minute.</summary>
    Hangs,

    /// <summary>The answer bears another call's id.</summary>
    OtherId,

    /// <summary>Card or token are pulled out.</summary>
    Unplugged,

    /// <summary>The device has another PIN now.</summary>
    WrongPin,

    /// <summary>The device has another call.</summary>
    Busy,

    /// <summary>Another certificate's key signs.</summary>
    OtherCertNo,

    /// <summary>What is no answer, or no signature.</summary>
    Garbage,

    /// <summary>It breaks off in the middle of the answer.</summary>
    Cut,
}
