using Erp.Customs.Contracts;
using Microsoft.Extensions.Logging;

namespace Erp.Customs.Module.Rendering;

/// <content>With Scriban the templates are the default.</content>
internal static partial class PayExchangeRenderers
{
    static partial void LoadTemplates(string moduleDirectory, ILogger logger, ref IPayExchangeRenderer? renderer)
    {
        ScribanRenderer templates;
        try
        {
            templates = ScribanRenderer.Load(moduleDirectory);
        }
        catch (RenderingException wrong)
        {
            throw new ModuleConfigurationException(wrong.Message, wrong);
        }

        renderer = templates;
        logger.LogInformation("What customs get is rendered by {Renderer}.", Words.In(templates.Description, english: true));
        if (templates.Differences.Count > 0)
        {
            logger.LogWarning(
                "The templates give something else than the built-in writer does: {Differences}. That is allowed; it is written down with every message made from them.",
                string.Join("; ", templates.Differences));
        }
    }
}
