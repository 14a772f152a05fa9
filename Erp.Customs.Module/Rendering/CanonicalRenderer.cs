namespace Erp.Customs.Module.Rendering;

/// <summary>The built-in writer: fields in the order of notice 179, no blanks. It is also the measure that a template is judged by.</summary>
internal sealed class CanonicalRenderer : IPayExchangeRenderer
{
    /// <summary>Room for field names, codes and punctuation of one object, so that the buffer seldom grows.</summary>
    private const int ObjectOverhead = 512;

    /// <inheritdoc/>
    public string Description => Words.Of("内置渲染器（本构建不含 Scriban，不使用模板）", "built-in writer (built without Scriban, templates are not used)");

    /// <inheritdoc/>
    public RenderedExchange Render(PayExchange exchange) => new(Head(exchange.Head), Lists(exchange.Lists), "writer");

    private static string Head(PayExchangeHead head)
    {
        var json = new CustomsJson(head.InitalRequest.Length + head.InitalResponse.Length + head.Note.Length + ObjectOverhead);
        Append(ref json, "{\"guid\":", head.Guid);
        Append(ref json, ",\"initalRequest\":", head.InitalRequest);
        Append(ref json, ",\"initalResponse\":", head.InitalResponse);
        Append(ref json, ",\"ebpCode\":", head.EbpCode);
        Append(ref json, ",\"payCode\":", head.PayCode);
        Append(ref json, ",\"payTransactionId\":", head.PayTransactionId);
        json.Raw(",\"totalAmount\":");
        json.Raw(CustomsJson.Number(head.TotalAmount));
        Append(ref json, ",\"currency\":", head.Currency);
        Append(ref json, ",\"verDept\":", head.VerDept);
        Append(ref json, ",\"payType\":", head.PayType);
        Append(ref json, ",\"tradingTime\":", head.TradingTime);
        Append(ref json, ",\"note\":", head.Note);
        json.Raw("}");
        return json.Finish();
    }

    private static string Lists(IReadOnlyList<PayExchangeOrder> orders)
    {
        var json = new CustomsJson(orders.Sum(order => order.GoodsInfo.Sum(goods => goods.ItemLink.Length) + ObjectOverhead));
        json.Raw("[");
        for (var i = 0; i < orders.Count; i++)
        {
            var order = orders[i];
            Append(ref json, i == 0 ? "{\"orderNo\":" : ",{\"orderNo\":", order.OrderNo);
            json.Raw(",\"goodsInfo\":[");
            for (var j = 0; j < order.GoodsInfo.Count; j++)
            {
                Append(ref json, j == 0 ? "{\"gname\":" : ",{\"gname\":", order.GoodsInfo[j].Gname);
                Append(ref json, ",\"itemLink\":", order.GoodsInfo[j].ItemLink);
                json.Raw("}");
            }

            Append(ref json, "],\"recpAccount\":", order.RecpAccount);
            Append(ref json, ",\"recpCode\":", order.RecpCode);
            Append(ref json, ",\"recpName\":", order.RecpName);
            json.Raw("}");
        }

        json.Raw("]");
        return json.Finish();
    }

    private static void Append(ref CustomsJson json, string upToTheValue, string value)
    {
        json.Raw(upToTheValue);
        json.String(value);
    }
}
