using Erp.Customs.Simulator;

namespace Erp.Customs.Reliability.World;

/// <summary>The Shanghai CBT gateway. It knows no PIN.</summary>
internal sealed class FrailGateway : FrailSigner
{
    private const string Token = "CANARY-rehearsal-token";

    private readonly CbtGateway _gateway;
    private readonly string _certificate;

    private FrailGateway(string merchant, CbtGateway gateway, string certificate) : base(merchant, gateway.Card) => (_gateway, _certificate) = (gateway, certificate);

    public override string Kind => "CbtGateway";

    public override IReadOnlyList<(string, string)> Settings =>
        [("Address", _gateway.Address.ToString()), ("CertificateFile", _certificate), ("CusName", "广州海淘"), ("CusCode", "4404840022"), ("Token", Token)];

    public override int WrongPins => 0;

    public override IReadOnlyList<SignerFault> Faults { get; } = [.. Enum.GetValues<SignerFault>().Where(fault => fault != SignerFault.WrongPin)];

    public static async Task<FrailSigner> StartAsync(string merchant, CardIssuer issuer, string folder)
    {
        var gateway = await CbtGateway.StartAsync(issuer.Issue(CardKind.Rsa1024, merchant), Token);
        var certificate = Path.Combine(folder, merchant + ".cer");
        gateway.Card.WriteCertificate(certificate);
        return new FrailGateway(merchant, gateway, certificate);
    }

    public override void Break(SignerFault fault) => _gateway.Mood = fault switch
    {
        SignerFault.Hangs => CbtMood.Hanging,
        SignerFault.OtherId => CbtMood.OtherSerial,
        SignerFault.Unplugged => CbtMood.SystemError,
        SignerFault.Busy => CbtMood.Busy,
        SignerFault.OtherCertNo => CbtMood.OtherCertNo,
        SignerFault.Garbage => CbtMood.Garbage,
        SignerFault.Cut => CbtMood.Cut,
        _ => throw new ArgumentOutOfRangeException(nameof(fault)),
    };

    public override void Mend() => _gateway.Mood = CbtMood.Well;

    public override ValueTask DisposeAsync() => _gateway.DisposeAsync();
}
