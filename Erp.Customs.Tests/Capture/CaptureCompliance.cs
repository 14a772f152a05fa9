using System.Globalization;
using System.Text;
using Erp.Customs.Contracts;
using Erp.Customs.Contracts.Capture;
using Erp.Customs.Module;
using Erp.Customs.Module.Archive;
using Erp.Customs.Module.Archive.Capture;
using Erp.Customs.Module.Retention;
using Erp.Customs.Module.Storage;
using Erp.Customs.Tests.Storage;
using Erp.Customs.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Erp.Customs.Tests.Capture;

/// <summary>What the module makes of captured messages, for every engine.</summary>
public abstract class CaptureCompliance<TEngine> : StoreTest<TEngine> where TEngine : TestEngine, new()
{
    private static readonly TimeSpan s_term = TimeSpan.FromDays((3 * 365) + 3);

    private CaptureArchive Captures => new(new CaptureTable(Database), Time);

    private PaymentIntake Intake => new(Archive, Captures, Options() with
    {
        Merchants = new Dictionary<string, MerchantOptions>(StringComparer.Ordinal)
        {
            ["ningbo"] = new("ningbo", "3302660075", RawPolicy.Raw, new SigningOptions("KeyFile", "none", null, null)),
        },
    });

    [EngineFact]
    public async Task A_message_is_stored_once_however_often_and_however_many_bring_it()
    {
        var message = Message(CapturedKind.Request, "请求");
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Captures.ReceiveAsync([message])));
        await Captures.ReceiveAsync([message with { TradeNo = "T2" }]);

        var stored = Assert.Single(await Captures.ListAsync("ningbo", "T1", default));
        Assert.Equal(("request", 6, "utf-8", "test"), (stored.Kind, stored.Size, stored.Charset, stored.Origin));
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("请求"u8)), stored.Sha256);
        Assert.Equal((Time.GetUtcNow(), null), (stored.CapturedAt, stored.PayTransactionId));
        Assert.Empty(await Captures.ListAsync("ningbo", "T2", default));
        Assert.Empty(await Captures.ListAsync("hangzhou", "T1", default));
    }

    [EngineFact]
    public async Task Messages_that_come_together_are_all_stored_or_none()
    {
        await Captures.ReceiveAsync([Message(CapturedKind.Request, "sent"), Message(CapturedKind.Response, "at once")]);
        var known = Message(CapturedKind.Notify, "paid");
        await Captures.ReceiveAsync([known]);
        await Captures.ReceiveAsync([known, Message(CapturedKind.NotifyAnswer, "success")]);
        await Assert.ThrowsAnyAsync<Exception>(() => Captures.ReceiveAsync([Message(CapturedKind.Request, "again"), Message((CapturedKind)99, "no such kind")]));

        Assert.Equal(["request", "response", "notify", "notify_answer"], (await Captures.ListAsync("ningbo", "T1", default)).Select(message => message.Kind));
    }

    [EngineFact]
    public async Task A_delivery_with_its_trade_number_gets_what_was_captured()
    {
        var gbk = CodePagesEncodingProvider.Instance.GetEncoding("gbk")!.GetBytes("<xml>奶粉</xml>");
        await Captures.ReceiveAsync([Message(CapturedKind.Request, "") with { Message = new RawMessage(gbk, "GBK") }]);
        await Captures.ReceiveAsync([Message(CapturedKind.Response, "at once")]);
        await Captures.ReceiveAsync([Message(CapturedKind.NotifyAnswer, "success")]);
        await Captures.ReceiveAsync([Message(CapturedKind.Notify, "paid")]);
        var request = await ClaimedAsync();
        await Requests.ChangeAsync(request.Id, request.Fence, To(RequestState.WaitingData, failure: FailureClass.Data));

        var (receipt, woken) = await Intake.DeliverAsync(Captured());

        Assert.Equal((DeliveryOutcome.Stored, 1), (receipt.Outcome, receipt.Version));
        Assert.Empty(receipt.Flags);
        Assert.Equal([request.Id], woken);
        var payment = (await Archive.FindForOrderAsync("order-1", null, default))!.Payment;
        Assert.Equal(gbk, payment.InitialRequest.Bytes);
        Assert.Equal("GBK", payment.InitialRequest.Charset);
        Assert.Equal("paid", Encoding.UTF8.GetString(payment.InitialResponse.Bytes));
        Assert.All(await Captures.ListAsync("ningbo", "T1", default), message => Assert.Equal("pay-1", message.PayTransactionId));
        Assert.Equal(DeliveryOutcome.AlreadyStored, (await Intake.DeliverAsync(Captured())).Receipt.Outcome);
    }

    [EngineTheory]
    [InlineData("", "neither request nor response or notify")]
    [InlineData("request", "no response or notify")]
    [InlineData("response,notify", "no request")]
    [InlineData("request,notify_answer", "no response or notify")]
    public async Task What_is_not_captured_yet_is_said_and_nothing_is_stored(string captured, string sentence)
    {
        foreach (var kind in Enum.GetValues<CapturedKind>().Where(kind => captured.Split(',').Contains(EnumWords<CapturedKind>.Word(kind), StringComparer.Ordinal)))
        {
            await Captures.ReceiveAsync([Message(kind, "x")]);
        }

        await Captures.ReceiveAsync([Message(CapturedKind.Request, captured.StartsWith("request", StringComparison.Ordinal) ? "x" : "")]);
        var (receipt, _) = await Intake.DeliverAsync(Captured());

        Assert.Equal(DeliveryOutcome.NotCaptured, receipt.Outcome);
        Assert.Contains(sentence, receipt.Sentence, StringComparison.Ordinal);
        Assert.Contains("T1", receipt.Sentence, StringComparison.Ordinal);
        Assert.Null(await Archive.FindForOrderAsync("order-1", null, default));
    }

    [EngineFact]
    public async Task Facts_that_can_be_mended_are_named_before_anything_is_captured()
    {
        var (receipt, _) = await Intake.DeliverAsync(PaymentDelivery.OfCaptured("ningbo", "pay-1", "T1", Facts() with { Currency = "CNY00" }));

        Assert.Equal(DeliveryOutcome.Invalid, receipt.Outcome);
        Assert.Contains("currency", receipt.Sentence, StringComparison.Ordinal);
        Assert.Equal(DeliveryOutcome.Invalid, (await Intake.DeliverAsync(Delivery() with { TradeNo = "T1" })).Receipt.Outcome);
    }

    [EngineFact]
    public async Task What_is_captured_later_changes_no_payment_and_goes_with_it()
    {
        await CapturedAsync("first request", "first notify");
        await Intake.DeliverAsync(Captured());
        Time.Advance(TimeSpan.FromMinutes(1));
        await CapturedAsync("second request", "second notify");

        Assert.Equal(DeliveryOutcome.AlreadyStored, (await Intake.DeliverAsync(Captured())).Receipt.Outcome);
        Assert.Equal("first notify", Encoding.UTF8.GetString((await Archive.FindForOrderAsync("order-1", null, default))!.Payment.InitialResponse.Bytes));
        Assert.All(await Captures.ListAsync("ningbo", "T1", default), message => Assert.Equal("pay-1", message.PayTransactionId));
        Assert.Equal(DeliveryOutcome.Conflict, (await Intake.DeliverAsync(Captured(Facts(amount: 1m)))).Receipt.Outcome);
        Assert.Equal(DeliveryOutcome.Conflict, (await Intake.DeliverAsync(PaymentDelivery.OfCaptured("ningbo", "pay-2", "T1", Facts(orders: "order-2")))).Receipt.Outcome);
    }

    [EngineFact]
    public async Task Of_several_the_last_notify_and_the_last_request_before_it_count_and_a_flag_says_so()
    {
        await CapturedAsync("failed", null);
        Time.Advance(TimeSpan.FromSeconds(1));
        await CapturedAsync("tried again", "not yet paid");
        Time.Advance(TimeSpan.FromSeconds(1));
        await CapturedAsync(null, "paid");
        Time.Advance(TimeSpan.FromSeconds(1));
        await CapturedAsync("too late", null);

        var (receipt, _) = await Intake.DeliverAsync(Captured());

        Assert.Equal(["several_captured_requests:T1", "several_captured_responses:T1"], receipt.Flags);
        var payment = (await Archive.FindForOrderAsync("order-1", null, default))!.Payment;
        Assert.Equal("tried again", Encoding.UTF8.GetString(payment.InitialRequest.Bytes));
        Assert.Equal("paid", Encoding.UTF8.GetString(payment.InitialResponse.Bytes));
    }

    [EngineFact]
    public async Task A_changed_byte_of_a_captured_message_is_named()
    {
        await CapturedAsync("request", "notify");
        Assert.Equal((2, 0), ((await Archive.RecomputeSumsAsync(null, default)).Checked, (await Archive.RecomputeSumsAsync(null, default)).Differences.Count));
        await Engine.TamperAsync(string.Create(CultureInfo.InvariantCulture, $"UPDATE captured_message SET content = {Engine.OtherBytes} WHERE kind = 'notify'"));

        Assert.EndsWith(" content", Assert.Single((await Archive.RecomputeSumsAsync(null, default)).Differences), StringComparison.Ordinal);
    }

    [EngineFact]
    public async Task A_captured_message_under_a_legal_hold_is_neither_counted_nor_erased()
    {
        await Captures.ReceiveAsync([Message(CapturedKind.Request, "held") with { TradeNo = "T2" }, Message(CapturedKind.Request, "other") with { TradeNo = "T3" }]);
        await new HoldTable(Database).PlaceAsync(new NewHold("li", "法务部", "诉讼") { OrderNo = "T2" }, Time.GetUtcNow());
        Time.Advance(s_term);

        Assert.Equal(1, (await Retention().RunAsync(dryRun: true, default)).Captures);
        Assert.Equal(1, (await Retention().RunAsync(dryRun: false, default)).Captures);
        Assert.Single(await Captures.ListAsync("ningbo", "T2", default));
    }

    [EngineFact]
    public async Task Retention_erases_captured_messages_with_their_payment_and_those_of_no_payment_after_the_term()
    {
        await CapturedAsync("request", "notify");
        await Intake.DeliverAsync(Captured());
        foreach (var _ in Enumerable.Range(0, 450))
        {
            await Captures.ReceiveAsync([Message(CapturedKind.Request, "never paid") with { TradeNo = "T2" }]);
        }

        Time.Advance(TimeSpan.FromDays(2 * 365));
        await Archive.CorrectAsync(new PaymentCorrection("ningbo", "pay-1", Facts(traded: Time.GetUtcNow()), "li"));
        Time.Advance(s_term - TimeSpan.FromDays(2 * 365));
        await Captures.ReceiveAsync([Message(CapturedKind.Request, "new") with { TradeNo = "T3" }]);

        Assert.Equal(450, (await Retention().RunAsync(dryRun: true, default)).Captures);
        Assert.Equal(453, await ScalarAsync<long>("SELECT COUNT(*) FROM captured_message"));

        // The payment's term was made longer: what was captured of it stays as long.
        var report = await Retention().RunAsync(dryRun: false, default);
        Assert.Equal((450, 0), (report.Captures, report.Payments));
        Assert.Equal(2, (await Captures.ListAsync("ningbo", "T1", default)).Count);
        Time.Advance(TimeSpan.FromDays(2 * 365));

        report = await Retention().RunAsync(dryRun: false, default);
        Assert.Equal((1, 0), (report.Payments, report.Captures));
        Assert.Equal(1, await ScalarAsync<long>("SELECT COUNT(*) FROM captured_message"));
        Assert.Equal(900, await ScalarAsync<long>("SELECT SUM(captures) FROM retention_run"));
    }

    private CapturedMessage Message(CapturedKind kind, string text) =>
        new(Guid.NewGuid(), "ningbo", "T1", kind, new RawMessage(Encoding.UTF8.GetBytes(text), "utf-8"), Time.GetUtcNow(), "test");

    private PaymentDelivery Captured(PaymentFacts? facts = null) => PaymentDelivery.OfCaptured("ningbo", "pay-1", "T1", facts ?? Facts(traded: new DateTimeOffset(2026, 11, 11, 1, 0, 0, TimeSpan.Zero)));

    private async Task CapturedAsync(string? request, string? notify)
    {
        if (request is not null)
        {
            await Captures.ReceiveAsync([Message(CapturedKind.Request, request)]);
        }

        if (notify is not null)
        {
            await Captures.ReceiveAsync([Message(CapturedKind.Notify, notify)]);
        }
    }
}

public sealed class SqliteCaptureTests : CaptureCompliance<SqliteEngine>;

public sealed class PostgresCaptureTests : CaptureCompliance<PostgresEngine>;

public sealed class SqlServerCaptureTests : CaptureCompliance<SqlServerEngine>;
