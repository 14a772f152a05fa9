using System.Text;
using Erp.Customs.Contracts;
using Erp.Customs.Module;
using Erp.Customs.Module.Storage;
using Erp.Customs.Tests.Storage;
using Erp.Customs.Tests.Support;

namespace Erp.Customs.Tests.Archive;

/// <summary>What the archive promises, for every engine.</summary>
public abstract class ArchiveCompliance<TEngine> : StoreTest<TEngine> where TEngine : TestEngine, new()
{
    [EngineFact]
    public async Task A_delivery_comes_back_byte_for_byte()
    {
        var gbk = new byte[] { 0xD6, 0xA7, 0xB8, 0xB6, 0x00, 0xFF };
        var delivery = Delivery(orders: ["order-1", "order-2", "order-3"]) with { InitialResponse = new RawMessage(gbk, "gbk") };

        var result = await Archive.AppendAsync(delivery);

        Assert.Equal((DeliveryOutcome.Stored, 1, ""), (result.Outcome, result.Version, result.Sentence));
        Assert.Empty(result.Flags);
        foreach (var order in delivery.Facts.Orders)
        {
            var found = (await Archive.FindForOrderAsync(order.OrderNo, null, default))!;
            Assert.Equal((false, false), (found.InSeveralPayments, found.InSeveralMerchants));
            Assert.Equal((result.PaymentId, "ningbo", "pay-1", 1, Time.GetUtcNow()), (found.Payment.Id, found.Payment.Merchant, found.Payment.PayTransactionId, found.Payment.Version, found.Payment.ReceivedAt));
            Assert.Equal(gbk, found.Payment.InitialResponse.Bytes);
            Assert.Equal("gbk", found.Payment.InitialResponse.Charset);
            Assert.Equal(delivery.InitialRequest.Bytes.ToArray(), found.Payment.InitialRequest.Bytes);
            Assert.Equal(System.Security.Cryptography.SHA256.HashData(gbk), found.Payment.InitialResponse.Sha256);
            Assert.Equivalent(delivery.Facts, found.Payment.Facts, strict: true);
        }
    }

    [EngineFact]
    public async Task The_same_delivery_again_changes_nothing()
    {
        var first = await Archive.AppendAsync(Delivery());
        Time.Advance(TimeSpan.FromDays(1));
        var same = Delivery(facts: Facts(amount: 100.1000m, traded: Time.GetUtcNow().AddDays(-1).AddHours(-1).ToOffset(TimeSpan.FromHours(8))));

        var again = await Archive.AppendAsync(same);

        Assert.Equal((DeliveryOutcome.AlreadyStored, first.PaymentId, 1, ""), (again.Outcome, again.PaymentId, again.Version, again.Sentence));
        Assert.Equal(1, await ScalarAsync<long>("SELECT COUNT(*) FROM payment_version"));
    }

    [EngineFact]
    public async Task Many_at_once_of_the_same_delivery_store_it_once()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => Archive.AppendAsync(Delivery()))));

        Assert.Single(results, result => result.Outcome == DeliveryOutcome.Stored);
        Assert.Equal(49, results.Count(result => result.Outcome == DeliveryOutcome.AlreadyStored));
    }

    [EngineFact]
    public async Task A_contradicting_delivery_is_refused_and_names_fields_without_values()
    {
        await Archive.AppendAsync(Delivery());
        var facts = Facts(amount: 4711m) with { Note = "secret note", Orders = [Facts().Orders[0] with { RecpName = "secret shop", Goods = [new Goods("secret goods", "https://shop.example/1;https://shop.example/2")] }] };
        var other = Delivery(facts: facts, request: "secret") with { InitialResponse = new RawMessage(Encoding.UTF8.GetBytes("原始响应"), "gbk") };

        var result = await Archive.AppendAsync(other);

        Assert.Equal((DeliveryOutcome.Conflict, 1), (result.Outcome, result.Version));
        Assert.Contains("differs in: initalRequest, charset, totalAmount, note, orders[0].goods[0].gname, orders[0].recpName;", result.Sentence, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", result.Sentence, StringComparison.Ordinal);
        Assert.DoesNotContain("4711", result.Sentence, StringComparison.Ordinal);
        Assert.Equal(100.10m, (await Archive.FindForOrderAsync("order-1", null, default))!.Payment.Facts.TotalAmount);
    }

    [EngineFact]
    public async Task A_correction_makes_a_version_and_leaves_the_raw_exchange_and_the_old_one()
    {
        var delivery = Delivery(orders: ["order-1", "order-2"]);
        var id = (await Archive.AppendAsync(delivery)).PaymentId;
        var corrected = Facts(amount: 99.5m, orders: ["order-2", "order-3"]);

        var result = await Archive.CorrectAsync(new PaymentCorrection("ningbo", "pay-1", corrected, "li"));

        Assert.Equal((DeliveryOutcome.Corrected, id, 2), (result.Outcome, result.PaymentId, result.Version));
        Assert.Null(await Archive.FindForOrderAsync("order-1", null, default));
        var found = (await Archive.FindForOrderAsync("order-3", null, default))!.Payment;
        Assert.Equal(2, found.Version);
        Assert.Equivalent(corrected, found.Facts, strict: true);
        Assert.Equal(delivery.InitialRequest.Bytes.ToArray(), found.InitialRequest.Bytes);
        Assert.Equal("li", await ScalarAsync<string>("SELECT created_by FROM payment_version WHERE version = 2"));
        Assert.Equal(2, await ScalarAsync<long>("SELECT COUNT(*) FROM payment_version"));
    }

    [EngineFact]
    public async Task A_correction_that_corrects_nothing_is_already_stored()
    {
        await Archive.AppendAsync(Delivery());

        var result = await Archive.CorrectAsync(new PaymentCorrection("ningbo", "pay-1", Facts(), "li"));

        Assert.Equal((DeliveryOutcome.AlreadyStored, 1), (result.Outcome, result.Version));
    }

    [EngineFact]
    public async Task There_is_nothing_to_correct_in_a_payment_that_is_not_there()
    {
        await Archive.AppendAsync(Delivery());

        Assert.Equal(DeliveryOutcome.NotFound, (await Archive.CorrectAsync(new PaymentCorrection("hangzhou", "pay-1", Facts(), "li"))).Outcome);
        Assert.Equal(DeliveryOutcome.NotFound, (await Archive.CorrectAsync(new PaymentCorrection("ningbo", "pay-2", Facts(), "li"))).Outcome);
    }

    [EngineFact]
    public async Task The_delivery_again_after_a_correction_is_a_repetition_not_a_step_back()
    {
        await Archive.AppendAsync(Delivery());
        await Archive.CorrectAsync(new PaymentCorrection("ningbo", "pay-1", Facts(amount: 1m), "li"));

        var result = await Archive.AppendAsync(Delivery());

        Assert.Equal((DeliveryOutcome.AlreadyStored, 2), (result.Outcome, result.Version));
        Assert.Equal(1m, (await Archive.FindForOrderAsync("order-1", null, default))!.Payment.Facts.TotalAmount);
    }

    [EngineFact]
    public async Task The_last_successful_payment_of_an_order_counts_and_the_order_is_flagged()
    {
        var noon = Time.GetUtcNow();
        await Archive.AppendAsync(Delivery("early", facts: Facts(traded: noon.AddHours(-3), orders: ["order-1", "order-2"])));
        var second = await Archive.AppendAsync(Delivery("late", facts: Facts(traded: noon.AddHours(-1))));
        await Archive.AppendAsync(Delivery("between", facts: Facts(traded: noon.AddHours(-2))));

        Assert.Equal(["order_in_two_payments:order-1"], second.Flags);
        var found = (await Archive.FindForOrderAsync("order-1", "ningbo", default))!;
        Assert.Equal(("late", true, false), (found.Payment.PayTransactionId, found.InSeveralPayments, found.InSeveralMerchants));
        Assert.False((await Archive.FindForOrderAsync("order-2", "ningbo", default))!.InSeveralPayments);

        Time.Advance(TimeSpan.FromSeconds(1));
        await Archive.AppendAsync(Delivery("late as well", facts: Facts(traded: noon.AddHours(-1))));
        Assert.Equal("late as well", (await Archive.FindForOrderAsync("order-1", null, default))!.Payment.PayTransactionId);
    }

    [EngineFact]
    public async Task Another_merchants_order_number_is_refused_at_delivery_and_correction()
    {
        await Archive.AppendAsync(Delivery(orders: ["order-1", "order-2"]));

        var delivery = await Archive.AppendAsync(Delivery("pay-2", "hangzhou", orders: ["order-2", "order-9"]));
        Assert.Equal((DeliveryOutcome.Conflict, 0, 0), (delivery.Outcome, delivery.PaymentId, delivery.Version));
        Assert.Contains("Order number order-2 is another merchant's already", delivery.Sentence, StringComparison.Ordinal);
        Assert.Null(await Archive.FindForOrderAsync("order-9", null, default));

        await Archive.AppendAsync(Delivery("pay-2", "hangzhou", orders: ["order-9"]));
        var correction = await Archive.CorrectAsync(new PaymentCorrection("hangzhou", "pay-2", Facts(orders: ["order-1"]), "li"));
        Assert.Equal((DeliveryOutcome.Conflict, 1), (correction.Outcome, correction.Version));
        Assert.Contains("order-1", correction.Sentence, StringComparison.Ordinal);
    }

    [EngineFact]
    public async Task Where_order_numbers_overlap_nobody_guesses()
    {
        await ReopenAsync(orderNumbersOverlap: true);
        await Archive.AppendAsync(Delivery("pay-1", "ningbo"));
        Assert.Equal(DeliveryOutcome.Stored, (await Archive.AppendAsync(Delivery("pay-1", "hangzhou"))).Outcome);

        Assert.True((await Archive.FindForOrderAsync("order-1", null, default))!.InSeveralMerchants);
        var named = (await Archive.FindForOrderAsync("order-1", "ningbo", default))!;
        Assert.Equal(("ningbo", false, false), (named.Payment.Merchant, named.InSeveralMerchants, named.InSeveralPayments));
        Assert.Null(await Archive.FindForOrderAsync("order-1", "wuhan", default));
    }

    [EngineFact]
    public async Task A_delivery_wakes_the_requests_that_waited_for_it()
    {
        await Archive.AppendAsync(Delivery("other", facts: Facts(orders: "other")));
        var waiting = await LeftAsync("waiting", RequestState.WaitingData, FailureClass.None);
        var named = await LeftAsync("named", RequestState.WaitingData, FailureClass.None, merchant: "ningbo");
        var person = await LeftAsync("person", RequestState.NeedsPerson, FailureClass.Data);
        var elsewhere = await LeftAsync("elsewhere", RequestState.WaitingData, FailureClass.None, merchant: "hangzhou");
        var otherOrder = await LeftAsync("other", RequestState.WaitingData, FailureClass.None, orderNo: "order-7");
        var pin = await LeftAsync("pin", RequestState.NeedsPerson, FailureClass.SignerPin);
        var rejected = await LeftAsync("rejected", RequestState.Rejected, FailureClass.CustomsRejected);

        var result = await Archive.AppendAsync(Delivery());

        Assert.Equal([waiting, named, person], result.WokenRequests);
        Assert.Equal([waiting, named, person], (await Requests.DueAsync(10, default)).Order());
        foreach (var id in new[] { elsewhere, otherOrder, pin, rejected })
        {
            Assert.Null((await Requests.FindAsync(id, default))!.NextAttemptAt);
        }

        Assert.Empty((await Archive.AppendAsync(Delivery())).WokenRequests);
    }

    [EngineFact]
    public async Task A_correction_wakes_but_not_what_has_its_envelope()
    {
        var paymentId = (await Archive.AppendAsync(Delivery())).PaymentId;
        var person = await LeftAsync("person", RequestState.NeedsPerson, FailureClass.Data);
        var signed = await ClaimedAsync("signed");
        await Requests.SaveEnvelopeAsync(signed.Fence, EnvelopeOf(signed, paymentId), To(RequestState.NeedsPerson, failure: FailureClass.Data));

        var result = await Archive.CorrectAsync(new PaymentCorrection("ningbo", "pay-1", Facts(amount: 1m), "li"));

        Assert.Equal([person], result.WokenRequests);
    }

    private async Task<long> LeftAsync(string session, RequestState state, FailureClass failure, string orderNo = "order-1", string? merchant = null)
    {
        var request = await ClaimedAsync(session, orderNo, merchant);
        Assert.True(await Requests.ChangeAsync(request.Id, request.Fence, To(state, failure: failure)));
        return request.Id;
    }
}

public sealed class SqliteArchiveTests : ArchiveCompliance<SqliteEngine>;

public sealed class PostgresArchiveTests : ArchiveCompliance<PostgresEngine>;

public sealed class SqlServerArchiveTests : ArchiveCompliance<SqlServerEngine>;
