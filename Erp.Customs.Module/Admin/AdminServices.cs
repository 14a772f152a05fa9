using System.Text.Unicode;
using Erp.Customs.Module.Admin.Evidence;
using Erp.Customs.Module.Admin.Exports;
using Erp.Customs.Module.Admin.Import;
using Erp.Customs.Module.Admin.Operations;
using Erp.Customs.Module.Admin.Readiness;
using Erp.Customs.Module.Admin.Requests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.WebEncoders;

namespace Erp.Customs.Module.Admin;

/// <summary>The module's screens: Razor pages under <c>{base}/admin</c>, assets under <c>{base}/assets</c>.</summary>
internal static class AdminServices
{
    public static IServiceCollection AddAdmin(this IServiceCollection services)
    {
        services.AddRazorPages();
        services.AddSingleton<ReadinessCheck>();
        services.AddSingleton<VerificationRun>();
        services.AddSingleton<ImportFolder>();
        services.AddSingleton<ImportRuns>();
        services.AddSingleton<ExportRuns>();
        services.AddSingleton<ExportDesk>();
        services.AddSingleton<RequestMarks>();
        services.AddSingleton<PastedOrders>();
        // The host may have a cookie of the usual name.
        services.Configure<CookieTempDataProviderOptions>(options => options.Cookie.Name = "erp.customs.notice");
        // Chinese stands in the pages as it is; what HTML needs escaped still is.
        services.Configure<WebEncoderOptions>(options => options.TextEncoderSettings = new(UnicodeRanges.All));
        services.Configure<RazorPagesOptions>(pages =>
        {
            pages.RootDirectory = "/Admin";
            // Outermost: what was refused is written down too.
            pages.Conventions.ConfigureFilter(new OperationLog());
            // Every page asks; one that names no permission of its own is closed.
            pages.Conventions.ConfigureFilter(new PageAccess());
            pages.Conventions.ConfigureFilter(new StaleForm());
        });
        return services;
    }

    public static void UseModuleAssets(this IApplicationBuilder app)
    {
        var folder = Path.Combine(app.ApplicationServices.GetRequiredService<Contracts.ModuleContext>().ModuleDirectory, "wwwroot");
        app.UseStaticFiles(new StaticFileOptions { FileProvider = new PhysicalFileProvider(folder), RequestPath = "/assets" });
    }

    public static void MapAdmin(this IEndpointRouteBuilder endpoints) => endpoints.MapRazorPages();
}
