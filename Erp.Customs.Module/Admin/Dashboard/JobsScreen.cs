using Erp.Customs.Contracts;
using Erp.Customs.Module.Jobs;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Erp.Customs.Module.Admin.Dashboard;

/// <summary>海关上报任务: the job engine's own screens under <c>{base}/jobs</c>, where this build has an engine with screens.</summary>
internal static partial class JobsScreen
{
    /// <summary>From the base path.</summary>
    public const string Path = "/jobs";

    /// <summary>The page with customs' requests among them.</summary>
    public const string UploadsPath = "/uploads";

    public static IServiceCollection AddJobsScreen(this IServiceCollection services)
    {
        Add(services);
        return services;
    }

    /// <summary>Stands before routing: the engine's screens have routes of their own.</summary>
    public static void UseJobsScreen(this IApplicationBuilder app) => Use(app);

    /// <summary>Entries for the host's menu.</summary>
    public static IEnumerable<MenuEntry> Menu(string basePath, JobEngineChoice engine)
    {
        if (JobEngines.HangfireBuiltIn && engine != JobEngineChoice.Quartz)
        {
            yield return new MenuEntry(basePath + Path + UploadsPath, "海关上报任务", "Customs upload jobs", CustomsPermissions.View);
        }
    }

    /// <summary>There only with Hangfire.</summary>
    static partial void Add(IServiceCollection services);

    /// <summary>There only with Hangfire.</summary>
    static partial void Use(IApplicationBuilder app);
}
