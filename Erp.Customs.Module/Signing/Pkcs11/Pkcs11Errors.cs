using Net.Pkcs11Interop.Common;

namespace Erp.Customs.Module.Signing.Pkcs11;

/// <summary>What C_Login's answers mean. Only what has surely tried no PIN is tried again.</summary>
internal static class Pkcs11Errors
{
    private static readonly CKR[] s_noPinTried =
    [
        CKR.CKR_TOKEN_NOT_PRESENT, CKR.CKR_DEVICE_REMOVED, CKR.CKR_DEVICE_MEMORY, CKR.CKR_HOST_MEMORY, CKR.CKR_SESSION_CLOSED, CKR.CKR_SESSION_HANDLE_INVALID, CKR.CKR_CRYPTOKI_NOT_INITIALIZED,
        CKR.CKR_FUNCTION_CANCELED, CKR.CKR_OPERATION_ACTIVE, CKR.CKR_TOKEN_NOT_RECOGNIZED,
    ];

    /// <summary>Reads an answer of C_Login.</summary>
    /// <param name="label">The token's.</param>
    /// <param name="answer">What it answered.</param>
    public static SignerException OfLogin(string label, CKR answer) => answer switch
    {
        CKR.CKR_PIN_INCORRECT or CKR.CKR_PIN_INVALID or CKR.CKR_PIN_LEN_RANGE => new(SignerFailure.Pin, Words.Of($"PKCS#11 令牌 {label}：PIN 有误（{answer}）", $"The PKCS#11 token {label}: the PIN is wrong ({answer})")),
        CKR.CKR_PIN_LOCKED => new(SignerFailure.Pin, Words.Of($"PKCS#11 令牌 {label} 的 PIN 已锁定", $"The PIN of the PKCS#11 token {label} is locked")),
        _ when s_noPinTried.Contains(answer) => new(SignerFailure.Transient, Words.Of($"PKCS#11 令牌 {label} 报告 {answer}", $"The PKCS#11 token {label} reports {answer}")),
        _ => new(SignerFailure.Pin, Words.Of(
            $"PKCS#11 令牌 {label} 登录时报告 {answer}；为免锁定，查明前不再尝试", $"The PKCS#11 token {label} reports {answer} at the login; lest it lock, it is not tried again until a person has looked")),
    };
}
