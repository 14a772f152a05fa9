using System.Text;
using Erp.Customs.Contracts;
using Erp.Customs.Module.Archive;

namespace Erp.Customs.Tests.Archive;

public sealed class FactsJsonTests
{
    private static readonly PaymentFacts s_facts = new(
        "312228034T", 12345678901234.56789m, "142", "3", "", new DateTimeOffset(2026, 11, 10, 16, 0, 0, 123, TimeSpan.Zero), "引号\" 反斜杠\\ 换行\n全角\u3000😀",
        [new PaidOrder("order-1", [new Goods("奶粉", "https://shop.example/1?a=1&b=<2>")], "acc", "", "店")]);

    [Fact]
    public void The_stored_form_is_readable_and_in_china_time()
    {
        Assert.StartsWith(
            """{"payCode":"312228034T","totalAmount":"12345678901234.56789","currency":"142","verDept":"3","payType":"","tradingTime":"2026-11-11T00:00:00.1230000+08:00","note":"引号\" 反斜杠""",
            Encoding.UTF8.GetString(FactsJson.Write(s_facts)),
            StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_read_is_what_was_written()
    {
        Assert.Empty(FactsComparison.Differences(s_facts, FactsJson.Read(FactsJson.Write(s_facts))));
        Assert.Equivalent(s_facts, FactsJson.Read(FactsJson.Write(s_facts)), strict: true);
    }

    [Theory]
    [InlineData("100", "100")]
    [InlineData("100.00", "100")]
    [InlineData("100.10", "100.1")]
    [InlineData("0.50", "0.5")]
    [InlineData("0.00001", "0.00001")]
    [InlineData("79228162514264337593543950335", "79228162514264337593543950335")]
    public void An_amount_is_exact_and_has_one_form(string amount, string stored)
    {
        var facts = s_facts with { TotalAmount = decimal.Parse(amount, System.Globalization.CultureInfo.InvariantCulture) };

        Assert.Contains($"\"totalAmount\":\"{stored}\"", Encoding.UTF8.GetString(FactsJson.Write(facts)), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_field_that_differs_is_named()
    {
        var order = s_facts.Orders[0];
        Assert.Equal(["payCode"], Differences(s_facts with { PayCode = "x" }));
        Assert.Equal(["totalAmount"], Differences(s_facts with { TotalAmount = 1 }));
        Assert.Equal(["currency"], Differences(s_facts with { Currency = "502" }));
        Assert.Equal(["verDept"], Differences(s_facts with { VerDept = "1" }));
        Assert.Equal(["payType"], Differences(s_facts with { PayType = "1" }));
        Assert.Equal(["tradingTime"], Differences(s_facts with { TradingTime = s_facts.TradingTime.AddTicks(1) }));
        Assert.Equal(["note"], Differences(s_facts with { Note = "" }));
        Assert.Equal(["orders"], Differences(s_facts with { Orders = [order, order] }));
        Assert.Equal(["orders[0].orderNo"], Differences(s_facts with { Orders = [order with { OrderNo = "x" }] }));
        Assert.Equal(["orders[0].goods"], Differences(s_facts with { Orders = [order with { Goods = [] }] }));
        Assert.Equal(["orders[0].goods[0].gname"], Differences(s_facts with { Orders = [order with { Goods = [order.Goods[0] with { GName = "x" }] }] }));
        Assert.Equal(["orders[0].goods[0].itemLink"], Differences(s_facts with { Orders = [order with { Goods = [order.Goods[0] with { ItemLink = "x" }] }] }));
        Assert.Equal(["orders[0].recpAccount"], Differences(s_facts with { Orders = [order with { RecpAccount = "x" }] }));
        Assert.Equal(["orders[0].recpCode"], Differences(s_facts with { Orders = [order with { RecpCode = "x" }] }));
        Assert.Equal(["orders[0].recpName"], Differences(s_facts with { Orders = [order with { RecpName = "x" }] }));
    }

    private static IReadOnlyList<string> Differences(PaymentFacts other) => FactsComparison.Differences(s_facts, other);
}
