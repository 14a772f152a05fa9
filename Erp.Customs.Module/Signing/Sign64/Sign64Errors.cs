namespace Erp.Customs.Module.Signing.Sign64;

/// <summary>What Sign64.dll's return codes mean (protocol section 3). One that nobody knows may be a wrong PIN in other words, and a few of those lock the card.</summary>
internal static class Sign64Errors
{
    /// <summary>Reads a code that is not 0.</summary>
    public static SignerException Read(int code) => code switch
    {
        -1 => new(SignerFailure.Transient, Words.Of("Sign64.dll：卡初始化失败（-1），请检查读卡器与卡是否插好", "Sign64.dll: the card could not be initialised (-1): see that reader and card are plugged in")),
        -2 => new(SignerFailure.Pin, Words.Of("Sign64.dll：PIN 有误（-2）", "Sign64.dll: the PIN is wrong (-2)")),
        -3 => new(SignerFailure.Transient, Words.Of("Sign64.dll：签名失败（-3）", "Sign64.dll: the card did not sign (-3)")),
        -4 => new(SignerFailure.Configuration, Words.Of("Sign64.dll：编码失败（-4）", "Sign64.dll: the result could not be encoded (-4)")),
        _ => new(SignerFailure.Pin, Words.Of(
            $"Sign64.dll 报告了未知错误（{code}）；为免锁卡，查明前不再尝试", $"Sign64.dll reports an error that nobody knows ({code}); lest the card lock, it is not tried again until a person has looked")),
    };
}
