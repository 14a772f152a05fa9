using Erp.Customs.Module.Jobs;
using Erp.Customs.Module.Rendering;
using Erp.Customs.Module.Storage.Keeping;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Erp.Customs.Module.Diagnostics;

/// <summary>What the log says when the module starts: above all, whose address the data goes to.</summary>
internal static class ModuleStart
{
    public static void Announce(IServiceProvider services)
    {
        var logger = services.GetRequiredService<ILogger<CustomsModule>>();
        var options = services.GetRequiredService<CustomsOptions>();
        logger.Log(
            options.Environment == CustomsEnvironment.Live ? LogLevel.Warning : LogLevel.Information,
            "Uploads go to {Environment}: {Host}{Path}. Merchants: {Merchants}. Templates: {Renderer}. Jobs: {Engine}.",
            EnvironmentWords.Of(options.Environment),
            options.UploadUrl.Authority,
            options.UploadUrl.AbsolutePath,
            string.Join(", ", options.Merchants.Keys),
            Words.In(services.GetRequiredService<IPayExchangeRenderer>().Description, english: true),
            services.GetRequiredService<IUploadEngine>().Name);
        if (services.GetRequiredService<ContentKeys>().IsHomeMade)
        {
            logger.LogWarning(
                "Customs:Archive:Key is not set: the archive is encrypted with a key that stands beside it, in the module's data folder. Whoever copies the folder can read it, and whoever loses it loses the archive.");
        }

        if (options.ApiKeys.Count == 0)
        {
            logger.LogWarning("Customs:ApiKeys is empty: the integration API refuses everybody.");
        }
    }
}

/// <summary>测试 and 生产 are unmistakable wherever the environment is shown.</summary>
internal static class EnvironmentWords
{
    public static string Of(CustomsEnvironment environment) => environment switch
    {
        CustomsEnvironment.Live => Words.Of("生产环境（海关正式地址）", "LIVE customs"),
        CustomsEnvironment.Test => Words.Of("测试环境（海关联调地址）", "TEST customs"),
        _ => Words.Of("演练环境（非海关地址）", "REHEARSAL, not a customs address"),
    };

    /// <summary>Across the top of every page.</summary>
    public static string Band(CustomsEnvironment environment) => environment switch
    {
        CustomsEnvironment.Live => Words.Of("生产环境：上报数据将进入海关正式系统", "LIVE: what is uploaded goes to customs' live system"),
        CustomsEnvironment.Test => Words.Of("测试环境：上报到海关联调地址，不具法律效力", "TEST: uploads go to customs' test address and do not count"),
        _ => Words.Of("演练环境：上报到非海关地址，海关收不到", "REHEARSAL: uploads go to an address that is not customs'"),
    };
}
