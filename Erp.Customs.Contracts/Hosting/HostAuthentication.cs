using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Erp.Customs.Contracts.Hosting;

/// <summary>The module's authentication service: the host's own, asked with the request as the host knows it. A module has no users of its own.</summary>
internal sealed class HostAuthentication : IAuthenticationService
{
    /// <summary>Makes sure that the host has looked who sent a request, wherever the modules stand in its pipeline.</summary>
    public static async ValueTask EnsureAsync(HttpContext http)
    {
        if (http.User.Identity?.IsAuthenticated is true)
        {
            return;
        }

        var schemes = http.RequestServices.GetService<IAuthenticationSchemeProvider>();
        if (schemes is not null && await schemes.GetDefaultAuthenticateSchemeAsync() is not null && await http.AuthenticateAsync() is { Principal: { } user })
        {
            http.User = user;
        }
    }

    public Task<AuthenticateResult> AuthenticateAsync(HttpContext context, string? scheme) =>
        HostRequest.Of(context).AsHostAsync(services => services.GetService<IAuthenticationService>() is { } host
            ? host.AuthenticateAsync(context, scheme)
            : Task.FromResult(AuthenticateResult.NoResult()));

    public Task ChallengeAsync(HttpContext context, string? scheme, AuthenticationProperties? properties) =>
        AskAsync(context, scheme, schemes => schemes.GetDefaultChallengeSchemeAsync(), StatusCodes.Status401Unauthorized, host => host.ChallengeAsync(context, scheme, properties));

    public Task ForbidAsync(HttpContext context, string? scheme, AuthenticationProperties? properties) =>
        AskAsync(context, scheme, schemes => schemes.GetDefaultForbidSchemeAsync(), StatusCodes.Status403Forbidden, host => host.ForbidAsync(context, scheme, properties));

    public Task SignInAsync(HttpContext context, string? scheme, ClaimsPrincipal principal, AuthenticationProperties? properties) =>
        throw new NotSupportedException("Signing in is the host's; a module sends people to IErpUsers.SignInAddress.");

    public Task SignOutAsync(HttpContext context, string? scheme, AuthenticationProperties? properties) =>
        throw new NotSupportedException("Signing out is the host's.");

    // A host without a scheme of its own gets the bare status, not an exception.
    private static Task<bool> AskAsync(
        HttpContext context, string? scheme, Func<IAuthenticationSchemeProvider, Task<AuthenticationScheme?>> defaultScheme, int statusWithoutScheme, Func<IAuthenticationService, Task> ask) =>
        HostRequest.Of(context).AsHostAsync(async services =>
        {
            var schemes = services.GetService<IAuthenticationSchemeProvider>();
            if (schemes is not null && (scheme is not null || await defaultScheme(schemes) is not null))
            {
                await ask(services.GetRequiredService<IAuthenticationService>());
            }
            else
            {
                context.Response.StatusCode = statusWithoutScheme;
            }

            return true;
        });
}
