using Erp.Customs.Module;
using Erp.Customs.Simulator;

namespace Erp.Customs.Benchmarks.World;

/// <summary>A card for the benchmarks' merchant, in a key file.</summary>
/// <param name="Card">Key and certificate.</param>
/// <param name="Merchant">The merchant that signs with it.</param>
/// <param name="CertificateFile">The certificate alone, PEM.</param>
internal sealed record BenchCard(IssuedCard Card, MerchantOptions Merchant, string CertificateFile)
{
    /// <summary>Issues one.</summary>
    public static BenchCard Issue(string folder, CardKind kind)
    {
        const string Password = "rehearsal";
        var card = new CardIssuer(TimeProvider.System).Issue(kind, "Benchmarks");
        var (keyFile, certificateFile) = (Path.Combine(folder, $"{kind}.pem"), Path.Combine(folder, $"{kind}.crt"));
        card.WriteKey(keyFile, Password);
        card.WriteCertificate(certificateFile);
        return new(card, new MerchantOptions(BenchPayments.Merchant, BenchPayments.EbpCode, RawPolicy.Raw, new SigningOptions("KeyFile", keyFile, Password, null)), certificateFile);
    }
}
