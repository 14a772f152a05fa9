using System.Security.Cryptography;
using Erp.Customs.Contracts;
using Erp.Customs.Contracts.Capture;
using Erp.Customs.Module.Storage;

namespace Erp.Customs.Module.Archive.Capture;

/// <summary>
/// Takes the messages that were captured in the ERP's process, and finds in them the raw exchange of a payment that is delivered without one.
/// </summary>
internal sealed class CaptureArchive(CaptureTable table, TimeProvider time) : ICaptureReceiver
{
    private static readonly string s_request = EnumWords<CapturedKind>.Word(CapturedKind.Request);
    private static readonly string s_response = EnumWords<CapturedKind>.Word(CapturedKind.Response);
    private static readonly string s_notify = EnumWords<CapturedKind>.Word(CapturedKind.Notify);

    public Task ReceiveAsync(IReadOnlyList<CapturedMessage> messages) => table.AddAsync([.. messages.Select(New)], time.GetUtcNow());

    /// <summary>Lists what was captured under a trade number.</summary>
    public async Task<IReadOnlyList<CaptureStatus>> ListAsync(string merchant, string tradeNo, CancellationToken cancellationToken) =>
    [
        .. (await table.ListAsync(merchant, tradeNo, cancellationToken)).Select(row => new CaptureStatus(
            row.Kind, StoredTime.Read(row.CapturedAt), row.Size, row.Charset, Convert.ToHexStringLower(row.Sha256), row.Origin, row.PayTransactionId)),
    ];

    /// <summary>
    /// The raw exchange for customs: the last notify, or without any the last response, and the last request that was sent before it. Messages without a byte do not count.
    /// Where requests or answers differ among themselves a flag says so, and a person can list them.
    /// </summary>
    public async Task<CapturedExchange> FindExchangeAsync(string merchant, string tradeNo)
    {
        var rows = (await table.ListAsync(merchant, tradeNo, CancellationToken.None)).Where(row => row.Size > 0).ToList();
        var requests = rows.FindAll(row => row.Kind == s_request);
        var answers = rows.FindAll(row => row.Kind == s_notify) is { Count: > 0 } notifies ? notifies : rows.FindAll(row => row.Kind == s_response);
        if (requests.Count == 0 || answers.Count == 0)
        {
            return CapturedExchange.Without(Missing(tradeNo, requests.Count == 0, answers.Count == 0));
        }

        var answer = answers[^1];
        var request = requests.FindLast(row => row.CapturedAt <= answer.CapturedAt) ?? requests[^1];
        if (await ReadAsync(request) is not { } sent || await ReadAsync(answer) is not { } received)
        {
            return CapturedExchange.Without(Missing(tradeNo, request: true, answer: true));
        }

        return new CapturedExchange(sent, received, [.. Several(requests, "request", tradeNo), .. Several(answers, "response", tradeNo)], null);
    }

    private static NewCapture New(CapturedMessage message)
    {
        var bytes = message.Message.Bytes.ToArray();
        var stored = new StoredMessage(bytes, message.Message.Charset, SHA256.HashData(bytes));
        return new(message.Id.ToString("N"), message.Merchant, message.TradeNo, message.Kind, stored, message.CapturedAt, message.Origin);
    }

    private static string Missing(string tradeNo, bool request, bool answer)
    {
        var (zh, en) = (request, answer) switch
        {
            (true, true) => ("请求与响应或通知", "neither request nor response or notify"),
            (true, false) => ("请求", "no request"),
            _ => ("响应或通知", "no response or notify"),
        };
        return Words.Of($"商户订单号 {tradeNo} 尚未采集到{zh}；采集到后请重新送入", $"Under trade number {tradeNo} {en} has been captured yet: deliver again when it has");
    }

    private static string[] Several(List<CaptureRow> rows, string what, string tradeNo) =>
        rows.Exists(row => !row.Sha256.AsSpan().SequenceEqual(rows[0].Sha256)) ? [$"several_captured_{what}s:{tradeNo}"] : [];

    private async Task<RawMessage?> ReadAsync(CaptureRow row) => await table.ContentAsync(row.Id, CancellationToken.None) is { } bytes ? new RawMessage(bytes, row.Charset) : null;
}

/// <summary>What was captured of a payment.</summary>
/// <param name="Request">原始请求.</param>
/// <param name="Response">原始响应.</param>
/// <param name="Flags">Things that a person should look at.</param>
/// <param name="Missing">What is not there yet, in both languages; <see langword="null"/> when all is.</param>
internal sealed record CapturedExchange(RawMessage? Request, RawMessage? Response, IReadOnlyList<string> Flags, string? Missing)
{
    /// <summary>Something is not there yet.</summary>
    public static CapturedExchange Without(string missing) => new(null, null, [], missing);
}
