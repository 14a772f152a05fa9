using Microsoft.Extensions.Logging;

namespace Erp.Customs.Module.Rendering;

/// <content>With Scriban.</content>
internal static partial class TemplateEngine
{
    static partial void Make(IReadOnlyDictionary<string, TemplateSource> sources, ILogger logger, ref (IPayExchangeRenderer Customs, ICbtRenderer Cbt)? made) =>
        made = (PayExchangeRenderers.Of(sources[TemplateSource.Head], sources[TemplateSource.Lists], logger), ScribanCbtRenderer.Of(sources[TemplateSource.Data], sources[TemplateSource.Message]));

    static partial void Try(TemplateSource source, PayExchange? real, ref TemplateTrial? trial)
    {
        var (differences, outputs) = (new List<string>(), new List<TrialOutput>());
        TemplatePlace? fault = null;
        try
        {
            var template = ScribanTemplate.Parse(source);
            foreach (var one in Cases(source.Name, real))
            {
                outputs.Add(new(one.Title, one.IsInvented, one.Written, template.Render(one.Sight, one.Root, one.Written, one.IsInvented, differences)));
            }
        }
        catch (RenderingException wrong)
        {
            fault = new(wrong.Sentence, wrong.Line);
        }

        trial = new(fault, [.. differences.Distinct(StringComparer.Ordinal)], outputs);
    }

    private static IEnumerable<Case> Cases(string name, PayExchange? real)
    {
        var plain = (Title: Words.Of("示例：最简单的支付", "Sample: as plain as it can be"), Exchange: SampleExchanges.Plain, IsInvented: true);
        var awkward = (Title: Words.Of("示例：多个订单、特殊字符", "Sample: several orders, rare characters"), Exchange: SampleExchanges.Awkward, IsInvented: true);
        (string Title, PayExchange Exchange, bool IsInvented)[] payments = real is null ? [plain, awkward] : [plain, awkward, (Words.Of("所选订单的支付（个人信息已脱敏）", "The order's payment, personal data masked"), real, false)];
        return payments.SelectMany(payment => Cases(name, payment.Title, payment.Exchange, payment.IsInvented));
    }

    private static IEnumerable<Case> Cases(string name, string title, PayExchange exchange, bool invented)
    {
        var (written, cbt) = (new CanonicalRenderer().Render(exchange), new CbtWriter());
        return name switch
        {
            TemplateSource.Head => [new(title, invented, new TemplateSight(exchange), ScribanRenderer.HeadRoot, written.Head)],
            TemplateSource.Lists => [new(title, invented, new TemplateSight(exchange), ScribanRenderer.ListsRoot, written.Lists)],
            TemplateSource.Message =>
                [new(title, invented, new TemplateSight(exchange.Head.Guid, written.Head, written.Lists), ScribanCbtRenderer.MessageRoot, cbt.PayExInfoStr(exchange.Head.Guid, written.Head, written.Lists))],
            // Who asks is no payment's matter.
            _ when !invented => [],
            _ => ScribanCbtRenderer.Headers(exchange).Select(header => new Case(title, invented, new TemplateSight(header), ScribanCbtRenderer.DataRoot, cbt.EData(header))),
        };
    }

    /// <summary>One rendering.</summary>
    private sealed record Case(string Title, bool IsInvented, TemplateSight Sight, string Root, string Written);
}
