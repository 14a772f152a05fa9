using System.Globalization;

namespace Erp.Customs.Module.Signing;

/// <summary>加签原文: what is signed (notice 179, 1.4).</summary>
internal static class SignText
{
    /// <summary>
    /// Four items joined by <c>||</c>, each <c>"name":"value"</c> in ASCII quotes, nothing escaped again, nothing trimmed.
    /// Head and lists must be the very characters that stand in payExInfoStr. It is signed as UTF-8 without BOM.
    /// </summary>
    public static string Compose(string sessionId, string head, string lists, long serviceTime) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"\"sessionID\":\"{sessionId}\"||\"payExchangeInfoHead\":\"{head}\"||\"payExchangeInfoLists\":\"{lists}\"||\"serviceTime\":\"{serviceTime}\"");
}
