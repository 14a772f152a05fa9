namespace Erp.Customs.Module.Rendering;

/// <summary>Chooses what renders for the Shanghai CBT gateway, as <see cref="PayExchangeRenderers"/> does for customs.</summary>
internal static partial class CbtRenderers
{
    /// <summary>Makes the renderer.</summary>
    /// <param name="moduleDirectory">The module's folder, in which <c>templates/cbt</c> stands.</param>
    /// <exception cref="Contracts.ModuleConfigurationException">A template is missing or wrong; the message names file, line and column.</exception>
    public static ICbtRenderer Create(string moduleDirectory)
    {
        ICbtRenderer renderer = new CbtWriter();
        LoadTemplates(moduleDirectory, ref renderer);
        return renderer;
    }

    /// <summary>There only with Scriban.</summary>
    static partial void LoadTemplates(string moduleDirectory, ref ICbtRenderer renderer);
}
