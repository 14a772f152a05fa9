using Erp.Customs.Contracts;

namespace Erp.Customs.Module.Rendering;

/// <summary>Renders with the templates in <c>templates/cbt</c>: one sees <c>header</c>, the other <c>message</c>, both the function <c>json</c>. The built-in writer judges every output.</summary>
internal sealed class ScribanCbtRenderer : ICbtRenderer
{
    private const string DataFile = "templates/cbt/edata.scriban";
    private const string MessageFile = "templates/cbt/payExInfoStr.scriban";

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
            foreach (var asInTable in new[] { false, true })
            {
                EData(new CbtHeader(sample.Head.TradingTime, sample.Lists[0].RecpName, sample.Head.EbpCode, "20119182839304", sample.Lists[0].RecpAccount, asInTable), invented: true);
            }

            PayExInfoStr(sample.Head.Guid, rendered.Head, rendered.Lists, invented: true);
        }
    }

    /// <summary>Reads both templates and tries them on the samples.</summary>
    /// <param name="moduleDirectory">The module's folder.</param>
    /// <exception cref="ModuleConfigurationException">A template is missing or wrong; the message names file, line and column.</exception>
    public static ScribanCbtRenderer Load(string moduleDirectory) =>
        Telling(() => new ScribanCbtRenderer(ScribanTemplate.Load(moduleDirectory, DataFile), ScribanTemplate.Load(moduleDirectory, MessageFile)));

    /// <inheritdoc/>
    public string EData(CbtHeader header) => Telling(() => EData(header, invented: false));

    /// <inheritdoc/>
    public string PayExInfoStr(string sessionId, string head, string lists) => Telling(() => PayExInfoStr(sessionId, head, lists, invented: false));

    private string EData(CbtHeader header, bool invented) => _data.Render(new TemplateSight(header), "EData", _writer.EData(header), invented, []);

    private string PayExInfoStr(string sessionId, string head, string lists, bool invented) =>
        _message.Render(new TemplateSight(sessionId, head, lists), "payExInfoStr", _writer.PayExInfoStr(sessionId, head, lists), invented, []);

    private static T Telling<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (RenderingException wrong)
        {
            throw new ModuleConfigurationException(wrong.Message, wrong);
        }
    }
}
