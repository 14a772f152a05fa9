namespace Erp.Customs.Module.Signing.Schemes;

/// <summary>签名算法: the two schemes of customs' cards. The certificate's key decides which one it is, never the beginning of certNo.</summary>
internal static class SignatureScheme
{
    /// <summary>PKCS#1 v1.5 with SHA-1; as long as the modulus, 128 bytes (172 Base64 characters) on a 1024-bit card.</summary>
    public const string RsaSha1 = "RSA-SHA1";

    /// <summary>国密 SM2 with SM3, user id 1234567812345678; raw r||s, 64 bytes (88 Base64 characters).</summary>
    public const string Sm2Sm3 = "SM2-SM3";
}
