namespace Erp.Customs.Contracts.Capture;

/// <summary>
/// Capture of raw payment exchanges (支付原始报文) in the ERP's own process. Whatever happens in it, the payment goes on as if it were not there:
/// nothing here throws, waits for a disk or holds a message back.
/// </summary>
/// <remarks>
/// What is captured waits in memory, bounded, for a moment; then it is in the running module, or in a file of the spool folder until the module runs again.
/// What can be kept in neither is counted and logged by its trade number.
/// </remarks>
public interface IPaymentCapture
{
    /// <summary>Notes a message that the ERP has in hand as text, e.g. the address of an Alipay page (支付宝跳转地址), which no HTTP client ever sends. Kept as UTF-8.</summary>
    /// <param name="merchant">The merchant's name in the module's settings.</param>
    /// <param name="tradeNo">商户订单号, out_trade_no.</param>
    /// <param name="kind">What it is.</param>
    /// <param name="text">The whole message.</param>
    /// <param name="origin">Where it comes from, for people; no personal data.</param>
    void Note(string merchant, string tradeNo, CapturedKind kind, string text, string origin = "note");

    /// <summary>Notes a message that the ERP has in hand as bytes.</summary>
    /// <param name="merchant">The merchant's name in the module's settings.</param>
    /// <param name="tradeNo">商户订单号, out_trade_no.</param>
    /// <param name="kind">What it is.</param>
    /// <param name="message">The whole message; copied before the call returns.</param>
    /// <param name="origin">Where it comes from, for people; no personal data.</param>
    void Note(string merchant, string tradeNo, CapturedKind kind, RawMessage message, string origin = "note");

    /// <summary>A handler for an HTTP client that no factory makes; <c>AddRawPaymentCapture</c> adds the same to one that a factory makes.</summary>
    /// <param name="configure">Whose exchanges, and how their trade numbers are found.</param>
    /// <exception cref="InvalidOperationException">An option is missing or wrong.</exception>
    DelegatingHandler Handler(Action<RawPaymentCaptureOptions> configure);

    /// <summary>How many messages came out so, since the process started.</summary>
    /// <param name="outcome">How.</param>
    long Count(CaptureOutcome outcome);

    /// <summary>How many messages wait in files of the spool folder for the module to run.</summary>
    int Spooled { get; }

    /// <summary>Ends when everything captured before the call is in the module or in a file, and what went otherwise is logged. For tests, and before a process is ended on purpose.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task FlushAsync(CancellationToken cancellationToken);
}

/// <summary>What became of a message, or of an attempt to capture one. The counter <c>erp.customs.captures</c> of the meter <c>Erp.Customs.Capture</c> has it as its tag.</summary>
public enum CaptureOutcome
{
    /// <summary>Captured, with its trade number.</summary>
    Captured,

    /// <summary>Durable in the module.</summary>
    Stored,

    /// <summary>Durable in a file of the spool folder; it is counted as stored, too, when it is in the module later.</summary>
    Spooled,

    /// <summary>Captured and then lost, because neither module nor folder could take it and memory was full, or because its file was damaged.</summary>
    Lost,

    /// <summary>Not captured: larger than the limit. It was passed on untouched.</summary>
    TooLarge,

    /// <summary>Not captured: it was not sent or read to its end.</summary>
    Incomplete,

    /// <summary>Not captured: no trade number (or no merchant) was found, or not of the permitted shape.</summary>
    Unassigned,

    /// <summary>Not captured: a notify that the ERP did not accept, which may be anybody's.</summary>
    Refused,

    /// <summary>A function of the options threw, or something of ours did. The payment did not notice.</summary>
    Failed,
}
