using Erp.Customs.Simulator;

namespace Erp.Customs.Reliability.World;

/// <summary>A token of SoftHSM behind a library of its own that fails on demand, <c>failing_token.c</c>. A call of PKCS#11 has no id that could be another's.</summary>
internal sealed class FrailToken : FrailSigner
{
    private readonly SoftToken _token;
    private readonly string _library;

    private FrailToken(string merchant, IssuedCard card, SoftToken token, string library) : base(merchant, card)
    {
        (_token, _library) = (token, library);
        File.WriteAllText(Mood, " ");
        Mend();
    }

    /// <summary>Why there is none on this machine; <see langword="null"/> when there is.</summary>
    public static string? Absent => SoftToken.Library is null ? "There is no SoftHSM 2 (Debian: softhsm2)." : CLibrary.Absent;

    public override string Kind => "Pkcs11";

    public override IReadOnlyList<(string, string)> Settings => [("Library", _library), ("TokenLabel", _token.Label), ("KeyLabel", "sign"), ("Pin", Pin)];

    public override int WrongPins => File.Exists(_library + ".wrong") ? (int)new FileInfo(_library + ".wrong").Length : 0;

    public override IReadOnlyList<SignerFault> Faults { get; } = [.. Enum.GetValues<SignerFault>().Where(fault => fault != SignerFault.OtherId)];

    private string Mood => _library + ".mood";

    /// <summary>Builds the library that each has a copy of.</summary>
    public static Task<string> BuildAsync(string folder) => CLibrary.BuildAsync("failing_token", folder, $"-DREAL=\"{SoftToken.Library}\"");

    /// <summary>Makes one.</summary>
    /// <param name="merchant">Whose.</param>
    /// <param name="issuer">Of its key, and of another one on the same token.</param>
    /// <param name="built">See <see cref="BuildAsync"/>.</param>
    public static FrailSigner Create(string merchant, CardIssuer issuer, string built)
    {
        var card = issuer.Issue(CardKind.Rsa1024, merchant);
        var library = Path.ChangeExtension(built, $".{merchant}.so");
        File.Copy(built, library);
        return new FrailToken(merchant, card, SoftToken.Create(Pin, (card, "sign"), (issuer.Issue(CardKind.Rsa1024, merchant), "other")), library);
    }

    public override bool SignsWrongly(SignerFault fault) => fault is SignerFault.OtherCertNo or SignerFault.Garbage;

    public override void Break(SignerFault fault) => Write(fault switch
    {
        SignerFault.Hangs => 'h',
        SignerFault.Unplugged => 'u',
        SignerFault.WrongPin => 'p',
        SignerFault.Busy => 'b',
        SignerFault.OtherCertNo => 'o',
        SignerFault.Garbage => 'g',
        SignerFault.Cut => 'c',
        _ => throw new ArgumentOutOfRangeException(nameof(fault)),
    });

    public override void Mend() => Write('w');

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask; // its files lie in the fault's folder

    /// <summary>One byte in its place: whoever reads meanwhile finds the one or the other.</summary>
    private void Write(char mood)
    {
        using var file = new FileStream(Mood, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        file.WriteByte((byte)mood);
    }
}
