using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Erp.Customs.Simulator;

/// <summary>
/// The payment-customs bridge (支付报关系统 API v1.1) as far as it is known: takes orders, pays and declares them after a number of questions, answers its codes,
/// calls back when it is told to, and goes wrong on demand. Orders and whatever was said about them stand in an append-only log of its own.
/// </summary>
public sealed class PaymentBridge : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Merchant, string OrderNo), Order> _orders = [];
    private readonly List<BridgeMood> _moods = [];
    private readonly BridgeLog _log;
    private readonly TimeProvider _time;
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, UseCookies = false })
    {
        Timeout = TimeSpan.FromSeconds(30),
        MaxResponseContentBufferSize = 64 * 1024,
    };

    internal PaymentBridge(string logFile, TimeProvider time)
    {
        _log = BridgeLog.Open(logFile);
        _time = time;
        foreach (var line in _log.Lines)
        {
            Remember(line);
        }
    }

    /// <summary>How often GetOrder is answered "not paid yet" before an order is paid and declared. The default value is 1. Concerns orders from then on.</summary>
    public int PollsUntilPaid { get; set; } = 1;

    /// <summary>Everything that was sent and received, oldest first.</summary>
    public IReadOnlyList<BridgeLine> Lines
    {
        get
        {
            lock (_gate)
            {
                return [.. _log.Lines];
            }
        }
    }

    /// <summary>The moods that are still to be met.</summary>
    public IReadOnlyList<BridgeMood> Moods
    {
        get
        {
            lock (_gate)
            {
                return [.. _moods];
            }
        }
    }

    /// <summary>The lines of one order.</summary>
    /// <param name="orderNo">订单号.</param>
    /// <param name="call">Only these calls, e.g. PushOrder; all when left out.</param>
    public IReadOnlyList<BridgeLine> LinesOf(string orderNo, string? call = null) => [.. Lines.Where(line => line.OrderNo == orderNo && (call is null || line.Call == call))];

    /// <summary>Sets a mood behind those that are set.</summary>
    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    public void Set(BridgeMood mood)
    {
        if (mood.Problem() is { } problem)
        {
            throw new ArgumentException(problem, nameof(mood));
        }

        lock (_gate)
        {
            _moods.Add(mood);
        }
    }

    /// <summary>Forgets all moods.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _moods.Clear();
        }
    }

    /// <summary>Pays and declares an order at once, whatever the polls say. Also one that is not there: it was pushed by somebody else.</summary>
    /// <param name="merchantName">商户名称.</param>
    /// <param name="orderNo">订单号.</param>
    public void Pay(string merchantName, string orderNo)
    {
        lock (_gate)
        {
            Write(new BridgeLine(_time.GetUtcNow(), "pay", orderNo, merchantName, "", "", "", null) { Took = true, Paid = true });
        }
    }

    /// <summary>支付单号 of an order: the same each time.</summary>
    public static string PaymentNo(string orderNo) =>
        "11" + string.Concat(SHA256.HashData(Encoding.UTF8.GetBytes(orderNo)).Take(16).Select(one => (char)('0' + (one % 10))));

    /// <summary>Calls back, as the document says: <c>data={"order_no",…}</c>.</summary>
    /// <param name="address">Of the firm.</param>
    /// <param name="orderNo">The order.</param>
    /// <param name="shape">How it is written.</param>
    /// <param name="paymentNo">Another number than the order's, for a forged callback.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>HTTP status and body of the answer.</returns>
    public async Task<(int Status, string Body)> CallBackAsync(
        Uri address, string orderNo, BridgeCallbackShape shape = BridgeCallbackShape.Form, string? paymentNo = null, CancellationToken cancellationToken = default)
    {
        var json = $$"""{"order_no":"{{orderNo}}","payment_no":"{{paymentNo ?? PaymentNo(orderNo)}}","result":"T","result_msg":"已支付+已报关"}""";
        var (body, type) = shape switch
        {
            BridgeCallbackShape.Form => ("data=" + Uri.EscapeDataString(json), "application/x-www-form-urlencoded"),
            BridgeCallbackShape.Literal => ("data=" + json, "application/x-www-form-urlencoded"),
            _ => (json, "application/json"),
        };
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.ContentType = new(type);
        using var response = await _http.PostAsync(address, content, cancellationToken);
        var answer = await response.Content.ReadAsStringAsync(cancellationToken);
        lock (_gate)
        {
            _log.Append(new BridgeLine(_time.GetUtcNow(), "callback", orderNo, "", body, answer, "", null));
        }

        return ((int)response.StatusCode, answer);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _http.Dispose();
        _log.Dispose();
    }

    /// <summary>Judges a call, remembers what follows from it and writes it down.</summary>
    internal BridgeVerdict Decide(string call, string text)
    {
        var data = BridgeData.Read(text);
        var isGet = call.StartsWith("Get", StringComparison.Ordinal);
        lock (_gate)
        {
            var mood = Take(isGet, data?["OrderNo"] ?? "");
            var works = mood is null or { Kind: not (BridgeMoodKind.Code or BridgeMoodKind.CutBefore or BridgeMoodKind.Status or BridgeMoodKind.Garbage or BridgeMoodKind.Redirect) };
            var (code, took, paid) = !works ? (mood!.Kind is BridgeMoodKind.Code ? mood.Code : "", false, false)
                : data is null ? ("9904", false, false)
                : isGet ? Ask(data, mood)
                : Push(data);
            var reply = isGet ? BridgeReplies.Get(data, code, paid, mood, PaidAt(data)) : BridgeReplies.Push(data, code, mood);
            Write(new BridgeLine(
                _time.GetUtcNow(), call, data?["OrderNo"] ?? "", data?["MerchantName"] ?? "", text, code, reply, mood?.Kind.ToString())
            {
                Took = took,
                Paid = paid,
            });
            return new BridgeVerdict(reply, mood);
        }
    }

    private (string Code, bool Took, bool Paid) Push(BridgeData data)
    {
        var operation = data["OperationType"];
        var refusal = operation is not ("A" or "U") ? "9907"
            : data["OrderNo"].Length == 0 ? "9916"
            : data["ReceiverCardNo"].Length == 0 ? "9901"
            : data["ReceiverName"].Length == 0 ? "9902"
            : data["ReceiverMobile"].Length == 0 ? "9903"
            : data["MerchantName"].Length == 0 || data["CapitalName"].Length == 0 || data["ItemNames"].Length == 0 || data["TotalNum"].Length == 0
                || !DateTime.TryParseExact(data["ShopPayTime"], "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out _)
                || data["OrderTotal"].Split('.') is not [_, { Length: 2 }] ? "9904"
            : null;
        if (refusal is not null)
        {
            return (refusal, false, false);
        }

        var known = _orders.GetValueOrDefault((data["MerchantName"], data["OrderNo"]));
        return (known, operation) switch
        {
            ({ Paid: true }, _) => ("9906", false, true),
            (not null, "A") => ("9905", false, false),
            (null, "U") => ("9916", false, false),
            _ => ("0000", true, false),
        };
    }

    private (string Code, bool Took, bool Paid) Ask(BridgeData data, BridgeMood? mood)
    {
        if (_orders.GetValueOrDefault((data["MerchantName"], data["OrderNo"])) is not { } order)
        {
            return ("9999", false, false);
        }

        if (mood is { Kind: BridgeMoodKind.CustomsMsg or BridgeMoodKind.PaymentMsg })
        {
            return ("0000", false, false);
        }

        return ("0000", false, order.Paid || order.Polls >= order.PollsUntilPaid || mood is { Kind: BridgeMoodKind.Revoked or BridgeMoodKind.BlankForPlus or BridgeMoodKind.NoPayTime });
    }

    private DateTimeOffset PaidAt(BridgeData? data) =>
        data is not null && _orders.GetValueOrDefault((data["MerchantName"], data["OrderNo"])) is { } order ? order.PaidAt : default;

    private BridgeMood? Take(bool isGet, string orderNo)
    {
        var index = _moods.FindIndex(mood => mood.IsGet == isGet && (mood.OrderNo is null || mood.OrderNo == orderNo));
        if (index < 0)
        {
            return null;
        }

        var mood = _moods[index];
        if (mood.Times > 1)
        {
            _moods[index] = mood with { Times = mood.Times - 1 };
        }
        else
        {
            _moods.RemoveAt(index);
        }

        return mood;
    }

    private void Write(BridgeLine line)
    {
        _log.Append(line);
        Remember(line);
    }

    private void Remember(BridgeLine line)
    {
        var key = (line.MerchantName, line.OrderNo);
        if (line.Took && !_orders.ContainsKey(key))
        {
            // A second after it came, so that a reply to the same order is the same bytes each time.
            _orders[key] = new Order { PaidAt = line.At.AddSeconds(1), PollsUntilPaid = PollsUntilPaid };
        }

        if (_orders.GetValueOrDefault(key) is { } order)
        {
            order.Paid |= line.Paid;
            order.Polls += line.Call.StartsWith("Get", StringComparison.Ordinal) ? 1 : 0;
        }
    }

    private sealed class Order
    {
        public required DateTimeOffset PaidAt { get; init; }
        public required int PollsUntilPaid { get; init; }
        public bool Paid { get; set; }
        public int Polls { get; set; }
    }
}

/// <summary>How a callback is written.</summary>
public enum BridgeCallbackShape
{
    /// <summary>A form field, percent-encoded.</summary>
    Form,

    /// <summary>A form field as it is: its plus becomes a blank in a form's parser.</summary>
    Literal,

    /// <summary>The JSON alone.</summary>
    Json,
}

/// <summary>What a call is answered with.</summary>
/// <param name="Reply">The body.</param>
/// <param name="Mood">What is done to it on its way.</param>
internal sealed record BridgeVerdict(string Reply, BridgeMood? Mood);
