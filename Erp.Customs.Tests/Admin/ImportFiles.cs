using System.IO.Compression;
using System.Text;
using MiniExcelLibs;

namespace Erp.Customs.Tests.Admin;

/// <summary>Files of payments as a clerk would fill them in.</summary>
internal static class ImportFiles
{
    public static readonly string[] Titles =
    [
        "商户", "交易流水号", "支付企业代码", "交易金额", "币制", "验核机构", "支付类型", "交易成功时间", "备注", "订单编号", "商品名称", "商品展示链接地址", "收款账号", "收款企业代码", "收款企业名称", "原始请求", "原始响应",
    ];

    /// <summary>A row of one payment of one order, all of it right; the same as <c>CustomsWorld.Payment</c> but for the goods' link.</summary>
    public static Dictionary<string, object?> Row(string payTransactionId, string orderNo, params (string Title, object? Value)[] changes)
    {
        object?[] values =
        [
            "ningbo", payTransactionId, "31222699S7", 100.10m, "142", "3", "1", "2026-11-11 00:00:01", "双十一", orderNo, "婴儿奶粉 800g", "https://shop.example.cn/item/1;https://shop.example.cn/item/2",
            "6217850100007893905", "91330201MA2AG12345", "宁波海淘贸易有限公司",
            $$$"""https://openapi.alipay.com/gateway.do?method=alipay.trade.pay&biz_content={"out_trade_no":"{{{payTransactionId}}}","subject":"奶粉　800g"}""",
            "{\"alipay_trade_pay_response\":{\"code\":\"10000\",\n\"msg\":\"Success\"}}",
        ];
        var row = Titles.Zip(values).ToDictionary(cell => cell.First, cell => cell.Second, StringComparer.Ordinal);
        foreach (var (title, value) in changes)
        {
            row[title] = value;
        }

        return row;
    }

    /// <summary>A workbook.</summary>
    public static byte[] Workbook(params IReadOnlyCollection<Dictionary<string, object?>> rows)
    {
        using var file = new MemoryStream();
        MiniExcel.SaveAs(file, rows);
        return file.ToArray();
    }

    /// <summary>CSV, every cell quoted.</summary>
    public static byte[] Csv(Encoding encoding, params IReadOnlyCollection<Dictionary<string, object?>> rows)
    {
        var lines = rows.Select(row => row.Values.Select(value => Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture))).Prepend(rows.First().Keys);
        return [.. encoding.GetPreamble(), .. encoding.GetBytes(string.Concat(lines.Select(line => string.Join(',', line.Select(cell => $"\"{cell?.Replace("\"", "\"\"", StringComparison.Ordinal)}\"")) + "\r\n")))];
    }

    /// <summary>A workbook with a part that says, and means, that it unpacks to more than 1 GiB.</summary>
    public static byte[] Bomb()
    {
        using var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            using var part = zip.CreateEntry("xl/worksheets/sheet1.xml", CompressionLevel.Fastest).Open();
            var zeros = new byte[16 * 1024 * 1024];
            for (var block = 0; block < 65; block++)
            {
                part.Write(zeros);
            }
        }

        return file.ToArray();
    }
}
