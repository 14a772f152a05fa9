using Microsoft.Extensions.Logging;

namespace Erp.Customs.Module.Rendering;

/// <summary>What Scriban does with templates; without it nothing.</summary>
internal static partial class TemplateEngine
{
    /// <summary>Makes the renderers of these templates; <see langword="null"/> without Scriban.</summary>
    /// <param name="sources">All of <see cref="TemplateSource.Names"/>.</param>
    /// <param name="logger">Told which they are, and that they differ from the writer.</param>
    /// <exception cref="Contracts.ModuleConfigurationException">One is wrong; the message names file, line and column.</exception>
    public static (IPayExchangeRenderer Customs, ICbtRenderer Cbt)? Make(IReadOnlyDictionary<string, TemplateSource> sources, ILogger logger)
    {
        (IPayExchangeRenderer, ICbtRenderer)? made = null;
        Make(sources, logger, ref made);
        return made;
    }

    /// <summary>Renders the samples, and a payment beside them; <see langword="null"/> without Scriban.</summary>
    /// <param name="source">The template.</param>
    /// <param name="real">A payment that is not invented: no fault quotes it.</param>
    public static TemplateTrial? Try(TemplateSource source, PayExchange? real)
    {
        TemplateTrial? trial = null;
        Try(source, real, ref trial);
        return trial;
    }

    static partial void Make(IReadOnlyDictionary<string, TemplateSource> sources, ILogger logger, ref (IPayExchangeRenderer Customs, ICbtRenderer Cbt)? made);

    static partial void Try(TemplateSource source, PayExchange? real, ref TemplateTrial? trial);
}
