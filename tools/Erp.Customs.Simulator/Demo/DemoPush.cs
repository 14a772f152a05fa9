using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Erp.Customs.Simulator;

/// <summary>
/// Orders of the demonstration that are paid through the payment-customs bridge, as an ERP hands them in to <c>POST {base}/api/orders/push</c>. People, numbers and goods are made up;
/// the same day gives the same orders, byte for byte.
/// </summary>
public sealed record DemoPush
{
    /// <summary>商户名称 of <see cref="DemoOrders.Ningbo"/> at the bridge.</summary>
    public const string MerchantName = "宁波海淘优选";

    private static readonly JsonSerializerOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>商户订单号.</summary>
    public required string OrderNo { get; init; }

    /// <summary>Whether the bridge calls back for it; otherwise it is paid after GetOrder was asked a while.</summary>
    public required bool CallsBack { get; init; }

    /// <summary>What is handed in.</summary>
    public required string Json { get; init; }

    /// <summary>Every order.</summary>
    /// <param name="day">The day of the sale in China.</param>
    public static IReadOnlyList<DemoPush> Build(DateOnly day) =>
    [
        Make(day, 1, "测试甲", "11010519491231002X", 2, 199.00m, "HG014", callsBack: false, new DemoGoods("爱他美白金版婴儿配方奶粉 2段 900g", "https://www.nbhaitao.example.com/item/10088.html")),
        Make(day, 2, "测试乙", "440106198709120010", 1, 88.50m, "", callsBack: true, new DemoGoods("珊珂洗面奶 120g", "https://www.nbhaitao.example.com/item/10092.html")),
        Make(day, 3, "TEST TRAVELLER", "E00000000", 3, 1299.90m, "HG021", callsBack: false,
            new DemoGoods("雅萌射频美容仪 \"MAX\"", "https://www.nbhaitao.example.com/item/10103.html"), new DemoGoods("雅萌凝胶 300g", "https://www.nbhaitao.example.com/item/10104.html;https://m.nbhaitao.example.com/item/10104")),
        Make(day, 4, "测试丁", "11010519491231002X", 1, 0.50m, "HG029", callsBack: true, new DemoGoods("资生堂洁面乳 体验装 5g", "https://www.nbhaitao.example.com/item/10091.html")),
    ];

    private static DemoPush Make(DateOnly day, int number, string receiver, string card, int totalNum, decimal total, string customsCode, bool callsBack, params DemoGoods[] goods)
    {
        var orderNo = string.Create(CultureInfo.InvariantCulture, $"NBHT{day:yyyyMMdd}9{number:00}1{number * 137931:000000}");
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = s_json.Encoder }))
        {
            json.WriteStartObject();
            json.WriteString("merchant", DemoOrders.Ningbo);
            json.WriteString("orderNo", orderNo);
            json.WriteString("receiverName", receiver);
            json.WriteString("receiverCardNo", card);
            json.WriteString("receiverMobile", "13800000000");
            json.WriteNumber("totalNum", totalNum);
            json.WriteNumber("orderTotal", total);
            json.WriteString("payTime", string.Create(CultureInfo.InvariantCulture, $"{day:yyyyMMdd}0030{number:00}"));
            json.WriteString("customsCode", customsCode);
            json.WriteString("operation", "A");
            json.WritePropertyName("goods");
            JsonSerializer.Serialize(json, goods.Select(one => new { gname = one.Name, itemLink = one.Link }), s_json);
            json.WriteEndObject();
        }

        return new DemoPush { OrderNo = orderNo, CallsBack = callsBack, Json = Encoding.UTF8.GetString(buffer.ToArray()) };
    }
}
