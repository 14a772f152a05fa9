using Hangfire;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Erp.Customs.Module.Admin.Dashboard;

/// <content>Hangfire's dashboard.</content>
internal static partial class JobsScreen
{
    static partial void Add(IServiceCollection services)
    {
        services.AddSingleton<HangfireDashboard>();
        services.AddSingleton<UploadsDispatcher>();
        services.AddScoped<DashboardVisitor>();
        services.AddScoped<IBackgroundJobClientFactory, DashboardClients>();
    }

    static partial void Use(IApplicationBuilder app) =>
        app.Map(Path, jobs => jobs.Run(http => http.RequestServices.GetRequiredService<HangfireDashboard>().InvokeAsync(http)));
}
