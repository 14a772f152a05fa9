namespace Erp.Customs.Contracts;

/// <summary>
/// The module's services to the ERP in the same process; the integration API offers the same over HTTP.
/// A host finds it through <see cref="Hosting.IErpModules.Find{T}"/> while the module runs.
/// </summary>
public interface ICustoms
{
    /// <summary>Stores one payment with its raw exchange and all of its orders. Repeating a delivery changes nothing.</summary>
    /// <param name="payment">The payment; identity is merchant + payTransactionId.</param>
    /// <param name="cancellationToken">Ends the wait. A payment that is already being written is stored all the same.</param>
    Task<DeliveryReceipt> DeliverAsync(PaymentDelivery payment, CancellationToken cancellationToken);

    /// <summary>Makes a new version of a stored payment: everything but the raw exchange is replaced, old versions are kept.</summary>
    /// <param name="correction">The payment as it should be.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<DeliveryReceipt> CorrectAsync(PaymentCorrection correction, CancellationToken cancellationToken);

    /// <summary>Reads how a request of customs stands.</summary>
    /// <param name="sessionId">Customs' sessionID.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    Task<RequestStatus?> FindRequestAsync(string sessionId, CancellationToken cancellationToken);

    /// <summary>Reads what is stored about an order, and customs' requests about it.</summary>
    /// <param name="orderNo">The order number.</param>
    /// <param name="merchant">Needed only where order numbers of several merchants overlap.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    Task<OrderStatus?> FindOrderAsync(string orderNo, string? merchant, CancellationToken cancellationToken);

    /// <summary>Lets a merchant's requests be uploaded again after customs had refused its certificate (20004) and its uploads were stopped; or else its cards be tried again that had met a wrong PIN.</summary>
    /// <param name="merchant">The merchant's name in the module's settings.</param>
    /// <param name="by">Who decided it: a user or the name of an API key.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns><see langword="false"/> when its uploads were not stopped and none of its cards closed.</returns>
    Task<bool> ReopenUploadsAsync(string merchant, string by, CancellationToken cancellationToken);

    /// <summary>试签名: has each of a merchant's signers sign a harmless text and verifies it. A wrong PIN closes the signer, as it does anywhere.</summary>
    /// <param name="merchant">The merchant's name in the module's settings.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <returns>One test for each signer in order of preference; <see langword="null"/> when there is no such merchant.</returns>
    Task<IReadOnlyList<SigningTest>?> TestSigningAsync(string merchant, CancellationToken cancellationToken);

    /// <summary>The certificate that customs' registration page wants, for a merchant's first signer or the one with that number.</summary>
    /// <param name="merchant">The merchant's name in the module's settings.</param>
    /// <param name="certNo">证书编号; <see langword="null"/> for the preferred signer's.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <returns><see langword="null"/> when there is no such merchant or certificate.</returns>
    /// <exception cref="InvalidOperationException">The card cannot be read now; the message is a sentence for people, <c>中文 | English</c>.</exception>
    Task<CertificateToRegister?> CertificateAsync(string merchant, string? certNo, CancellationToken cancellationToken);

    /// <summary>
    /// Takes an order in for the payment-customs bridge (推单). Returns when it is stored; it is pushed, followed and put into the archive from there on.
    /// The same order with the same content again changes nothing; what the bridge refused is corrected by handing it in again.
    /// </summary>
    /// <param name="push">The order; identity is merchant + orderNo.</param>
    /// <param name="cancellationToken">Ends the wait. An order that is already being written is stored all the same.</param>
    Task<PushReceipt> PushOrderAsync(OrderPush push, CancellationToken cancellationToken);

    /// <summary>Reads how an order stands at the payment-customs bridge.</summary>
    /// <param name="orderNo">The order number.</param>
    /// <param name="merchant">Needed only where order numbers of several merchants overlap.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    Task<PushStatus?> FindPushAsync(string orderNo, string? merchant, CancellationToken cancellationToken);

    /// <summary>Lets a merchant's orders be pushed again after the bridge had refused them for arrears or a missing contract.</summary>
    /// <param name="merchant">The merchant's name in the module's settings.</param>
    /// <param name="by">Who decided it: a user or the name of an API key.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns><see langword="false"/> when its pushes were not stopped.</returns>
    Task<bool> ReopenPushesAsync(string merchant, string by, CancellationToken cancellationToken);

    /// <summary>Lists what was captured of a payment, without any content, the oldest first; see <see cref="Capture.IPaymentCapture"/>.</summary>
    /// <param name="merchant">The merchant's name in the module's settings.</param>
    /// <param name="tradeNo">商户订单号 under which it was captured.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    Task<IReadOnlyList<CaptureStatus>> FindCapturesAsync(string merchant, string tradeNo, CancellationToken cancellationToken);

    /// <summary>
    /// 交易完结: tells when delivery or after-sales of an order ended, as soon as the ERP knows it, also before its payment is delivered. Records are kept for their term counted from the latest of the
    /// payment, these ends and customs' last request. Telling it again changes nothing; a later end makes a term longer, none makes it shorter.
    /// </summary>
    /// <param name="end">Which order ended when.</param>
    /// <param name="cancellationToken">Ends the wait. An end that is already being written is stored all the same.</param>
    /// <returns>What is wrong with it, <c>中文 | English</c>; <see langword="null"/> when it is stored.</returns>
    Task<string?> EndOrderAsync(OrderEnd end, CancellationToken cancellationToken);

    /// <summary>联调: uploads an order's payment to customs' test address, and to no other, in a session of its own.</summary>
    /// <param name="orderNo">The order number.</param>
    /// <param name="merchant">Needed only where order numbers of several merchants overlap.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The session to follow with <see cref="FindRequestAsync"/>; <see langword="null"/> when no payment of the order is stored.</returns>
    Task<string?> UploadTestAsync(string orderNo, string? merchant, CancellationToken cancellationToken);

    /// <summary>Computes the SHA-256 of every stored byte string again and compares it with the one that was computed when it arrived.</summary>
    /// <param name="progress">Told now and then how far it is.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    Task<ArchiveSums> RecomputeSumsAsync(IProgress<ArchiveSumsProgress>? progress, CancellationToken cancellationToken);

    /// <summary>
    /// Verifies that the archive is what was sealed (docs/evidence.md): computes every hash of the chain again and holds it against the signed checkpoints, above all those outside the database.
    /// </summary>
    /// <param name="range">Which part of it.</param>
    /// <param name="progress">Told now and then how far it is.</param>
    /// <param name="cancellationToken">Ends it early; a run over everything can be gone on with.</param>
    Task<ArchiveVerification> VerifyArchiveAsync(ArchiveRange range, IProgress<ArchiveVerificationProgress>? progress, CancellationToken cancellationToken);

    /// <summary>
    /// Makes the evidence bundle of an order (docs/evidence.md): a ZIP with everything that is kept about it, in clear, and what is needed to verify it without the module. Who takes it, and why, is
    /// written down first; the caller has made sure that this user may see personal data.
    /// </summary>
    /// <param name="orderNo">The order.</param>
    /// <param name="merchant">Its merchant; may be left out where only one has this number.</param>
    /// <param name="user">Who takes it.</param>
    /// <param name="reason">Why, in at most 200 characters.</param>
    /// <param name="cancellationToken">Ends it.</param>
    Task<EvidenceBundle> ExportEvidenceAsync(string orderNo, string? merchant, string user, string reason, CancellationToken cancellationToken);
}

/// <summary>The end of delivery or after-sales of an order.</summary>
/// <param name="Merchant">The merchant's name in the module's settings.</param>
/// <param name="OrderNo">The order number, 1 to 128 characters.</param>
/// <param name="Kind">What ended.</param>
/// <param name="EndedAt">When; it may lie ahead, 366 days at most, where the end of an after-sales term is known.</param>
/// <param name="ToldBy">Who tells: a user or the name of an API key, 1 to 128 characters.</param>
public sealed record OrderEnd(string Merchant, string OrderNo, OrderEndKind Kind, DateTimeOffset EndedAt, string ToldBy);

/// <summary>What of an order ended.</summary>
public enum OrderEndKind
{
    /// <summary><c>delivered</c>: the goods were handed over.</summary>
    Delivered,

    /// <summary><c>after_sales</c>: no return, exchange or claim is possible or open any more.</summary>
    AfterSales,
}

/// <summary>An evidence bundle, or why there is none.</summary>
/// <param name="FileName">What to call it.</param>
/// <param name="Content">A ZIP; empty when there is none.</param>
/// <param name="Problem">Why there is none, <c>中文 | English</c>; empty when there is one.</param>
public sealed record EvidenceBundle(string FileName, ReadOnlyMemory<byte> Content, string Problem);

/// <summary>What is registered with customs: the pair of certNo and ebpCode, and the certificate's file (notice 179, 1.3.2).</summary>
/// <param name="CertNo">证书编号, lower-case hex as it must be registered.</param>
/// <param name="EbpCode">电商平台代码 with which it is registered.</param>
/// <param name="FileName">As the file should be called, ending with .cer.</param>
/// <param name="Der">The certificate, DER.</param>
public sealed record CertificateToRegister(string CertNo, string EbpCode, string FileName, ReadOnlyMemory<byte> Der);

/// <summary>How a test of a signer came out.</summary>
/// <param name="Ok">Signed, and verified with the signer's certificate.</param>
/// <param name="Kind">As in the setting <c>Signing:Kind</c>.</param>
/// <param name="Signer">Which of the merchant's signers: its kind and where it is plugged in.</param>
/// <param name="Scheme">RSA-SHA1 or SM2-SM3; empty when it did not sign.</param>
/// <param name="CertNo">证书编号; empty when it did not sign.</param>
/// <param name="NotBefore">Begin of the certificate's term.</param>
/// <param name="NotAfter">End of the certificate's term.</param>
/// <param name="Took">What the signer took.</param>
/// <param name="Sentence">How it came out, in words, <c>中文 | English</c>.</param>
public sealed record SigningTest(
    bool Ok, string Kind, string Signer, string Scheme, string CertNo, DateTimeOffset? NotBefore, DateTimeOffset? NotAfter, TimeSpan Took, string Sentence);

/// <summary>A message as it went over the wire. Kept byte for byte; never parsed and written again.</summary>
/// <param name="Bytes">The bytes.</param>
/// <param name="Charset">IANA name of the encoding, e.g. <c>utf-8</c> or <c>gbk</c>.</param>
public sealed record RawMessage(ReadOnlyMemory<byte> Bytes, string Charset);

/// <summary>Everything about a payment that may be corrected later. Names as in notice 179, table of 1.6.3.</summary>
/// <param name="PayCode">Customs code of the payment company, up to 18 characters.</param>
/// <param name="TotalAmount">The amount paid, at most 14 digits before and 5 after the point.</param>
/// <param name="Currency">Customs code of the currency: 142 CNY, 502 USD.</param>
/// <param name="VerDept">Who can verify it: 1 UnionPay, 2 NetsUnion, 3 other.</param>
/// <param name="PayType">1 APP, 2 PC, 3 scan, 4 other; empty when unknown.</param>
/// <param name="TradingTime">When the payment succeeded.</param>
/// <param name="Note">Up to 1000 characters; may be empty.</param>
/// <param name="Orders">Every order that the payment paid; at least one.</param>
public sealed record PaymentFacts(
    string PayCode,
    decimal TotalAmount,
    string Currency,
    string VerDept,
    string PayType,
    DateTimeOffset TradingTime,
    string Note,
    IReadOnlyList<PaidOrder> Orders);

/// <summary>An order that a payment paid.</summary>
/// <param name="OrderNo">As declared to customs, up to 60 characters.</param>
/// <param name="Goods">What was bought; at least one.</param>
/// <param name="RecpAccount">Account of the seller, up to 60 characters.</param>
/// <param name="RecpCode">Unified social credit code of the seller; empty for foreign sellers.</param>
/// <param name="RecpName">Name of the seller, up to 100 characters.</param>
public sealed record PaidOrder(string OrderNo, IReadOnlyList<Goods> Goods, string RecpAccount, string RecpCode, string RecpName);

/// <summary>One kind of goods in an order.</summary>
/// <param name="GName">Its true name, up to 250 characters.</param>
/// <param name="ItemLink">Its page; several links are joined by <c>;</c>; up to 3000 characters.</param>
public sealed record Goods(string GName, string ItemLink);

/// <summary>One payment with its raw exchange.</summary>
/// <param name="Merchant">The merchant's name in the module's settings.</param>
/// <param name="PayTransactionId">The number that UnionPay or NetsUnion can verify; the payment company's own only if neither can.</param>
/// <param name="InitialRequest">What was sent to the payment company.</param>
/// <param name="InitialResponse">What came back.</param>
/// <param name="Facts">Everything else.</param>
public sealed record PaymentDelivery(string Merchant, string PayTransactionId, RawMessage InitialRequest, RawMessage InitialResponse, PaymentFacts Facts)
{
    /// <summary>
    /// 商户订单号 under which the raw exchange was captured (see <see cref="Capture.IPaymentCapture"/>): then this delivery carries none, and the captured request and the
    /// captured notify (or, without one, the response) become the payment's, for good. <see langword="null"/> for a delivery that carries it.
    /// </summary>
    public string? TradeNo { get; init; }

    /// <summary>A payment whose raw exchange was captured.</summary>
    /// <param name="merchant">The merchant's name in the module's settings.</param>
    /// <param name="payTransactionId">The number that UnionPay or NetsUnion can verify; the payment company's own only if neither can.</param>
    /// <param name="tradeNo">商户订单号.</param>
    /// <param name="facts">Everything else.</param>
    public static PaymentDelivery OfCaptured(string merchant, string payTransactionId, string tradeNo, PaymentFacts facts) =>
        new(merchant, payTransactionId, new RawMessage(default, "utf-8"), new RawMessage(default, "utf-8"), facts) { TradeNo = tradeNo };
}

/// <summary>A correction of a stored payment. It has no raw exchange, because that never changes.</summary>
/// <param name="Merchant">The merchant's name in the module's settings.</param>
/// <param name="PayTransactionId">The stored payment's number.</param>
/// <param name="Facts">All of it as it should be.</param>
/// <param name="CorrectedBy">Who corrects: a user or the name of an API key.</param>
public sealed record PaymentCorrection(string Merchant, string PayTransactionId, PaymentFacts Facts, string CorrectedBy);

/// <summary>What became of a delivery or a correction.</summary>
public enum DeliveryOutcome
{
    /// <summary>Stored, durable.</summary>
    Stored,

    /// <summary>The very same was stored before; nothing changed.</summary>
    AlreadyStored,

    /// <summary>A new version was stored.</summary>
    Corrected,

    /// <summary>Not stored: something that identifies it is missing or has the wrong shape.</summary>
    Invalid,

    /// <summary>Not stored: it contradicts what is stored.</summary>
    Conflict,

    /// <summary>Not stored: there is no such payment to correct.</summary>
    NotFound,

    /// <summary>Not stored: its raw exchange has not been captured (yet). The same delivery again, later, is stored when it has.</summary>
    NotCaptured,
}

/// <summary>The answer to a delivery.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Version">The version that counts now; 0 when nothing is stored.</param>
/// <param name="Sentence">Why nothing was stored; empty otherwise. No personal data.</param>
/// <param name="Violations">What would keep customs from getting an answer from this payment; each names field and limit. Stored all the same.</param>
/// <param name="Flags">Things that a person should look at, e.g. <c>order_in_two_payments:ORDER</c>.</param>
public sealed record DeliveryReceipt(
    DeliveryOutcome Outcome,
    int Version,
    string Sentence,
    IReadOnlyList<string> Violations,
    IReadOnlyList<string> Flags);

/// <summary>How a request of customs stands. Times are UTC.</summary>
/// <param name="SessionId">Customs' sessionID.</param>
/// <param name="OrderNo">The order asked for.</param>
/// <param name="Merchant">Whose order it is; <see langword="null"/> while unknown.</param>
/// <param name="State">received, waiting_data, waiting_signer, signed, sending, unknown, accepted, rejected, session_used or needs_person.</param>
/// <param name="Reason">Why it stands there, in words; empty when all is well.</param>
/// <param name="Attempts">How often it was sent.</param>
/// <param name="ReceivedAt">When it was stored; customs were answered after that.</param>
/// <param name="Deadline">When the answer is due.</param>
/// <param name="SignedAt">When the signed message was saved.</param>
/// <param name="FinishedAt">When an end state was reached.</param>
/// <param name="NextAttemptAt">When the module will try again; <see langword="null"/> when it will not by itself.</param>
/// <param name="CertNo">Serial number of the certificate that signed.</param>
/// <param name="CustomsCode">Code of customs' last answer.</param>
/// <param name="CustomsMessage">Message of customs' last answer.</param>
/// <param name="PayloadSha256">SHA-256 of the message that is sent, lower-case hex.</param>
public sealed record RequestStatus(
    string SessionId,
    string OrderNo,
    string? Merchant,
    string State,
    string Reason,
    int Attempts,
    DateTimeOffset ReceivedAt,
    DateTimeOffset Deadline,
    DateTimeOffset? SignedAt,
    DateTimeOffset? FinishedAt,
    DateTimeOffset? NextAttemptAt,
    string? CertNo,
    string? CustomsCode,
    string? CustomsMessage,
    string? PayloadSha256);

/// <summary>What is stored about an order. Raw data is not part of it.</summary>
/// <param name="OrderNo">The order number.</param>
/// <param name="Merchant">Whose order it is.</param>
/// <param name="PayTransactionId">The payment that counts.</param>
/// <param name="PaymentVersion">Its version that counts.</param>
/// <param name="TotalAmount">Amount of the whole payment.</param>
/// <param name="Currency">Customs code of the currency.</param>
/// <param name="TradingTime">When the payment succeeded.</param>
/// <param name="InitialRequestSha256">SHA-256 of the stored raw request, lower-case hex.</param>
/// <param name="InitialResponseSha256">SHA-256 of the stored raw response, lower-case hex.</param>
/// <param name="Flags">Things that a person should look at, e.g. <c>order_in_two_payments</c>.</param>
/// <param name="Violations">What would keep customs from getting an answer; empty when the order can be answered.</param>
/// <param name="Requests">Customs' requests about it, newest first.</param>
public sealed record OrderStatus(
    string OrderNo,
    string Merchant,
    string PayTransactionId,
    int PaymentVersion,
    decimal TotalAmount,
    string Currency,
    DateTimeOffset TradingTime,
    string InitialRequestSha256,
    string InitialResponseSha256,
    IReadOnlyList<string> Flags,
    IReadOnlyList<string> Violations,
    IReadOnlyList<RequestStatus> Requests);

/// <summary>A captured message, without its content.</summary>
/// <param name="Kind">request, response, notify or notify_answer.</param>
/// <param name="CapturedAt">When it was sent or received.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Charset">IANA name of the encoding.</param>
/// <param name="Sha256">Of the bytes, lower-case hex.</param>
/// <param name="Origin">Where it was captured.</param>
/// <param name="PayTransactionId">The payment that it belongs to; <see langword="null"/> until that is delivered.</param>
public sealed record CaptureStatus(string Kind, DateTimeOffset CapturedAt, int Size, string Charset, string Sha256, string Origin, string? PayTransactionId);

/// <summary>How far a recomputation of sums has come.</summary>
/// <param name="Checked">Byte strings compared.</param>
/// <param name="Total">Byte strings there were when it began.</param>
public sealed record ArchiveSumsProgress(long Checked, long Total);

/// <summary>What a recomputation of sums found.</summary>
/// <param name="Checked">Byte strings compared.</param>
/// <param name="Differences">Those that are not what they were when they arrived, by table, row and column, e.g. <c>payment 17 request</c>; empty when all is well.</param>
public sealed record ArchiveSums(long Checked, IReadOnlyList<string> Differences);
