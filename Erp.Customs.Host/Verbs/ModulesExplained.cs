using Erp.Customs.Contracts.Hosting;

namespace Erp.Customs.Host.Verbs;

/// <summary>Says on the command line how the modules stand.</summary>
internal static class ModulesExplained
{
    /// <summary>One sentence.</summary>
    public static string Explain(this IErpModules modules) => modules.All is []
        ? "modules 目录中没有模块。 There is no module in the folder modules."
        : string.Join("; ", modules.All.Select(module => $"{module.Manifest.Id}: {module.State} {module.Sentence}".TrimEnd()));
}
