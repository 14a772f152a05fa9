using System.Security.Cryptography;

namespace Erp.Customs.Module.Signing.Pkcs11;

/// <summary>What PKCS#1 v1.5 puts between padding and digest (RFC 8017, 9.2): the device's plain RSA mechanism adds the padding itself.</summary>
internal static class RsaSha1Padding
{
    private static readonly byte[] s_prefix = Convert.FromHexString("3021300906052B0E03021A05000414");

    /// <summary>DigestInfo of the SHA-1 of a text.</summary>
#pragma warning disable CA5350 // Customs know no other digest for RSA.
    public static byte[] DigestInfo(byte[] text) => [.. s_prefix, .. SHA1.HashData(text)];
#pragma warning restore CA5350
}
