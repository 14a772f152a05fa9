using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Erp.Customs.Simulator;

/// <summary>One payment of the demonstration, as an ERP delivers it to <c>POST {base}/api/payments</c>.</summary>
public sealed record DemoPayment
{
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The merchant's name in the module's settings.</summary>
    public required string Merchant { get; init; }

    /// <summary>交易流水号.</summary>
    public required string PayTransactionId { get; init; }

    /// <summary>支付企业代码.</summary>
    public required string PayCode { get; init; }

    /// <summary>交易金额.</summary>
    public required decimal TotalAmount { get; init; }

    /// <summary>Whether the amount is delivered as a JSON string with two decimals, as some ERPs do, instead of as a number.</summary>
    public bool AmountAsString { get; init; }

    /// <summary>币制: 142 or 502.</summary>
    public required string Currency { get; init; }

    /// <summary>验核机构.</summary>
    public required string VerDept { get; init; }

    /// <summary>支付类型.</summary>
    public required string PayType { get; init; }

    /// <summary>交易成功时间, as delivered: ISO 8601 with offset, or yyyyMMddHHmmss.</summary>
    public required string TradingTime { get; init; }

    /// <summary>原始请求.</summary>
    public required string InitalRequest { get; init; }

    /// <summary>原始响应.</summary>
    public required string InitalResponse { get; init; }

    /// <summary>The raw exchange's encoding when it is delivered as bytes; <see langword="null"/> when it is delivered as text.</summary>
    public string? Charset { get; init; }

    /// <summary>备注.</summary>
    public string Note { get; init; } = "";

    /// <summary>Every order that the payment paid.</summary>
    public required IReadOnlyList<DemoOrder> Orders { get; init; }

    /// <summary>The JSON of the integration API; the same bytes each time.</summary>
    public string ToJson()
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = Json.Encoder }))
        {
            json.WriteStartObject();
            json.WriteString("merchant", Merchant);
            json.WriteString("payTransactionId", PayTransactionId);
            json.WriteString("payCode", PayCode);
            if (AmountAsString)
            {
                json.WriteString("totalAmount", TotalAmount.ToString("0.00", System.Globalization.CultureInfo.InvariantCulture));
            }
            else
            {
                json.WriteNumber("totalAmount", TotalAmount);
            }

            json.WriteString("currency", Currency);
            json.WriteString("verDept", VerDept);
            json.WriteString("payType", PayType);
            json.WriteString("tradingTime", TradingTime);
            if (Charset is null)
            {
                json.WriteString("initalRequest", InitalRequest);
                json.WriteString("initalResponse", InitalResponse);
            }
            else
            {
                var encoding = CodePagesEncodingProvider.Instance.GetEncoding(Charset) ?? Encoding.GetEncoding(Charset);
                json.WriteBase64String("initalRequestBase64", encoding.GetBytes(InitalRequest));
                json.WriteBase64String("initalResponseBase64", encoding.GetBytes(InitalResponse));
                json.WriteString("charset", Charset);
            }

            json.WriteString("note", Note);
            json.WritePropertyName("orders");
            JsonSerializer.Serialize(json, Orders.Select(order => new
            {
                orderNo = order.OrderNo,
                goods = order.Goods.Select(goods => new { gname = goods.Name, itemLink = goods.Link }),
                recpAccount = order.Seller.Account,
                recpCode = order.Seller.Code,
                recpName = order.Seller.Name,
            }), Json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
    }
}

/// <summary>An order of the demonstration.</summary>
/// <param name="OrderNo">订单编号.</param>
/// <param name="Goods">商品信息.</param>
/// <param name="Seller">Who is paid.</param>
public sealed record DemoOrder(string OrderNo, IReadOnlyList<DemoGoods> Goods, DemoSeller Seller);

/// <summary>Goods of the demonstration.</summary>
/// <param name="Name">商品名称.</param>
/// <param name="Link">商品展示链接地址; several joined by <c>;</c>.</param>
public sealed record DemoGoods(string Name, string Link);

/// <summary>收款企业.</summary>
/// <param name="Account">收款账号.</param>
/// <param name="Code">统一社会信用代码; empty for a foreign seller.</param>
/// <param name="Name">Its name.</param>
public sealed record DemoSeller(string Account, string Code, string Name);
