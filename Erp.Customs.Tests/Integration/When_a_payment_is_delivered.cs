using System.Text;
using System.Text.Json.Nodes;
using Erp.Customs.Module.Archive;
using Erp.Customs.Tests.Support;

namespace Erp.Customs.Tests.Integration;

public class When_a_payment_is_delivered
{
    [Fact]
    public async Task Should_be_stored_once_however_often_it_comes()
    {
        await using var world = await CustomsWorld.StartAsync();
        using var first = await world.DeliverAsync(CustomsWorld.Payment("T1", "SO1"));
        Assert.Equal(201, (int)first.StatusCode);
        var stored = await ApiAnswer.ReadAsync(first);
        Assert.Equal(("stored", 1), ((string?)stored["outcome"], (int)stored["version"]!));

        // The same, spelt differently: amount as text, time in another zone, an absent optional field as an empty one.
        var again = CustomsWorld.Payment("T1", "SO1");
        again["totalAmount"] = "100.1";
        again["tradingTime"] = "20261111000001";
        using var second = await world.DeliverAsync(again);
        Assert.Equal(200, (int)second.StatusCode);
        Assert.Equal("already_stored", (string?)(await ApiAnswer.ReadAsync(second))["outcome"]);
        Assert.Equal(1, await world.PaymentsAsync());
    }

    [Fact]
    public async Task Should_be_stored_once_when_it_comes_many_times_at_once()
    {
        await using var world = await CustomsWorld.StartAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => world.DeliverAsync(CustomsWorld.Payment("T1", "SO1"))));
        Assert.Equal(19, answers.Count(answer => (int)answer.StatusCode == 200));
        Assert.Equal(1, answers.Count(answer => (int)answer.StatusCode == 201));
        Assert.Equal(1, await world.PaymentsAsync());
    }

    [Theory]
    [InlineData("initalRequest", "another request", "initalRequest")]
    [InlineData("initalResponse", "another response", "initalResponse")]
    [InlineData("note", "another note", "note")]
    [InlineData("payCode", "4403169D3W", "payCode")]
    public async Task Should_be_refused_when_it_contradicts_what_is_stored(string field, string value, string named)
    {
        await using var world = await CustomsWorld.StartAsync();
        await world.DeliveredAsync(CustomsWorld.Payment("T1", "SO1"));
        var other = CustomsWorld.Payment("T1", "SO1");
        other[field] = value;
        using var response = await world.DeliverAsync(other);
        Assert.Equal(409, (int)response.StatusCode);
        var sentence = await ApiAnswer.ErrorAsync(response);
        Assert.Contains(named, sentence, StringComparison.Ordinal);
        Assert.DoesNotContain(value, sentence, StringComparison.Ordinal);
        Assert.Equal(1L, await world.SqlAsync("SELECT COUNT(*) FROM payment_version"));
    }

    [Fact]
    public async Task Should_be_refused_when_another_merchant_has_the_order_number()
    {
        await using var world = await CustomsWorld.StartAsync();
        await world.DeliveredAsync(CustomsWorld.Payment("T1", "SO1"));
        var other = CustomsWorld.Payment("T2", "SO1", "SO2");
        other["merchant"] = CustomsWorld.Guangzhou;
        using var response = await world.DeliverAsync(other);
        Assert.Equal(409, (int)response.StatusCode);
        var sentence = await ApiAnswer.ErrorAsync(response);
        Assert.Contains("SO1", sentence, StringComparison.Ordinal);
        Assert.DoesNotContain("SO2", sentence, StringComparison.Ordinal);
        Assert.Contains("Customs:OrderNumbersOverlap", sentence, StringComparison.Ordinal);
        Assert.Equal(1, await world.PaymentsAsync());
    }

    [Fact]
    public async Task Should_name_every_field_that_breaks_a_rule_with_its_limit()
    {
        await using var world = await CustomsWorld.StartAsync();
        var payment = CustomsWorld.Payment("T1", "SO1");
        payment["payCode"] = new string('9', 19);
        payment["totalAmount"] = 1.123456m;
        payment["verDept"] = "7";
        payment["note"] = new string('n', 1001);
        payment["orders"]![0]!["recpName"] = "";
        payment["orders"]![0]!["goods"]![0]!["gname"] = new string('g', 251);
        using var response = await world.DeliverAsync(payment);

        Assert.Equal(400, (int)response.StatusCode);
        var problems = await ApiAnswer.ProblemsAsync(response);
        foreach (var (field, limit) in new[]
        {
            ("payExchangeInfoHead.payCode", "18"), ("payExchangeInfoHead.totalAmount", "5"), ("payExchangeInfoHead.verDept", "1"), ("payExchangeInfoHead.note", "1000"),
            ("payExchangeInfoLists[0].recpName", ""), ("payExchangeInfoLists[0].goodsInfo[0].gname", "250"),
        })
        {
            Assert.Contains(problems, problem => problem.Contains(field, StringComparison.Ordinal) && problem.Contains(limit, StringComparison.Ordinal));
        }

        Assert.Equal(6, problems.Count);
        Assert.Equal(0, await world.PaymentsAsync());
    }

    [Theory]
    [InlineData("nobody")]
    [InlineData("")]
    public async Task Should_be_refused_for_a_merchant_that_is_not_configured(string merchant)
    {
        await using var world = await CustomsWorld.StartAsync();
        var payment = CustomsWorld.Payment("T1", "SO1");
        payment["merchant"] = merchant;
        using var response = await world.DeliverAsync(payment);
        Assert.Equal(400, (int)response.StatusCode);
        Assert.Contains("Customs:Merchants", await ApiAnswer.ErrorAsync(response), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_be_kept_as_evidence_even_where_customs_could_not_take_it()
    {
        await using var world = await CustomsWorld.StartAsync();
        var payment = CustomsWorld.Payment("T1", "SO1");
        payment["initalRequest"] = new string('x', 8001);
        using var response = await world.DeliverAsync(payment);

        Assert.Equal(201, (int)response.StatusCode);
        Assert.Single((JsonArray)(await ApiAnswer.ReadAsync(response))["violations"]!, violation => ((string)violation!).Contains("initalRequest", StringComparison.Ordinal) && ((string)violation!).Contains("8000", StringComparison.Ordinal));
        using var order = await world.SendAsync(HttpMethod.Get, "/customs/api/orders/SO1");
        Assert.Single((JsonArray)(await ApiAnswer.ReadAsync(order))["violations"]!, violation => ((string)violation!).Contains("initalRequest", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Should_be_kept_byte_for_byte()
    {
        await using var world = await CustomsWorld.StartAsync();
        var bytes = Enumerable.Range(0, 256).Select(value => (byte)value).ToArray();
        var payment = CustomsWorld.Payment("T1", "SO1");
        payment.Remove("initalRequest");
        payment["initalRequestBase64"] = Convert.ToBase64String(bytes);
        payment["charset"] = "iso-8859-1";
        await world.DeliveredAsync(payment);
        var kept = (await world.Modules.Find<PaymentArchive>()!.FindForOrderAsync("SO1", null, default))!.Payment;
        Assert.Equal(bytes, kept.InitialRequest.Bytes);
        Assert.Equal(Encoding.UTF8.GetBytes((string)payment["initalResponse"]!), kept.InitialResponse.Bytes);
        Assert.Equal("iso-8859-1", await world.SqlAsync("SELECT request_charset FROM payment"));
    }
}
