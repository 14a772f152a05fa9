using Microsoft.Extensions.DependencyInjection;

namespace Erp.Customs.Module.Jobs;

/// <content>With Hangfire it is the default. Where Quartz drives all the same, the same services stand there with nothing behind them.</content>
internal static partial class JobEngines
{
    static partial void AddHangfire(IServiceCollection services, Func<IServiceProvider, JobsDatabase> database, JobEngineChoice choice)
    {
        services.AddSingleton(provider => HangfireJobs.Create(provider, database(provider), choice));
        services.AddSingleton<RequestTitles>();
        services.AddSingleton<HangfireUploadJob>();
        services.AddSingleton<QuartzUploadEngine>();
        services.AddSingleton<HangfireUploadEngine>();
        services.AddSingleton<IUploadEngine>(provider => provider.GetRequiredService<HangfireJobs>().Storage is null
            ? provider.GetRequiredService<QuartzUploadEngine>()
            : provider.GetRequiredService<HangfireUploadEngine>());
        services.AddHostedService<HangfireServer>();
    }
}
