using System.Text.Json.Nodes;
using Erp.Customs.Tests.Support;

namespace Erp.Customs.Tests.Integration;

public class When_an_order_stands_in_two_payments
{
    [Theory]
    [InlineData("early", "late")]
    [InlineData("late", "early")]
    public async Task Should_count_the_one_that_was_paid_last_and_say_so(string first, string second)
    {
        await using var world = await CustomsWorld.StartAsync();
        var receipts = new List<JsonNode>();
        foreach (var payTransactionId in new[] { first, second })
        {
            var payment = CustomsWorld.Payment(payTransactionId, "SO1");
            payment["tradingTime"] = payTransactionId == "late" ? "20261111120000" : "20261111110000";
            using var response = await world.DeliverAsync(payment);
            Assert.Equal(201, (int)response.StatusCode);
            receipts.Add(await ApiAnswer.ReadAsync(response));
        }

        Assert.Empty((JsonArray)receipts[0]["flags"]!);
        Assert.Equal("order_in_two_payments:SO1", (string?)((JsonArray)receipts[1]["flags"]!).Single());
        using var found = await world.SendAsync(HttpMethod.Get, "/customs/api/orders/SO1");
        var order = await ApiAnswer.ReadAsync(found);
        Assert.Equal("late", (string?)order["payTransactionId"]);
        Assert.Equal("order_in_two_payments", (string?)((JsonArray)order["flags"]!).Single());
        var status = await world.AnswerAsync("SO1");
        Assert.Equal("late", (string?)world.Uploaded(status.SessionId)["payExchangeInfoHead"]!["payTransactionId"]);
    }

    [Fact]
    public async Task Should_say_so_in_the_receipt_of_a_correction_too()
    {
        await using var world = await CustomsWorld.StartAsync();
        await world.DeliveredAsync(CustomsWorld.Payment("T1", "SO1"));
        await world.DeliveredAsync(CustomsWorld.Payment("T2", "SO2"));
        using var response = await world.SendAsync(HttpMethod.Put, "/customs/api/payments/ningbo/T2", CustomsWorld.Correction("T2", "SO1", "SO2"));
        Assert.Equal("order_in_two_payments:SO1", (string?)((JsonArray)(await ApiAnswer.ReadAsync(response))["flags"]!).Single());
    }
}
