using Erp.Customs.Module.Rendering;
using Erp.Customs.Module.Storage;

namespace Erp.Customs.Module.Admin.Templates;

/// <summary>模板: each with the version that is in force and its SHA-256.</summary>
[Needs(CustomsPermissions.View)]
internal sealed class TemplatesModel(TemplateBook book, TemplateTable table, RenderersInForce renderers) : Screen
{
    /// <summary>The templates in force, and how each came to be published; <see langword="null"/> for a file.</summary>
    public IReadOnlyList<(TemplateSource Source, PublishedTemplate? Published)> Rows { get; private set; } = [];

    /// <summary>What renders now.</summary>
    public string Renderer => renderers.Description;

    public async Task OnGetAsync()
    {
        var published = (await table.NewestAsync(HttpContext.RequestAborted)).ToDictionary(one => (one.Name, one.Version));
        Rows = [.. TemplateSource.Names.Select(name => book.InForce[name]).Select(source => (source, published.GetValueOrDefault((source.Name, source.Version))))];
        Problem = book.Problem is { } problem
            ? Words.Of($"最近发布的模板无法使用，此前的模板继续有效：{problem}", $"What was published last cannot be used, the templates before it stay: {problem}")
            : null;
    }
}
