using System.Text.Json;
using System.Text.Json.Nodes;
using Erp.Customs.Contracts;
using Erp.Customs.Tests.Support;

namespace Erp.Customs.Tests.Integration;

public class When_the_ERP_calls_in_process
{
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    [Fact]
    public async Task Should_get_the_same_as_over_HTTP()
    {
        await using var world = await CustomsWorld.StartAsync();
        var customs = world.Services;

        Assert.Equal(DeliveryOutcome.Stored, (await customs.DeliverAsync(Delivery("T1", 100.10m), CancellationToken.None)).Outcome);
        using var same = await world.DeliverAsync(CustomsWorld.Payment("T1", "SO1"));
        Assert.Equal(200, (int)same.StatusCode);

        using var conflict = await world.DeliverAsync(Changed("note", "other"));
        var refused = await customs.DeliverAsync(Delivery("T1", 7m), CancellationToken.None);
        Assert.Equal((DeliveryOutcome.Conflict, 409), (refused.Outcome, (int)conflict.StatusCode));
        Assert.Equal((await ApiAnswer.ErrorAsync(conflict)).Replace("note", "*", StringComparison.Ordinal), refused.Sentence.Replace("totalAmount", "*", StringComparison.Ordinal));

        using var invalid = await world.DeliverAsync(Changed("currency", "too long"));
        var broken = await customs.DeliverAsync(Delivery("T1", 7m, currency: "too long"), CancellationToken.None);
        Assert.Equal(DeliveryOutcome.Invalid, broken.Outcome);
        Assert.Equal(await ApiAnswer.ProblemsAsync(invalid), broken.Violations);

        Assert.Equal(DeliveryOutcome.NotFound, (await customs.CorrectAsync(new PaymentCorrection("ningbo", "T9", Delivery("T9", 1m).Facts, "clerk"), CancellationToken.None)).Outcome);
        var corrected = await customs.CorrectAsync(new PaymentCorrection("ningbo", "T1", Delivery("T1", 55.5m).Facts, "clerk"), CancellationToken.None);
        Assert.Equal((DeliveryOutcome.Corrected, 2), (corrected.Outcome, corrected.Version));

        var status = await world.AnswerAsync("SO1");
        await AssertSameAsync(world, $"/customs/api/requests/{status.SessionId}", await customs.FindRequestAsync(status.SessionId, CancellationToken.None));
        await AssertSameAsync(world, "/customs/api/orders/SO1", await customs.FindOrderAsync("SO1", merchant: null, CancellationToken.None));
        Assert.Null(await customs.FindOrderAsync("SO9", merchant: null, CancellationToken.None));
        Assert.Null(await customs.UploadTestAsync("SO9", merchant: null, CancellationToken.None));
        Assert.StartsWith("test-", await customs.UploadTestAsync("SO1", CustomsWorld.Ningbo, CancellationToken.None), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_find_nothing_while_the_module_is_switched_off()
    {
        await using var world = await CustomsWorld.StartAsync();
        await world.Modules.DisableAsync("Erp.Customs", CancellationToken.None);
        Assert.Null(world.Modules.Find<ICustoms>());
    }

    [Fact]
    public async Task Should_learn_that_every_stored_byte_is_what_it_was()
    {
        await using var world = await CustomsWorld.StartAsync();
        await world.DeliveredAsync(CustomsWorld.Payment("T1", "SO1"));
        await world.AnswerAsync("SO1");
        var sums = await world.Services.RecomputeSumsAsync(progress: null, CancellationToken.None);
        Assert.True(sums.Checked >= 6, $"{sums.Checked}");
        Assert.Empty(sums.Differences);

        await world.SqlAsync("UPDATE payment SET response = response || x'20'");
        Assert.Equal("payment 1 response", (await world.Services.RecomputeSumsAsync(progress: null, CancellationToken.None)).Differences.Single());
    }

    [Fact]
    public async Task Should_store_all_the_same_when_the_caller_stops_waiting()
    {
        await using var world = await CustomsWorld.StartAsync();
        using var gone = new CancellationTokenSource();
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => world.Services.DeliverAsync(Delivery("T1", 1m), gone.Token));
        await world.AnswerAsync("SO1");
    }

    private static async Task AssertSameAsync<T>(CustomsWorld world, string path, T inProcess)
    {
        using var response = await world.SendAsync(HttpMethod.Get, path);
        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal(JsonSerializer.SerializeToNode(inProcess, Web)!.ToJsonString(), (await ApiAnswer.ReadAsync(response)).ToJsonString());
    }

    private static JsonObject Changed(string field, string value)
    {
        var payment = CustomsWorld.Payment("T1", "SO1");
        payment[field] = value;
        return payment;
    }

    private static PaymentDelivery Delivery(string payTransactionId, decimal amount, string currency = "142")
    {
        var payment = CustomsWorld.Payment(payTransactionId, "SO1");
        payment["totalAmount"] = amount;
        payment["currency"] = currency;
        return TestOrders.Delivery(payment);
    }
}
