using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Erp.Customs.Module.Integration;

namespace Erp.Customs.Tests.Integration;

public class PaymentReaderTests
{
    [Fact]
    public void A_payment_is_read_as_it_stands()
    {
        var reader = new PaymentReader();
        var payment = reader.Delivery(Element(Sample()));

        Assert.Empty(reader.Problems);
        Assert.Equal("ningbo", payment.Merchant);
        Assert.Equal("<xml>请求</xml>", Encoding.UTF8.GetString(payment.InitialRequest.Bytes.Span));
        Assert.Equal("utf-8", payment.InitialRequest.Charset);
        Assert.Equal(100.10m, payment.Facts.TotalAmount);
        Assert.Equal(new DateTimeOffset(2026, 11, 11, 0, 0, 1, TimeSpan.FromHours(8)), payment.Facts.TradingTime);
        Assert.Equal("奶粉", payment.Facts.Orders[0].Goods[0].GName);
        Assert.Equal("", payment.Facts.Orders[0].RecpCode);
    }

    [Theory]
    [InlineData("0.50", "0.50")]
    [InlineData("\"0.50\"", "0.50")]
    [InlineData("12345678901234.12345", "12345678901234.12345")]
    [InlineData("100", "100")]
    public void Amounts_are_read_exactly_as_number_or_text(string json, string expected)
    {
        var reader = new PaymentReader();
        var sample = Sample();
        sample["totalAmount"] = JsonNode.Parse(json);
        Assert.Equal(decimal.Parse(expected), reader.Delivery(Element(sample)).Facts.TotalAmount);
        Assert.Empty(reader.Problems);
    }

    [Theory]
    [InlineData("1e2")]
    [InlineData("\"1,000.00\"")]
    [InlineData("\" 1\"")]
    [InlineData("true")]
    [InlineData("\"NaN\"")]
    [InlineData("null")]
    public void What_is_no_amount_is_named(string json) => AssertNames("totalAmount", sample => sample["totalAmount"] = JsonNode.Parse(json));

    [Theory]
    [InlineData("2026-11-11T00:00:01+08:00")]
    [InlineData("2026-11-10T16:00:01Z")]
    [InlineData("20261111000001")]
    public void Trading_time_is_ISO_with_offset_or_14_digits_of_China_time(string time)
    {
        var reader = new PaymentReader();
        var sample = Sample();
        sample["tradingTime"] = time;
        Assert.Equal(new DateTimeOffset(2026, 11, 10, 16, 0, 1, TimeSpan.Zero), reader.Delivery(Element(sample)).Facts.TradingTime);
        Assert.Empty(reader.Problems);
    }

    [Theory]
    [InlineData("2026-11-11T00:00:01")]
    [InlineData("2026-11-11 00:00:01")]
    [InlineData("20261131000001")]
    [InlineData("11/11/2026")]
    public void A_time_without_a_zone_is_named(string time) => AssertNames("tradingTime", sample => sample["tradingTime"] = time);

    [Fact]
    public void Bytes_come_as_Base64_with_their_charset()
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        var gbk = Encoding.GetEncoding("gbk").GetBytes("商品=奶粉");
        var sample = Sample();
        sample.Remove("initalRequest");
        sample["initalRequestBase64"] = Convert.ToBase64String(gbk);
        sample["charset"] = "gbk";
        var reader = new PaymentReader();
        var payment = reader.Delivery(Element(sample));
        Assert.Empty(reader.Problems);
        Assert.Equal(gbk, payment.InitialRequest.Bytes.ToArray());
        Assert.Equal("gbk", payment.InitialRequest.Charset);
        Assert.Equal("utf-8", payment.InitialResponse.Charset);
    }

    public static TheoryData<string, Action<JsonObject>> Faults => new()
    {
        { "merchant", sample => sample.Remove("merchant") },
        { "payTransactionId", sample => sample["payTransactionId"] = 7 },
        { "orders[1].orderNo", sample => ((JsonArray)sample["orders"]!).Add(new JsonObject { ["goods"] = new JsonArray() }) },
        { "orders", sample => sample["orders"] = "none" },
        { "orders[0].goods", sample => sample["orders"]![0]!["goods"] = null },
        { "orders[0].goods[0].gname", sample => sample["orders"]![0]!["goods"]![0]!["gname"] = 1 },
        { "orders[0].goods[0].gName", sample => sample["orders"]![0]!["goods"]![0]!["gName"] = "x" },
        { "initialRequest", sample => sample["initialRequest"] = "x" },
        { "initalRequest", sample => sample.Remove("initalRequest") },
        { "initalResponse", sample => sample["initalResponseBase64"] = "eA==" },
        { "initalRequestBase64", sample => { sample.Remove("initalRequest"); sample["initalRequestBase64"] = "%%"; sample["charset"] = "gbk"; } },
        { "charset", sample => { sample.Remove("initalRequest"); sample["initalRequestBase64"] = "eA=="; } },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void Every_wrong_field_is_named_by_its_path(string path, Action<JsonObject> spoil) => AssertNames(path, spoil);

    [Fact]
    public void All_problems_are_named_together()
    {
        var reader = new PaymentReader();
        reader.Delivery(Element(new JsonObject()));
        Assert.True(reader.Problems.Count > 8, string.Join("\n", reader.Problems));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("null")]
    public void What_is_no_object_is_named(string json)
    {
        var reader = new PaymentReader();
        using var document = JsonDocument.Parse(json);
        reader.Delivery(document.RootElement);
        Assert.NotEmpty(reader.Problems);
    }

    [Fact]
    public void Half_of_a_surrogate_pair_is_no_text()
    {
        var reader = new PaymentReader();
        using var document = JsonDocument.Parse(Sample().ToJsonString().Replace("\"142\"", "\"\\ud800\""));
        reader.Delivery(document.RootElement);
        Assert.Contains(reader.Problems, problem => problem.StartsWith("currency ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("initalRequest")]
    [InlineData("initalResponseBase64")]
    [InlineData("charset")]
    public void A_correction_must_not_carry_raw_data(string name)
    {
        var reader = new PaymentReader();
        var sample = Correction();
        sample[name] = "eA==";
        reader.Correction(Element(sample), "ningbo", "2026111122001", "erp");
        Assert.Contains(reader.Problems, problem => problem.StartsWith(name, StringComparison.Ordinal));
    }

    [Fact]
    public void A_correction_is_of_the_payment_in_the_address()
    {
        var reader = new PaymentReader();
        reader.Correction(Element(Correction()), "ningbo", "2026111122001", "erp");
        Assert.Empty(reader.Problems);
        reader.Correction(Element(Correction()), "ningbo", "another", "erp");
        Assert.Contains(reader.Problems, problem => problem.StartsWith("payTransactionId", StringComparison.Ordinal));
    }

    private static void AssertNames(string path, Action<JsonObject> spoil)
    {
        var sample = Sample();
        spoil(sample);
        var reader = new PaymentReader();
        reader.Delivery(Element(sample));
        Assert.Contains(reader.Problems, problem => problem.StartsWith(path + " ", StringComparison.Ordinal));
    }

    private static JsonElement Element(JsonNode node) => JsonSerializer.SerializeToElement(node);

    private static JsonObject Correction()
    {
        var sample = Sample();
        sample.Remove("initalRequest");
        sample.Remove("initalResponse");
        return sample;
    }

    private static JsonObject Sample() => new()
    {
        ["merchant"] = "ningbo",
        ["payTransactionId"] = "2026111122001",
        ["payCode"] = "31222699S7",
        ["totalAmount"] = 100.10m,
        ["currency"] = "142",
        ["verDept"] = "3",
        ["payType"] = "1",
        ["tradingTime"] = "2026-11-11T00:00:01+08:00",
        ["initalRequest"] = "<xml>请求</xml>",
        ["initalResponse"] = "<xml>响应</xml>",
        ["note"] = "",
        ["orders"] = new JsonArray(new JsonObject
        {
            ["orderNo"] = "SO1",
            ["goods"] = new JsonArray(new JsonObject { ["gname"] = "奶粉", ["itemLink"] = "https://shop.example/1;https://shop.example/2" }),
            ["recpAccount"] = "6217850100007893905",
            ["recpName"] = "海淘有限公司",
        }),
    };
}
