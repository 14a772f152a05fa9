using Erp.Customs.Simulator;

namespace Erp.Customs.Reliability.World;

/// <summary>A card at an EportClient control.</summary>
internal sealed class FrailControl : FrailSigner
{
    private const string OtherPin = "CANARY-13572468";

    private readonly EportControl _control;

    private FrailControl(string merchant, EportControl control) : base(merchant, control.Card) => _control = control;

    public override string Kind => "EportClient";

    public override IReadOnlyList<(string, string)> Settings => [("Address", _control.Address.ToString()), ("Pin", Pin)];

    public override int WrongPins => _control.Calls.Count(call => !call.PinWasRight);

    public override IReadOnlyList<SignerFault> Faults { get; } = Enum.GetValues<SignerFault>();

    public static async Task<FrailSigner> StartAsync(string merchant, CardIssuer issuer) => new FrailControl(merchant, await EportControl.StartAsync(issuer.Issue(CardKind.Sm2, merchant), Pin));

    public override void Break(SignerFault fault)
    {
        _control.Mood = fault switch
        {
            SignerFault.Hangs => EportMood.Hanging,
            SignerFault.OtherId => EportMood.OtherId,
            SignerFault.Unplugged => EportMood.Unplugged,
            SignerFault.Busy => EportMood.Busy,
            SignerFault.OtherCertNo => EportMood.OtherCertNo,
            SignerFault.Garbage => EportMood.Garbage,
            SignerFault.Cut => EportMood.Cut,
            _ => EportMood.Well,
        };
        _control.Pin = fault == SignerFault.WrongPin ? OtherPin : Pin;
    }

    public override void Mend() => (_control.Mood, _control.Pin) = (EportMood.Well, Pin);

    public override ValueTask DisposeAsync() => _control.DisposeAsync();
}
