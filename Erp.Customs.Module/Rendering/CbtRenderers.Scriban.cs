namespace Erp.Customs.Module.Rendering;

/// <content>With Scriban the templates are the default.</content>
internal static partial class CbtRenderers
{
    static partial void LoadTemplates(string moduleDirectory, ref ICbtRenderer renderer) => renderer = ScribanCbtRenderer.Load(moduleDirectory);
}
