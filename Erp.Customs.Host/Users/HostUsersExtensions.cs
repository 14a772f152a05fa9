using Erp.Customs.Contracts;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection;

namespace Erp.Customs.Host.Users;

/// <summary>Signing in: the cookie, its keys, permissions.</summary>
internal static class HostUsersExtensions
{
    /// <summary>How long somebody who does nothing stays signed in.</summary>
    private static readonly TimeSpan _idle = TimeSpan.FromHours(8);

    /// <summary>Keeps the keys of cookies and antiforgery tokens in the data folder, for the owner alone.</summary>
    public static void AddHostKeys(this IServiceCollection services, string dataDirectory)
    {
        var keys = Path.Combine(dataDirectory, "keys");
        OwnFolder.Create(keys);
        services.AddDataProtection().SetApplicationName("Erp.Customs.Host").PersistKeysToFileSystem(new DirectoryInfo(keys));
    }

    /// <summary>Adds users, the cookie and the permissions of screens.</summary>
    public static void AddHostUsers(this IServiceCollection services)
    {
        services.AddSingleton<HostUsers>();
        services.AddSingleton<IErpUsers>(host => host.GetRequiredService<HostUsers>());
        services.AddSingleton<SignInBrake>();
        services.AddSingleton<IAuthorizationHandler, PermissionHandler>();
        services.AddAuthorizationBuilder()
            .AddPolicy(HostPermissions.Modules.Key, policy => policy.RequireAuthenticatedUser().AddRequirements(new PermissionRequirement(HostPermissions.Modules.Key)));
        services.AddAntiforgery(options => options.Cookie.Name = "erp.af");
        services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie(options =>
        {
            options.Cookie.Name = "erp.session";
            options.Cookie.HttpOnly = true;
            options.Cookie.SameSite = SameSiteMode.Lax;
            options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            options.ExpireTimeSpan = _idle;
            options.SlidingExpiration = true;
            options.Events.OnValidatePrincipal = ValidateAsync;
            // Addresses without a host name also hold behind a reverse proxy.
            options.Events.OnRedirectToLogin = context => RedirectAsync(context, context.HttpContext.RequestServices.GetRequiredService<HostUsers>().SignInAddress(context.HttpContext)!);
            options.Events.OnRedirectToAccessDenied = context => RedirectAsync(context, "/denied");
        });
    }

    private static Task RedirectAsync(RedirectContext<CookieAuthenticationOptions> context, string address)
    {
        context.Response.Redirect(address);
        return Task.CompletedTask;
    }

    private static async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        if (!context.HttpContext.RequestServices.GetRequiredService<HostUsers>().StillStands(context.Principal!))
        {
            context.RejectPrincipal();
            await context.HttpContext.SignOutAsync();
        }
    }
}
