using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using Erp.Customs.Module.Storage;

namespace Erp.Customs.Module.Archive.Bundles;

/// <summary>摘要: what a person reads of a bundle, in Chinese, to be printed. It proves nothing; the script does.</summary>
internal static class BundleSummary
{
    private const string Style = """
        body { font: 14px/1.6 "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; margin: 2em auto; max-width: 60em; color: #222 }
        h1 { font-size: 20px } h2 { font-size: 16px; margin-top: 1.6em }
        table { border-collapse: collapse; width: 100% } th, td { border: 1px solid #bbb; padding: 4px 8px; text-align: left; vertical-align: top; overflow-wrap: anywhere }
        th { background: #f3f3f3; white-space: nowrap } code { font-size: 12px } @media print { body { margin: 0; max-width: none } }
        """;

    private static readonly Dictionary<string, string> s_kinds = new(StringComparer.Ordinal)
    {
        ["payment"] = "支付原始报文",
        ["payment_version"] = "支付数据（版本）",
        ["captured_message"] = "采集的报文",
        ["bridge_exchange"] = "推单、查询与回调",
        ["customs_request"] = "海关请求与应答",
        ["request_event"] = "处理过程",
        ["envelope"] = "加签报文",
        ["upload_attempt"] = "上报与回执",
    };

    /// <summary>Writes it.</summary>
    /// <param name="order">What the bundle holds.</param>
    /// <param name="fingerprint">Of the archive's key.</param>
    public static string Write(BundledOrder order, string fingerprint)
    {
        var html = new StringBuilder();
        html.Append(CultureInfo.InvariantCulture, $"<!DOCTYPE html>\n<html lang=\"zh-CN\"><head><meta charset=\"utf-8\"><title>证据包 {Text(order.OrderNo)}</title><style>{Style}</style></head><body>\n");
        html.Append(CultureInfo.InvariantCulture, $"<h1>支付数据证据包：订单 {Text(order.OrderNo)}</h1>\n<p>商户 {Text(order.Merchant)}；生成于 {ChinaTime.ToScreen(order.MadeAt)}（北京时间）。本包含未脱敏的个人信息，请按规定保管。</p>\n");
        WritePayments(html, order);
        WriteRequests(html, order);
        WriteRecords(html, order);
        html.Append(CultureInfo.InvariantCulture, $"""
            <h2>如何验证</h2>
            <p>在装有 Python 3 与 openssl 的电脑上解压后运行 <code>python3 verify.py --key {fingerprint}</code>，无需联网。脚本重新计算每条记录的摘要，沿证据链核对到已签名的检查点，并用证书验证报关签名。存证密钥指纹应与运营方另行告知的一致。</p>
            </body></html>

            """);
        return html.ToString();
    }

    private static void WritePayments(StringBuilder html, BundledOrder order)
    {
        foreach (var (_, payment) in Of(order, "payment"))
        {
            var facts = Of(order, "payment_version").Select(one => one.Record).Where(version => (long)version["payment_id"]! == payment.Id).MaxBy(version => (long)version["version"]!) is { } newest
                ? FactsJson.Read((byte[])newest["facts"]!)
                : null;
            html.Append("<h2>支付</h2>\n<table>\n");
            Row(html, "交易流水号", (string)payment["pay_transaction_id"]!);
            if (facts is not null)
            {
                Row(html, "金额", $"{facts.TotalAmount.ToString("0.00###", CultureInfo.InvariantCulture)}（币制 {facts.Currency}）");
                Row(html, "支付企业代码", facts.PayCode);
                Row(html, "交易成功时间", ChinaTime.ToScreen(facts.TradingTime));
                Row(html, "支付的全部订单", string.Join("、", facts.Orders.Select(one => one.OrderNo)));
            }

            Row(html, "入库时间", ChinaTime.ToScreen(StoredTime.Read((long)payment["received_at"]!)));
            html.Append("</table>\n");
        }
    }

    private static void WriteRequests(StringBuilder html, BundledOrder order)
    {
        foreach (var (_, request) in Of(order, "customs_request"))
        {
            html.Append(CultureInfo.InvariantCulture, $"<h2>海关请求 {Text((string)request["session_id"]!)}</h2>\n<table>\n<tr><th>时间</th><th>状态</th><th>说明</th></tr>\n");
            foreach (var (_, change) in Of(order, "request_event").Where(one => (long)one.Record["request_id"]! == request.Id))
            {
                Row(
                    html, ChinaTime.ToScreenExact(StoredTime.Read((long)change["occurred_at"]!)),
                    Words.In(RequestStates.Title(RequestStates.Parse((string)change["state"]!)), english: false), Words.In((string)change["reason"]!, english: false));
            }

            foreach (var (_, attempt) in Of(order, "upload_attempt").Where(one => (long)one.Record["request_id"]! == request.Id))
            {
                Row(html, ChinaTime.ToScreenExact(StoredTime.Read((long)attempt["started_at"]!)), $"第 {attempt["number"]} 次上报", $"海关回执 {attempt["customs_code"]} {attempt["customs_message"]} {attempt["error"]}");
            }

            html.Append("</table>\n");
        }
    }

    private static void WriteRecords(StringBuilder html, BundledOrder order)
    {
        html.Append("<h2>本包所含记录</h2>\n<table>\n<tr><th>存证编号</th><th>种类</th><th>存证时间</th><th>记录摘要</th><th>文件</th></tr>\n");
        foreach (var (seal, record) in order.Records)
        {
            var files = EvidenceBundles.Files(record).Select(file => EvidenceBundles.FileName(seal, file.Column)).Select(file => $"<a href=\"{Text(file)}\">{Text(file)}</a>");
            html.Append(
                CultureInfo.InvariantCulture,
                $"<tr><td>{seal.Number}</td><td>{s_kinds.GetValueOrDefault(seal.Kind, seal.Kind)}</td><td>{ChinaTime.ToScreen(StoredTime.Read(seal.SealedAt))}</td><td><code>{Convert.ToHexStringLower(seal.Leaf)}</code></td><td>{string.Join("<br>", files)}</td></tr>\n");
        }

        html.Append("</table>\n");
    }

    private static IEnumerable<(EvidenceRow Seal, SealedRecord Record)> Of(BundledOrder order, string kind) => order.Records.Where(one => one.Record.Kind.Name == kind);

    private static void Row(StringBuilder html, params IReadOnlyList<string> cells) => html.Append("<tr>").AppendJoin("", cells.Select(cell => $"<td>{Text(cell)}</td>")).Append("</tr>\n");

    private static string Text(string text) => HtmlEncoder.Default.Encode(text);
}
