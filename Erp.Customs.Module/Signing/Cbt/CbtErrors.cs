namespace Erp.Customs.Module.Signing.Cbt;

/// <summary>What the Shanghai CBT gateway's error codes mean (document 4.1), and what a person does about each.</summary>
internal static class CbtErrors
{
    /// <summary>Longest code that is shown. Theirs have up to 17 characters.</summary>
    private const int CodeLength = 32;

    private static readonly Dictionary<string, (SignerFailure Failure, string Zh, string En)> s_known = new(StringComparer.Ordinal)
    {
        ["ILLEGAL_ARGUMENT"] = (
            SignerFailure.Configuration,
            "参数不正确：请核对 CusName、CusCode、Token 与 HeaderNames 设置，以及该笔支付的金额、日期与字段长度",
            "an argument is wrong: check the settings CusName, CusCode, Token and HeaderNames, and the payment's amount, dates and lengths"),
        ["HASH_NO_PRIVILEGE"] = (
            SignerFailure.Configuration, "没有权限访问该服务：请核对 Token 与 CusCode，并向 CBT 确认已开通 179 加签服务", "no permission for this service: check Token and CusCode, and have CBT confirm that signing for notice 179 is granted"),
        ["ILLEGAL_CLIENT_IP"] = (
            SignerFailure.Configuration,
            "本机出口 IP 不在 CBT 的白名单中：请把本服务器访问外网所用的公网 IP（多出口、代理时为全部）报给 CBT 加入白名单",
            "this server's address is not on CBT's list of allowed IPs: give CBT the public IP from which this server goes out (all of them where there are several, or a proxy's) and have it added"),
        ["SYSTEM_ERROR"] = (SignerFailure.Transient, "系统错误，稍后自动重试；长时间不恢复请联系 CBT", "an error of its own; it is tried again, and CBT can tell more if it lasts"),
        ["CERT_NO_EXIST"] = (SignerFailure.Configuration, "CBT 没有该企业的证书：请向 CBT 确认证书已托管且未过期", "CBT hold no certificate of this firm: have them confirm that it is there and has not ended"),
    };

    /// <summary>Reads a code. An unknown one is tried again: there is no PIN that it could lock.</summary>
    public static SignerException Read(Uri address, string code)
    {
        var shown = code.Length <= CodeLength && code.All(character => char.IsAsciiLetterOrDigit(character) || character == '_') ? code : "?";
        var (failure, zh, en) = s_known.GetValueOrDefault(code, (SignerFailure.Transient, "未列入文档的错误", "an error that its document does not list"));
        return new(failure, Words.Of($"上海 CBT 网关 {address.Authority} 拒绝加签（{shown}）：{zh}", $"The Shanghai CBT gateway {address.Authority} refused to sign ({shown}): {en}"));
    }
}
