using Erp.Customs.Contracts;

namespace Erp.Customs.Module.Rendering;

/// <summary>Renders with the templates <c>cbt/edata</c> and <c>cbt/payExInfoStr</c>: one sees <c>header</c>, the other <c>message</c>, both the function <c>json</c>. The built-in writer judges every output.</summary>
internal sealed class ScribanCbtRenderer : ICbtRenderer
{
    public const string DataRoot = "EData";
    public const string MessageRoot = "payExInfoStr";

    private static readonly bool[] s_namings = [false, true];

    private readonly CbtWriter _writer = new();
    private readonly ScribanTemplate _data;
    private readonly ScribanTemplate _message;

    private ScribanCbtRenderer(ScribanTemplate data, ScribanTemplate message)
    {
        (_data, _message) = (data, message);
        var canonical = new CanonicalRenderer();
        foreach (var sample in SampleExchanges.All)
        {
            var rendered = canonical.Render(sample);
            foreach (var header in Headers(sample))
            {
                EData(header, invented: true);
            }

            PayExInfoStr(sample.Head.Guid, rendered.Head, rendered.Lists, invented: true);
        }
    }

    /// <summary>Reads both templates from their files and tries them on the samples.</summary>
    /// <param name="moduleDirectory">The module's folder.</param>
    /// <exception cref="ModuleConfigurationException">A template is missing or wrong; the message names file, line and column.</exception>
    public static ScribanCbtRenderer Load(string moduleDirectory) =>
        Telling(() => Tried(TemplateSource.OfFile(moduleDirectory, TemplateSource.Data), TemplateSource.OfFile(moduleDirectory, TemplateSource.Message)));

    /// <summary>Takes both templates and tries them on the samples.</summary>
    /// <exception cref="ModuleConfigurationException">A template is wrong; the message names file, line and column.</exception>
    public static ScribanCbtRenderer Of(TemplateSource data, TemplateSource message) => Telling(() => Tried(data, message));

    /// <summary>Invented ones who ask: a sample's firm, its fields named either way.</summary>
    public static IEnumerable<CbtHeader> Headers(PayExchange sample) => s_namings.Select(
        asInTable => new CbtHeader(sample.Head.TradingTime, sample.Lists[0].RecpName, sample.Head.EbpCode, "20119182839304", sample.Lists[0].RecpAccount, asInTable));

    /// <inheritdoc/>
    public string EData(CbtHeader header) => Telling(() => EData(header, invented: false));

    /// <inheritdoc/>
    public string PayExInfoStr(string sessionId, string head, string lists) => Telling(() => PayExInfoStr(sessionId, head, lists, invented: false));

    private static ScribanCbtRenderer Tried(TemplateSource data, TemplateSource message) => new(ScribanTemplate.Parse(data), ScribanTemplate.Parse(message));

    private string EData(CbtHeader header, bool invented) => _data.Render(new TemplateSight(header), DataRoot, _writer.EData(header), invented, []);

    private string PayExInfoStr(string sessionId, string head, string lists, bool invented) =>
        _message.Render(new TemplateSight(sessionId, head, lists), MessageRoot, _writer.PayExInfoStr(sessionId, head, lists), invented, []);

    private static T Telling<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (RenderingException wrong)
        {
            throw new ModuleConfigurationException(wrong.Sentence, wrong);
        }
    }
}
