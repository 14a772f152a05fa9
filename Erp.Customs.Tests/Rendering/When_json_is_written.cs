using System.Globalization;
using System.Text.Json;
using Erp.Customs.Module.Rendering;

namespace Erp.Customs.Tests.Rendering;

/// <summary>Spelling of strings and amounts.</summary>
public class When_json_is_written
{
    [Theory]
    [InlineData("", "\"\"")]
    [InlineData("中文 /+&'<>", "\"中文 /+&'<>\"")]
    [InlineData("\"", "\"\\\"\"")]
    [InlineData("a\\b", "\"a\\\\b\"")]
    [InlineData("\b\f\n\r\t", "\"\\b\\f\\n\\r\\t\"")]
    [InlineData("\u0000\u0001\u000B\u001F", "\"\\u0000\\u0001\\u000b\\u001f\"")]
    [InlineData("\u3000\u00A0\u2028\u2029\u007F\u0080\uFEFF😀𠮷", "\"\u3000\u00A0\u2028\u2029\u007F\u0080\uFEFF😀𠮷\"")]
    public void Should_escape_what_json_requires_and_nothing_else(string value, string json) => Assert.Equal(json, CustomsJson.Text(value));

    [Theory]
    [InlineData("100.00", "100")]
    [InlineData("100.10", "100.1")]
    [InlineData("0.50", "0.5")]
    [InlineData("0", "0")]
    [InlineData("0.00000", "0")]
    [InlineData("0.00001", "0.00001")]
    [InlineData("88.08", "88.08")]
    [InlineData("1000000", "1000000")]
    [InlineData("99999999999999.99999", "99999999999999.99999")]
    [InlineData("79228162514264337593543950335", "79228162514264337593543950335")]
    [InlineData("0.0000000000000000000000000001", "0.0000000000000000000000000001")]
    public void Should_cut_trailing_zeros_and_never_use_an_exponent(string amount, string json) =>
        Assert.Equal(json, CustomsJson.Number(decimal.Parse(amount, CultureInfo.InvariantCulture)));

    [Theory]
    [InlineData(typeof(PayExchangeHead), "guid initalRequest initalResponse ebpCode payCode payTransactionId totalAmount currency verDept payType tradingTime note")]
    [InlineData(typeof(PayExchangeOrder), "orderNo goodsInfo recpAccount recpCode recpName")]
    [InlineData(typeof(PayExchangeGoods), "gname itemLink")]
    public void Should_have_the_names_of_the_interface_in_its_order_misspelt_inital_included(Type model, string names)
    {
        var expected = names.Split(' ');
        Assert.Equal(expected, model.GetProperties().Where(property => property.GetMethod!.IsPublic && property.Name is not "EqualityContract").Select(property => JsonNamingPolicy.CamelCase.ConvertName(property.Name)), StringComparer.Ordinal);
        Assert.Equal(expected, Written(model).EnumerateObject().Select(property => property.Name), StringComparer.Ordinal);
    }

    private static JsonElement Written(Type model)
    {
        var rendered = Payments.Writer.Render(Payments.WeChat);
        var order = JsonElement.Parse(rendered.Lists)[0];
        return model == typeof(PayExchangeHead) ? JsonElement.Parse(rendered.Head) : model == typeof(PayExchangeOrder) ? order : order.GetProperty("goodsInfo")[0];
    }
}
