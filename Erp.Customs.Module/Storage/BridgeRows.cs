using Erp.Customs.Module.Storage.Keeping;

namespace Erp.Customs.Module.Storage;

/// <summary>An order at the payment-customs bridge (推单), as stored. Times are UTC with milliseconds.</summary>
internal sealed record BridgeOrder
{
    /// <summary>Ours; what the worker is given.</summary>
    public required long Id { get; init; }

    /// <summary>The merchant's name in the settings.</summary>
    public required string Merchant { get; init; }

    /// <summary>商户订单号.</summary>
    public required string OrderNo { get; init; }

    /// <summary><c>A</c> or <c>U</c>: how the content is pushed.</summary>
    public required string Operation { get; init; }

    /// <summary>What the ERP handed in last, JSON; holds personal data.</summary>
    public required byte[] Content { get; init; }

    /// <summary>SHA-256 of the content.</summary>
    public required byte[] ContentSha256 { get; init; }

    /// <summary>Where it stands.</summary>
    public required BridgeState State { get; init; }

    /// <summary>The bridge's last code that decided anything; may be empty.</summary>
    public required string Code { get; init; }

    /// <summary>Why it stands there, in words without personal data; empty when all is well.</summary>
    public required string Reason { get; init; }

    /// <summary>Things that a person should look at.</summary>
    public required IReadOnlyList<string> Flags { get; init; }

    /// <summary>PushOrder calls.</summary>
    public required int Attempts { get; init; }

    /// <summary>GetOrder calls.</summary>
    public required int Polls { get; init; }

    /// <summary>From when on the present waiting is counted.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>When it is due again; <see langword="null"/> when nothing will happen by itself.</summary>
    public DateTimeOffset? NextAttemptAt { get; init; }

    /// <summary>Until when a worker holds it.</summary>
    public DateTimeOffset? LeaseUntil { get; init; }

    /// <summary>Grows with every claim; a worker that holds an older number can save nothing.</summary>
    public required long Fence { get; init; }

    /// <summary>A callback or a person wants GetOrder asked, whatever the state.</summary>
    public required bool Asked { get; init; }

    /// <summary>With which code the bridge took a push: 0000, 9905 or 9906; <see langword="null"/> while it took none.</summary>
    public string? TakenCode { get; init; }

    /// <summary>The push that it took: 原始请求.</summary>
    public long? TakenExchangeId { get; init; }

    /// <summary>The GetOrder that told of payment and declaration: 原始响应.</summary>
    public long? PaidExchangeId { get; init; }

    /// <summary>支付单号.</summary>
    public string? PaymentNo { get; init; }

    /// <summary>支付状态.</summary>
    public string? PaymentStatus { get; init; }

    /// <summary>PayTime of GetOrder.</summary>
    public DateTimeOffset? PaidAt { get; init; }

    /// <summary><c>bridge</c> or <c>erp</c>: whose exchange customs are answered from.</summary>
    public string? Archived { get; init; }

    /// <summary>When it was handed in first.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When anything changed last.</summary>
    public required DateTimeOffset ChangedAt { get; init; }

    /// <summary>When an end state was reached.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>Merchant and number alone.</summary>
    public override string ToString() => $"{Merchant} {OrderNo}";
}

/// <summary>Where an order stands at the bridge; the same words in table, API and screens (snake_case there).</summary>
internal enum BridgeState
{
    /// <summary>待推送: stored, not pushed yet.</summary>
    Pending,

    /// <summary>已推送: the bridge took it; GetOrder is asked until it is paid and declared.</summary>
    Pushed,

    /// <summary>待确认: the bridge says that it has it already; GetOrder tells.</summary>
    Confirming,

    /// <summary>已支付+已报关.</summary>
    Done,

    /// <summary>数据有误: a person corrects it and hands it in again.</summary>
    DataError,

    /// <summary>需处理: a person must look.</summary>
    NeedsPerson,

    /// <summary>待重推: it is pushed again by itself.</summary>
    WaitingRetry,
}

/// <summary>What an exchange with the bridge was.</summary>
internal enum BridgeExchangeKind
{
    /// <summary>PushOrder.</summary>
    Push,

    /// <summary>GetOrder.</summary>
    Get,

    /// <summary>The bridge called us.</summary>
    Callback,
}

/// <summary>One exchange with the bridge, byte for byte.</summary>
/// <param name="Id">Ours.</param>
/// <param name="Kind">What it was.</param>
/// <param name="StartedAt">Before the first byte went out.</param>
/// <param name="EndedAt">When it was over; <see langword="null"/> while it is on its way or when the process died.</param>
/// <param name="Arrival">Whether the bridge has what was sent.</param>
/// <param name="HttpStatus">Where there was one.</param>
/// <param name="Request">The JSON of the form field <c>data</c>; of a callback the whole body.</param>
/// <param name="Reply">As received; empty when there was none.</param>
/// <param name="Code">ReturnCode, where it could be read.</param>
/// <param name="Error">What went wrong underneath; no personal data.</param>
internal sealed record BridgeExchange(
    long Id, BridgeExchangeKind Kind, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, Arrival Arrival, int? HttpStatus, byte[] Request, byte[] Reply, string? Code, string Error);

/// <summary>How a worker leaves an order. Applied only under the fence that the worker holds; it lets go of the order with it.</summary>
/// <param name="State">The new state.</param>
/// <param name="Code">The bridge's code that decided it.</param>
/// <param name="Reason">In words without personal data.</param>
/// <param name="Flags">All that are set from now on.</param>
/// <param name="NextAttemptAt">When it is due again; <see langword="null"/> for never by itself.</param>
internal sealed record BridgeChange(BridgeState State, string Code, string Reason, IReadOnlyList<string> Flags, DateTimeOffset? NextAttemptAt)
{
    /// <summary>The bridge took a push with this code; the waiting is counted anew.</summary>
    public string? TakenCode { get; init; }

    /// <summary>The bridge refuses the merchant: its pushes stop with this change.</summary>
    public bool StopsMerchant { get; init; }

    /// <summary>The payment that this GetOrder told of.</summary>
    public BridgePayment? Payment { get; init; }

    /// <summary>Whose exchange is in the archive now.</summary>
    public string? Archived { get; init; }

    /// <summary>What is written with it, such as what people are to be told.</summary>
    public AlsoWrite? Also { get; init; }
}

/// <summary>A payment that the bridge told of.</summary>
/// <param name="PaymentNo">支付单号.</param>
/// <param name="PaymentStatus">支付状态.</param>
/// <param name="PaidAt">PayTime; <see langword="null"/> when it could not be read.</param>
internal sealed record BridgePayment(string PaymentNo, string PaymentStatus, DateTimeOffset? PaidAt);

/// <summary>A merchant whose pushes the bridge has refused.</summary>
/// <param name="Merchant">The merchant's name in the settings.</param>
/// <param name="StoppedAt">When.</param>
/// <param name="Code">9911 or 9912.</param>
/// <param name="Reason">In words.</param>
internal sealed record BridgeStop(string Merchant, DateTimeOffset StoppedAt, string Code, string Reason);

/// <summary>A row of <c>bridge_order</c> as its columns are.</summary>
internal sealed class BridgeOrderRow
{
    /// <summary>The columns, for a SELECT.</summary>
    public const string Columns = """
        id AS Id, merchant AS Merchant, order_no AS OrderNo, operation AS Operation, content AS Content, content_sha256 AS ContentSha256, state AS State, code AS Code,
        reason AS Reason, flags AS Flags, attempts AS Attempts, polls AS Polls, since AS Since, next_attempt_at AS NextAttemptAt, lease_until AS LeaseUntil, fence AS Fence,
        asked AS Asked, taken_code AS TakenCode, taken_exchange_id AS TakenExchangeId, paid_exchange_id AS PaidExchangeId, payment_no AS PaymentNo,
        payment_status AS PaymentStatus, paid_at AS PaidAt, archived AS Archived, created_at AS CreatedAt, changed_at AS ChangedAt, finished_at AS FinishedAt
        """;

    public long Id { get; set; }
    public string Merchant { get; set; } = "";
    public string OrderNo { get; set; } = "";
    public string Operation { get; set; } = "";
    public byte[] Content { get; set; } = [];
    public byte[] ContentSha256 { get; set; } = [];
    public string State { get; set; } = "";
    public string Code { get; set; } = "";
    public string Reason { get; set; } = "";
    public string Flags { get; set; } = "";
    public int Attempts { get; set; }
    public int Polls { get; set; }
    public long Since { get; set; }
    public long? NextAttemptAt { get; set; }
    public long? LeaseUntil { get; set; }
    public long Fence { get; set; }
    public int Asked { get; set; }
    public string? TakenCode { get; set; }
    public long? TakenExchangeId { get; set; }
    public long? PaidExchangeId { get; set; }
    public string? PaymentNo { get; set; }
    public string? PaymentStatus { get; set; }
    public long? PaidAt { get; set; }
    public string? Archived { get; set; }
    public long CreatedAt { get; set; }
    public long ChangedAt { get; set; }
    public long? FinishedAt { get; set; }

    /// <summary>The row in the words of the module.</summary>
    public BridgeOrder Read(ContentVault vault) => new()
    {
        Id = Id,
        Merchant = Merchant,
        OrderNo = OrderNo,
        Operation = Operation,
        Content = vault.Open(Content),
        ContentSha256 = ContentSha256,
        State = EnumWords<BridgeState>.Parse(State),
        Code = Code,
        Reason = Reason,
        Flags = Flags.Split(',', StringSplitOptions.RemoveEmptyEntries),
        Attempts = Attempts,
        Polls = Polls,
        Since = StoredTime.Read(Since),
        NextAttemptAt = StoredTime.Read(NextAttemptAt),
        LeaseUntil = StoredTime.Read(LeaseUntil),
        Fence = Fence,
        Asked = Asked != 0,
        TakenCode = TakenCode,
        TakenExchangeId = TakenExchangeId,
        PaidExchangeId = PaidExchangeId,
        PaymentNo = PaymentNo,
        PaymentStatus = PaymentStatus,
        PaidAt = StoredTime.Read(PaidAt),
        Archived = Archived,
        CreatedAt = StoredTime.Read(CreatedAt),
        ChangedAt = StoredTime.Read(ChangedAt),
        FinishedAt = StoredTime.Read(FinishedAt),
    };

    /// <summary>Flags as they stand in the column: a comma around each, so that one can be searched for.</summary>
    public static string Stored(IReadOnlyList<string> flags) => flags.Count == 0 ? "" : $",{string.Join(',', flags)},";
}

/// <summary>A row of <c>bridge_exchange</c>.</summary>
internal sealed class BridgeExchangeRow
{
    public long Id { get; set; }
    public string Kind { get; set; } = "";
    public long StartedAt { get; set; }
    public long? EndedAt { get; set; }
    public string Arrival { get; set; } = "";
    public int? HttpStatus { get; set; }
    public byte[] Request { get; set; } = [];
    public byte[] Reply { get; set; } = [];
    public string? Code { get; set; }
    public string Error { get; set; } = "";

    /// <summary>The row in the words of the module.</summary>
    public BridgeExchange Read(ContentVault vault) => new(
        Id, EnumWords<BridgeExchangeKind>.Parse(Kind), StoredTime.Read(StartedAt), StoredTime.Read(EndedAt), EnumWords<Arrival>.Parse(Arrival), HttpStatus, vault.Open(Request), vault.Open(Reply), Code, Error);
}

/// <summary>A row of <c>bridge_stop</c>.</summary>
internal sealed class BridgeStopRow
{
    public string Merchant { get; set; } = "";
    public long StoppedAt { get; set; }
    public string Code { get; set; } = "";
    public string Reason { get; set; } = "";

    /// <summary>The row in the words of the module.</summary>
    public BridgeStop Read() => new(Merchant, StoredTime.Read(StoppedAt), Code, Reason);
}
