using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using Erp.Customs.Simulator;

namespace Erp.Customs.Tests.Simulator;

public sealed class When_the_demo_orders_are_built
{
    private static readonly DateOnly Day = new(2026, 11, 11);
    private static readonly IReadOnlyList<DemoPayment> Payments = DemoOrders.Build(Day);

    [Fact]
    public void Should_be_the_same_for_the_same_day_and_seed()
    {
        var again = DemoOrders.Build(Day);

        Assert.Equal(Payments.Select(payment => payment.ToJson()), again.Select(payment => payment.ToJson()), StringComparer.Ordinal);
        Assert.Empty(Ids(Payments).Intersect(Ids(DemoOrders.Build(Day, seed: 2)), StringComparer.Ordinal));
        Assert.Empty(Ids(Payments).Intersect(Ids(DemoOrders.Build(Day.AddDays(1))), StringComparer.Ordinal));
        Assert.All(Ids(Payments), id => Assert.Contains("20261111", id, StringComparison.Ordinal));
        Assert.Equal(Ids(Payments).Count(), Ids(Payments).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void Should_show_what_the_demonstration_promises()
    {
        var orders = Payments.SelectMany(payment => payment.Orders).ToList();

        Assert.True(orders.Count >= 20);
        Assert.Equal(["guangzhou-kuajing", "ningbo-haitao"], Payments.Select(payment => payment.Merchant).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal), StringComparer.Ordinal);
        Assert.Contains(Payments, payment => payment.Orders.Count == 3);
        Assert.Superset(new HashSet<decimal> { 100.00m, 100.10m, 0.50m, 12345.67m }, Payments.Select(payment => payment.TotalAmount).ToHashSet());
        Assert.Contains(orders, order => order.Goods.Any(goods => goods.Link.Contains(';', StringComparison.Ordinal)));
        Assert.Contains(orders, order => order.Seller.Code.Length == 0);
        Assert.Equal(["142", "502"], Payments.Select(payment => payment.Currency).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal), StringComparer.Ordinal);
        Assert.Equal(["31222699S7", "312228034T", "4403169D3W"], Payments.Select(payment => payment.PayCode).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal), StringComparer.Ordinal);
        var text = string.Concat(Payments.SelectMany(payment => payment.Orders.SelectMany(order => order.Goods).Select(goods => goods.Name).Append(payment.Note)));
        Assert.Contains("🌸", text, StringComparison.Ordinal);
        Assert.Contains("\u3000", text, StringComparison.Ordinal);
        Assert.Single(Payments, payment => payment.Charset is "gbk");
    }

    [Fact]
    public void Should_keep_the_lengths_of_the_interface_table()
    {
        foreach (var payment in Payments)
        {
            Assert.InRange(payment.InitalRequest.Length, 1, 8000);
            Assert.InRange(payment.InitalResponse.Length, 1, 8000);
            Assert.InRange(payment.PayTransactionId.Length, 1, 60);
            Assert.InRange(payment.Note.Length, 0, 1000);
            Assert.All(payment.Orders, order =>
            {
                Assert.InRange(order.OrderNo.Length, 1, 60);
                Assert.InRange(order.Seller.Account.Length, 1, 60);
                Assert.InRange(order.Seller.Code.Length, 0, 18);
                Assert.InRange(order.Seller.Name.Length, 1, 100);
                Assert.All(order.Goods, goods => Assert.True(goods.Name.Length is > 0 and <= 250 && goods.Link.Length is > 0 and <= 3000));
            });
        }
    }

    [Fact]
    public void Should_have_been_paid_after_midnight_in_china()
    {
        var midnight = new DateTimeOffset(2026, 11, 11, 0, 0, 0, TimeSpan.FromHours(8));
        foreach (var payment in Payments)
        {
            var paid = DateTimeOffset.TryParseExact(payment.TradingTime, "yyyyMMddHHmmss", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var local)
                ? new DateTimeOffset(local.DateTime, TimeSpan.FromHours(8))
                : DateTimeOffset.ParseExact(payment.TradingTime, "yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture);
            Assert.InRange(paid, midnight, midnight.AddMinutes(20));
        }
    }

    [Fact]
    public void Should_write_the_json_of_the_integration_api()
    {
        foreach (var payment in Payments)
        {
            using var json = JsonDocument.Parse(payment.ToJson());
            var root = json.RootElement;
            string[] raw = payment.Charset is null ? ["initalRequest", "initalResponse"] : ["initalRequestBase64", "initalResponseBase64", "charset"];
            Assert.Equal(["merchant", "payTransactionId", "payCode", "totalAmount", "currency", "verDept", "payType", "tradingTime", .. raw, "note", "orders"], Names(root), StringComparer.Ordinal);
            var amount = root.GetProperty("totalAmount");
            Assert.Equal(payment.TotalAmount, amount.ValueKind is JsonValueKind.String ? decimal.Parse(amount.GetString()!, CultureInfo.InvariantCulture) : amount.GetDecimal());
            foreach (var order in root.GetProperty("orders").EnumerateArray())
            {
                Assert.Equal(["orderNo", "goods", "recpAccount", "recpCode", "recpName"], Names(order), StringComparer.Ordinal);
                Assert.All(order.GetProperty("goods").EnumerateArray(), goods => Assert.Equal(["gname", "itemLink"], Names(goods), StringComparer.Ordinal));
            }
        }

        Assert.Contains(Payments, payment => payment.ToJson().Contains("\"totalAmount\":100.00,", StringComparison.Ordinal));
        Assert.Contains(Payments, payment => payment.ToJson().Contains("\"totalAmount\":\"100.10\"", StringComparison.Ordinal));
    }

    [Fact]
    public void Should_deliver_gbk_bytes_that_lose_nothing()
    {
        var payment = Payments.Single(one => one.Charset is not null);
        using var json = JsonDocument.Parse(payment.ToJson());
        var gbk = CodePagesEncodingProvider.Instance.GetEncoding("gbk")!;

        Assert.Equal(payment.InitalRequest, gbk.GetString(json.RootElement.GetProperty("initalRequestBase64").GetBytesFromBase64()));
        Assert.Equal(payment.InitalResponse, gbk.GetString(json.RootElement.GetProperty("initalResponseBase64").GetBytesFromBase64()));
        Assert.Contains("明治", payment.InitalRequest, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_write_each_exchange_as_its_payment_company_does()
    {
        foreach (var payment in Payments)
        {
            var order = payment.Orders[0].OrderNo;
            switch (payment.PayCode)
            {
                case "31222699S7":
                    Assert.StartsWith("https://openapi.alipay.com/gateway.do?", payment.InitalRequest, StringComparison.Ordinal);
                    var query = System.Web.HttpUtility.ParseQueryString(new Uri(payment.InitalRequest).Query);
                    using (var content = JsonDocument.Parse(query["biz_content"]!))
                    using (var response = JsonDocument.Parse(payment.InitalResponse))
                    {
                        Assert.Equal(order, content.RootElement.GetProperty("out_trade_no").GetString());
                        Assert.Equal(payment.PayTransactionId, response.RootElement.GetProperty("alipay_trade_query_response").GetProperty("trade_no").GetString());
                    }

                    break;
                case "4403169D3W":
                    Assert.Equal(order, XDocument.Parse(payment.InitalRequest).Root!.Element("out_trade_no")!.Value);
                    Assert.Equal(((long)(payment.TotalAmount * 100)).ToString(CultureInfo.InvariantCulture), XDocument.Parse(payment.InitalResponse).Root!.Element("total_fee")!.Value);
                    break;
                default:
                    Assert.Contains($"&orderId={order}&", payment.InitalRequest, StringComparison.Ordinal);
                    Assert.Contains($"&queryId={payment.PayTransactionId}&", payment.InitalResponse, StringComparison.Ordinal);
                    break;
            }
        }
    }

    private static IEnumerable<string> Ids(IEnumerable<DemoPayment> payments) =>
        payments.SelectMany(payment => payment.Orders.Select(order => order.OrderNo).Append(payment.PayTransactionId));

    private static IEnumerable<string> Names(JsonElement element) => element.EnumerateObject().Select(member => member.Name);
}
