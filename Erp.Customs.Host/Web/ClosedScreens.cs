using Erp.Customs.Host.Users;

namespace Erp.Customs.Host.Web;

/// <summary>As long as nobody could sign in, every screen is one page that says how to change that.</summary>
internal static class ClosedScreens
{
    public static void UseClosedScreens(this IApplicationBuilder app)
    {
        var users = app.ApplicationServices.GetRequiredService<HostUsers>();
        app.Use((http, next) =>
        {
            if (!users.Any && !http.Request.Path.StartsWithSegments("/error", StringComparison.OrdinalIgnoreCase))
            {
                http.Request.Path = "/closed";
            }

            return next(http);
        });
    }
}
