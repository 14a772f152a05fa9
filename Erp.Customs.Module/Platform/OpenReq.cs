namespace Erp.Customs.Module.Platform;

/// <summary>openReq: what customs ask for (notice 179, 1.6.1.2).</summary>
/// <param name="OrderNo">申报订单的订单编号.</param>
/// <param name="SessionId">海关发起请求时，平台接收的会话ID.</param>
/// <param name="ServiceTime">调用时的系统时间, Unix milliseconds as they came; empty when absent. Kept, never judged.</param>
internal sealed record OpenReq(string OrderNo, string SessionId, string ServiceTime);

/// <summary>Codes that platDataOpen answers (notice 179, 1.6.4: 10000 taken, 20000 failed, 20001..21000 errors of our own naming).</summary>
internal static class OpenReqCode
{
    /// <summary>Stored, durable.</summary>
    public const string Accepted = "10000";

    /// <summary>Not stored, not the caller's fault: switched off, too many at once, database down. Customs may ask again.</summary>
    public const string Failed = "20000";

    /// <summary>The sessionID belongs to another order.</summary>
    public const string SessionOfOtherOrder = "20001";

    /// <summary>No openReq can be read from the request.</summary>
    public const string Unreadable = "20002";

    /// <summary>orderNo is missing or has the wrong shape.</summary>
    public const string BadOrderNo = "20003";

    /// <summary>sessionID is missing or has the wrong shape. (20004 has a published meaning in the other direction and is left alone.)</summary>
    public const string BadSessionId = "20005";

    /// <summary>The body is larger than an openReq can be.</summary>
    public const string TooLarge = "20006";

    /// <summary>No merchant of that name in the address.</summary>
    public const string UnknownAddress = "20007";
}
