using Org.BouncyCastle.Asn1.GM;
using Org.BouncyCastle.Crypto.Parameters;

namespace Erp.Customs.Simulator.Judging;

/// <summary>SM2's curve, sm2p256v1 (GB/T 32918.5).</summary>
internal static class Sm2Curve
{
    /// <summary>Its parameters.</summary>
    public static ECDomainParameters Domain { get; } = CreateDomain();

    private static ECDomainParameters CreateDomain()
    {
        var curve = GMNamedCurves.GetByOid(GMObjectIdentifiers.sm2p256v1);
        return new ECDomainParameters(curve.Curve, curve.G, curve.N, curve.H);
    }
}
