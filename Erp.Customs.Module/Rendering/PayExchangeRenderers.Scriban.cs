using Erp.Customs.Contracts;
using Microsoft.Extensions.Logging;

namespace Erp.Customs.Module.Rendering;

/// <content>With Scriban the templates are the default.</content>
internal static partial class PayExchangeRenderers
{
    /// <summary>Makes the renderer of two templates and logs which they are.</summary>
    /// <exception cref="ModuleConfigurationException">One of them is wrong; the message names file, line and column.</exception>
    public static IPayExchangeRenderer Of(TemplateSource head, TemplateSource lists, ILogger logger) => Telling(() => ScribanRenderer.Of(head, lists), logger);

    static partial void LoadTemplates(string moduleDirectory, ILogger logger, ref IPayExchangeRenderer? renderer) => renderer = Telling(
        () => ScribanRenderer.Of(TemplateSource.OfFile(moduleDirectory, TemplateSource.Head), TemplateSource.OfFile(moduleDirectory, TemplateSource.Lists)), logger);

    private static ScribanRenderer Telling(Func<ScribanRenderer> make, ILogger logger)
    {
        ScribanRenderer templates;
        try
        {
            templates = make();
        }
        catch (RenderingException wrong)
        {
            throw new ModuleConfigurationException(wrong.Sentence, wrong);
        }

        logger.LogInformation("What customs get is rendered by {Renderer}.", Words.In(templates.Description, english: true));
        if (templates.Differences.Count > 0)
        {
            logger.LogWarning(
                "The templates give something else than the built-in writer does: {Differences}. That is allowed; it is written down with every message made from them.",
                string.Join("; ", templates.Differences));
        }

        return templates;
    }
}
