namespace Erp.Customs.Module.Rendering;

/// <summary>
/// Renders with the templates <c>179/head</c> and <c>179/lists</c>. They see <c>head</c> and <c>lists</c> with customs' field names and the function <c>json</c>, nothing else:
/// what leaves the house comes from the payment alone. The built-in writer renders beside it and judges every output.
/// </summary>
internal sealed class ScribanRenderer : IPayExchangeRenderer
{
    public const string HeadRoot = "payExchangeInfoHead";
    public const string ListsRoot = "payExchangeInfoLists";

    private readonly CanonicalRenderer _writer = new();
    private readonly ScribanTemplate _head;
    private readonly ScribanTemplate _lists;
    private readonly string _name;

    private ScribanRenderer(ScribanTemplate head, ScribanTemplate lists)
    {
        _head = head;
        _lists = lists;
        _name = $"scriban 179/head.scriban@{head.Sha256} 179/lists.scriban@{lists.Sha256}";
        var differences = new List<string>();
        foreach (var sample in SampleExchanges.All)
        {
            Render(sample, invented: true, differences);
        }

        Differences = [.. differences.Distinct(StringComparer.Ordinal)];
        var names = $"Scriban 179/head.scriban@{head.Sha256[..12]} 179/lists.scriban@{lists.Sha256[..12]}";
        var fields = string.Join(", ", Differences);
        Description = Differences.Count == 0
            ? Words.Of($"{names}（与内置渲染器输出一致）", $"{names} (same output as the built-in writer)")
            : Words.Of($"{names}（与内置渲染器输出不同：{fields}）", $"{names} (output differs from the built-in writer: {fields})");
    }

    /// <inheritdoc/>
    public string Description { get; }

    /// <summary>How the templates' output differs from the built-in writer's on <see cref="SampleExchanges"/>, by field; empty when it does not.</summary>
    public IReadOnlyList<string> Differences { get; }

    /// <summary>Takes both templates and tries them on the samples.</summary>
    /// <exception cref="RenderingException">A template is wrong; the message names file, line and column.</exception>
    public static ScribanRenderer Of(TemplateSource head, TemplateSource lists) => new(ScribanTemplate.Parse(head), ScribanTemplate.Parse(lists));

    /// <inheritdoc/>
    public RenderedExchange Render(PayExchange exchange) => Render(exchange, invented: false, []);

    private RenderedExchange Render(PayExchange exchange, bool invented, List<string> differences)
    {
        var written = _writer.Render(exchange);
        var sight = new TemplateSight(exchange);
        var already = differences.Count;
        var head = _head.Render(sight, HeadRoot, written.Head, invented, differences);
        var lists = _lists.Render(sight, ListsRoot, written.Lists, invented, differences);
        return new RenderedExchange(head, lists, differences.Count == already ? _name : $"{_name} (differs from the writer)");
    }
}
