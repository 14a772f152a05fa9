using System.Data.Common;
using System.Security.Cryptography;
using Erp.Customs.Contracts;
using Erp.Customs.Module.Storage;
using Erp.Customs.Module.Storage.Keeping;

namespace Erp.Customs.Module.Archive;

/// <summary>
/// The evidence: each payment's raw exchange, byte for byte and never changed, beside every version of what is said about it.
/// Identity is merchant + payTransactionId. Who may deliver and whether customs could take it is asked before (<c>PaymentIntake</c>).
/// </summary>
internal sealed class PaymentArchive(CustomsDatabase database, TimeProvider time, CustomsOptions options)
{
    /// <summary>Byte strings read at a time while sums are recomputed. 100.</summary>
    private const int SumPage = 100;

    private readonly PaymentTable _payments = new(database);
    private readonly SumTable _sums = new(database);

    /// <summary>Stores a payment with its first version, and wakes the requests that waited for it. The same delivery again changes nothing.</summary>
    public Task<ArchiveResult> AppendAsync(PaymentDelivery delivery)
    {
        var request = Arrived(delivery.InitialRequest);
        var response = Arrived(delivery.InitialResponse);
        var facts = FactsJson.Store(delivery.Facts);
        var kept = database.Content.KeepTogether(request.Bytes, response.Bytes, facts.Json);
        return database.WriteAsync(async (connection, transaction) =>
        {
            await _payments.LockOrdersAsync(connection, transaction, facts.OrderNos);
            if (await PaymentTable.FindAsync(connection, transaction, delivery.Merchant, delivery.PayTransactionId) is { } stored)
            {
                return await CompareAsync(connection, transaction, stored, delivery, request, response, facts);
            }

            if (await ClashAsync(connection, transaction, delivery.Merchant, facts) is { } clash)
            {
                return Conflict(0, 0, clash);
            }

            if (delivery.TradeNo is { } used && await CaptureTable.PaymentOfAsync(connection, transaction, delivery.Merchant, used) is not null)
            {
                return Conflict(0, 0, Words.Of($"商户订单号 {used} 的原始报文已属于另一笔支付", $"What was captured under trade number {used} is another payment's already"));
            }

            var now = time.GetUtcNow();
            var id = await _payments.InsertAsync(connection, transaction, delivery.Merchant, delivery.PayTransactionId, kept, request, response, now, facts.TradingTime);
            await _payments.InsertVersionAsync(connection, transaction, id, version: 1, facts, kept: [], now, createdBy: "");
            if (delivery.TradeNo is { } tradeNo)
            {
                await CaptureTable.AssignAsync(connection, transaction, delivery.Merchant, tradeNo, id);
            }

            return await StoredAsync(connection, transaction, DeliveryOutcome.Stored, id, version: 1, delivery.Merchant, facts, now);
        });
    }

    /// <summary>Adds a version of everything but the raw exchange, and wakes the requests that waited for it.</summary>
    public Task<ArchiveResult> CorrectAsync(PaymentCorrection correction)
    {
        var facts = FactsJson.Store(correction.Facts);
        var kept = database.Content.Keep(facts.Json);
        return database.WriteAsync(async (connection, transaction) =>
        {
            await _payments.LockOrdersAsync(connection, transaction, facts.OrderNos);
            if (await PaymentTable.FindAsync(connection, transaction, correction.Merchant, correction.PayTransactionId) is not { } stored)
            {
                return new ArchiveResult(
                    DeliveryOutcome.NotFound, 0, 0, Words.Of("没有这笔支付，无从更正", "There is no such payment to correct"), [], []);
            }

            var current = FactsJson.Read((await _payments.VersionsAsync(connection, transaction, stored.Id))[0]);
            if (FactsComparison.Differences(current, correction.Facts).Count == 0)
            {
                return await UnchangedAsync(connection, transaction, stored, correction.Merchant, facts);
            }

            if (await ClashAsync(connection, transaction, correction.Merchant, facts) is { } clash)
            {
                return Conflict(stored.Id, stored.Version, clash);
            }

            var now = time.GetUtcNow();
            var version = stored.Version + 1;
            await _payments.InsertVersionAsync(connection, transaction, stored.Id, version, facts, kept, now, correction.CorrectedBy);
            await PaymentTable.SetVersionAsync(connection, transaction, stored.Id, version, facts.TradingTime);
            return await StoredAsync(connection, transaction, DeliveryOutcome.Corrected, stored.Id, version, correction.Merchant, facts, now);
        });
    }

    /// <summary>Finds the payment that counts for an order: the last successful one, i.e. the greatest trading time, then the latest arrival.</summary>
    /// <param name="orderNo">As declared to customs.</param>
    /// <param name="merchant">Whose order; <see langword="null"/> while unknown.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public Task<OrderPayment?> FindForOrderAsync(string orderNo, string? merchant, CancellationToken cancellationToken) => database.ReadAsync(
        async connection =>
        {
            var found = await PaymentTable.FindByOrderAsync(connection, orderNo, merchant);
            if (found.Count == 0 || await _payments.ReadAsync(connection, found[0].Id, found[0].Version) is not { } payment)
            {
                return null;
            }

            var ofMerchant = found.Count(other => string.Equals(other.Merchant, payment.Merchant, StringComparison.Ordinal));
            return new OrderPayment(Record(payment), InSeveralPayments: ofMerchant > 1, InSeveralMerchants: ofMerchant < found.Count);
        },
        cancellationToken);

    /// <summary>Reads a payment in one version; <see langword="null"/> when it is not kept (any more).</summary>
    public Task<PaymentRecord?> FindAsync(long paymentId, int version, CancellationToken cancellationToken) => database.ReadAsync(
        async connection => await _payments.ReadAsync(connection, paymentId, version) is { } row ? Record(row) : null, cancellationToken);

    /// <summary>Lists what fits, latest traded first, without raw messages.</summary>
    public Task<IReadOnlyList<PaymentSummary>> SearchAsync(PaymentSearch search, PaymentPage page, CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<PaymentSummary>>(
        async connection => [.. (await _payments.SearchAsync(connection, search, page)).Select(row =>
            new PaymentSummary(row.Id, row.Merchant, row.PayTransactionId, row.Version, row.Unreadable is null ? FactsJson.Read(row.Facts) : null, StoredTime.Read(row.ReceivedAt), new PaymentPlace(row.TradedAt, row.Id)) { Unreadable = row.Unreadable })],
        cancellationToken);

    /// <summary>Counts what fits.</summary>
    public Task<long> CountAsync(PaymentSearch search, CancellationToken cancellationToken) =>
        database.ReadAsync(connection => _payments.CountAsync(connection, search), cancellationToken);

    /// <summary>Counts what fits, up to so many.</summary>
    public Task<long> CountAsync(PaymentSearch search, int limit, CancellationToken cancellationToken) =>
        database.ReadAsync(connection => _payments.CountAsync(connection, search, limit), cancellationToken);

    /// <summary>The orders whose payments succeeded since a time, newest first.</summary>
    public Task<IReadOnlyList<RecentOrder>> RecentOrdersAsync(DateTimeOffset since, CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<RecentOrder>>(
        async connection => [.. (await PaymentTable.RecentOrdersAsync(connection, since)).Select(row =>
            new RecentOrder(row.Merchant, row.OrderNo, row.PaymentId, row.Version, StoredTime.Read(row.TradedAt)))],
        cancellationToken);

    /// <summary>Reads every stored byte string and compares its SHA-256 with the one that was computed when it arrived.</summary>
    /// <param name="progress">Told after each page.</param>
    /// <param name="cancellationToken">Ends the reading between two pages.</param>
    public async Task<ArchiveSums> RecomputeSumsAsync(IProgress<ArchiveSumsProgress>? progress, CancellationToken cancellationToken)
    {
        var total = await database.ReadAsync(
            async connection =>
            {
                var rows = 0L;
                foreach (var column in ContentColumn.All)
                {
                    rows += await SumTable.CountAsync(connection, column);
                }

                return rows;
            },
            cancellationToken);
        var done = 0L;
        var differences = new List<SumDifference>();
        foreach (var column in ContentColumn.All)
        {
            IReadOnlyList<SummedRow> page = [];
            do
            {
                var after = page.Count == 0 ? 0 : page[^1].Id;
                page = await database.ReadAsync(connection => _sums.PageAsync(connection, column, after, SumPage), cancellationToken);
                differences.AddRange(page.Where(row => !row.IsWhole).Select(row => new SumDifference(column.Table, row.Id, column.Name)));
                done += page.Count;
                progress?.Report(new ArchiveSumsProgress(done, Math.Max(done, total)));
            }
            while (page.Count == SumPage);
        }

        return new ArchiveSums(done, [.. differences.Select(difference => difference.ToString())]);
    }

    private static StoredMessage Arrived(RawMessage message)
    {
        var bytes = message.Bytes.ToArray();
        return new(bytes, message.Charset, SHA256.HashData(bytes));
    }

    private static PaymentRecord Record(PaymentRow row) => new()
    {
        Id = row.Id,
        Merchant = row.Merchant,
        PayTransactionId = row.PayTransactionId,
        InitialRequest = new(row.Request, row.RequestCharset, row.RequestSha256),
        InitialResponse = new(row.Response, row.ResponseCharset, row.ResponseSha256),
        Version = row.Version,
        Facts = FactsJson.Read(row.Facts),
        ReceivedAt = StoredTime.Read(row.ReceivedAt),
    };

    private static ArchiveResult Conflict(long id, int version, string sentence) => new(DeliveryOutcome.Conflict, id, version, sentence, [], []);

    /// <summary>
    /// A delivery of a payment that is there: the same as any of its versions is a repetition, anything else a contradiction. One that names the trade number which the
    /// payment was captured under has the payment's raw exchange, whatever was captured since.
    /// </summary>
    private async Task<ArchiveResult> CompareAsync(
        DbConnection connection, DbTransaction transaction, PaymentKey stored, PaymentDelivery delivery, StoredMessage request, StoredMessage response, StoredFacts facts)
    {
        var fields = new List<string>();
        var captured = delivery.TradeNo is { } tradeNo && await CaptureTable.PaymentOfAsync(connection, transaction, delivery.Merchant, tradeNo) == stored.Id;
        if (!captured)
        {
            CompareExchange(stored, request, response, fields);
        }

        var versions = await _payments.VersionsAsync(connection, transaction, stored.Id);
        var differences = versions.Select(version => FactsComparison.Differences(FactsJson.Read(version), delivery.Facts)).ToList();
        if (differences.TrueForAll(names => names.Count > 0))
        {
            fields.AddRange(differences[0]);
        }

        if (fields.Count == 0)
        {
            return await UnchangedAsync(connection, transaction, stored, delivery.Merchant, facts);
        }

        var names = string.Join(", ", fields);
        return Conflict(stored.Id, stored.Version, Words.Of(
            $"该支付已入库，与已存内容不同的字段：{names}；原始报文不可更改，其余内容请用更正接口", $"The payment is stored already and differs in: {names}; the raw exchange never changes, anything else is corrected, not delivered again"));
    }

    private static void CompareExchange(PaymentKey stored, StoredMessage request, StoredMessage response, List<string> fields)
    {
        if (!request.Sha256.AsSpan().SequenceEqual(stored.RequestSha256))
        {
            fields.Add("initalRequest");
        }

        if (!response.Sha256.AsSpan().SequenceEqual(stored.ResponseSha256))
        {
            fields.Add("initalResponse");
        }

        if (!SameCharset(request, stored.RequestCharset) || !SameCharset(response, stored.ResponseCharset))
        {
            fields.Add("charset");
        }
    }

    private static bool SameCharset(StoredMessage message, string stored) => string.Equals(message.Charset, stored, StringComparison.OrdinalIgnoreCase);

    private async Task<ArchiveResult> UnchangedAsync(DbConnection connection, DbTransaction transaction, PaymentKey stored, string merchant, StoredFacts facts) =>
        new(DeliveryOutcome.AlreadyStored, stored.Id, stored.Version, "", await FlagsAsync(connection, transaction, stored.Id, merchant, facts), []);

    private async Task<ArchiveResult> StoredAsync(
        DbConnection connection, DbTransaction transaction, DeliveryOutcome outcome, long id, int version, string merchant, StoredFacts facts, DateTimeOffset now) =>
        new(
            outcome, id, version, "",
            await FlagsAsync(connection, transaction, id, merchant, facts),
            await RequestTable.WakeAsync(connection, transaction, database.Dialect, facts.OrderNos, merchant, now));

    private async Task<IReadOnlyList<string>> FlagsAsync(DbConnection connection, DbTransaction transaction, long id, string merchant, StoredFacts facts) =>
        [.. (await _payments.OrdersOfOtherPaymentsAsync(connection, transaction, merchant, id, facts.OrderNos)).Select(orderNo => $"order_in_two_payments:{orderNo}")];

    /// <summary>Customs name no merchant: an order number must lead to one of them, unless each has an address of its own.</summary>
    private async Task<string?> ClashAsync(DbConnection connection, DbTransaction transaction, string merchant, StoredFacts facts)
    {
        if (options.OrderNumbersOverlap || await _payments.OrdersOfOthersAsync(connection, transaction, merchant, facts.OrderNos) is not { Count: > 0 } orders)
        {
            return null;
        }

        var names = string.Join(", ", orders);
        return Words.Of(
            $"订单号 {names} 已属于另一商户；如确有重号，请设置 Customs:OrderNumbersOverlap，并让各商户登记自己的地址",
            $"Order number {names} is another merchant's already; where numbers do overlap, set Customs:OrderNumbersOverlap and let each merchant register an address of its own");
    }
}
