using Microsoft.Extensions.Logging;

namespace Erp.Customs.Module.Rendering;

/// <summary>Chooses the renderer: the Scriban templates beside the module where Scriban is built in, otherwise the built-in writer.</summary>
internal static partial class PayExchangeRenderers
{
    /// <summary>Whether this build has Scriban; see OptionalPackages.targets.</summary>
    public static bool ScribanBuiltIn =>
#if WITH_SCRIBAN
        true;
#else
        false;
#endif

    /// <summary>Makes the renderer and logs which one it is.</summary>
    /// <param name="moduleDirectory">The module's folder, in which <c>templates/179</c> stands.</param>
    /// <param name="loggers">Makes the logger.</param>
    /// <exception cref="Contracts.ModuleConfigurationException">A template is missing or wrong; the message names file, line and column.</exception>
    public static IPayExchangeRenderer Create(string moduleDirectory, ILoggerFactory loggers)
    {
        var logger = loggers.CreateLogger(typeof(PayExchangeRenderers).FullName!);
        IPayExchangeRenderer? templates = null;
        LoadTemplates(moduleDirectory, logger, ref templates);
        if (templates is not null)
        {
            return templates;
        }

        logger.LogWarning("This build has no Scriban: the built-in writer renders what customs get, and the files under templates are not used.");
        return new CanonicalRenderer();
    }

    /// <summary>There only with Scriban.</summary>
    static partial void LoadTemplates(string moduleDirectory, ILogger logger, ref IPayExchangeRenderer? renderer);
}
