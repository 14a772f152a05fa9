namespace Erp.Customs.Module.Signing.Eport;

/// <summary>
/// What a control's error list means. Only what is known to be harmless is tried again: an error that nobody knows may be a wrong PIN in other words, and a few of those lock the card.
/// </summary>
internal static class EportErrors
{
    /// <summary>A part of an error's text, and what it says to a person. The first that is found counts.</summary>
    private static readonly (string Part, SignerFailure Failure, string Zh, string En)[] s_known =
    [
        ("密码", SignerFailure.Pin, "PIN 有误", "the PIN is wrong"),
        ("口令", SignerFailure.Pin, "PIN 有误", "the PIN is wrong"),
        ("PIN", SignerFailure.Pin, "PIN 有误", "the PIN is wrong"),
        ("锁", SignerFailure.Pin, "卡已锁定", "the card is locked"),
        ("Err:Custom50070", SignerFailure.Transient, "读卡器复位失败，请检查卡是否插好并重启控件", "the reader could not be reset: see that the card is in it, and restart the control"),
        ("Err:Custom50200", SignerFailure.Transient, "控件须重启", "the control must be restarted"),
        ("Err:Base60408", SignerFailure.Transient, "卡没有应答", "the card did not answer"),
        ("50070", SignerFailure.Transient, "读卡器复位失败，请检查卡是否插好", "the reader could not be reset: see that the card is in it"),
        ("读卡器", SignerFailure.Transient, "读卡器或卡不可用", "reader or card is not there"),
        ("忙", SignerFailure.Transient, "卡正忙", "the card is busy"),
    ];

    /// <summary>Reads an error list. Its codes are shown, its words are not: nobody knows what a control writes into them.</summary>
    public static SignerException Read(Uri address, IReadOnlyList<string> errors)
    {
        var text = string.Join(' ', errors);
        var codes = string.Join(' ', errors.SelectMany(error => error.Split(' ')).Where(word => word.StartsWith("Err:", StringComparison.Ordinal) && word.Length <= 40));
        var known = Array.Find(s_known, one => text.Contains(one.Part, StringComparison.OrdinalIgnoreCase));
        return known.Part is null
            ? new(SignerFailure.Pin, Words.Of(
                $"签名控件 {address} 报告了未知错误 {codes}；为免锁卡，查明前不再尝试", $"The control at {address} reports an error that nobody knows {codes}; lest the card lock, it is not tried again until a person has looked"))
            : new(known.Failure, Words.Of($"签名控件 {address}：{known.Zh} {codes}", $"The control at {address}: {known.En} {codes}"));
    }
}
