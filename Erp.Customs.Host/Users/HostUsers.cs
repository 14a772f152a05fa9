using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Erp.Customs.Contracts;
using Erp.Customs.Contracts.Hosting;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace Erp.Customs.Host.Users;

/// <summary>
/// The users of <c>Host:Users:&lt;name&gt;</c>: <c>PasswordHash</c> and <c>Permissions</c>, a list of keys or <c>*</c> for all.
/// Read at every use, so that a user who is taken out, or gets another password, is out at once.
/// </summary>
internal sealed class HostUsers(IConfiguration configuration, IErpModules modules, ILogger<HostUsers> logger) : IErpUsers
{
    private const string StampClaim = "erp.stamp";

    private IConfigurationSection Users => configuration.GetSection("Host:Users");

    /// <summary>Whether there is anybody who could sign in.</summary>
    public bool Any => Users.GetChildren().Any(user => !string.IsNullOrEmpty(user["PasswordHash"]));

    public ErpUser? Current(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        return http.User.Identity is { IsAuthenticated: true, Name: { } name } && Find(name) is { } user ? new(user.Key, PermissionsOf(user)) : null;
    }

    public string? SignInAddress(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        var wanted = HttpMethods.IsGet(http.Request.Method) ? http.Request.PathBase + http.Request.Path + http.Request.QueryString.Value : http.Request.PathBase.Value;
        return "/login?returnUrl=" + Uri.EscapeDataString(wanted is { Length: > 0 } ? wanted : "/");
    }

    /// <summary>Makes the principal of a user who gives the right password.</summary>
    /// <returns>The principal, or <see langword="null"/> when name or password is wrong.</returns>
    public ClaimsPrincipal? SignIn(string name, string password)
    {
        var user = Find(name);
        var hash = user?["PasswordHash"];
        bool fits;
        try
        {
            fits = PasswordHashes.Fits(hash, password);
        }
        catch (FormatException exception)
        {
            logger.LogError(exception, "Host:Users:{Name}:PasswordHash is not a hash that the verb password printed.", user!.Key);
            return null;
        }

        return fits
            ? new(new ClaimsIdentity([new(ClaimTypes.Name, user!.Key), new(StampClaim, Stamp(hash!))], CookieAuthenticationDefaults.AuthenticationScheme))
            : null;
    }

    /// <summary>Whether a principal was made from what is configured now.</summary>
    public bool StillStands(ClaimsPrincipal principal) =>
        principal.Identity?.Name is { } name && Find(name)?["PasswordHash"] is { } hash
        && string.Equals(principal.FindFirstValue(StampClaim), Stamp(hash), StringComparison.Ordinal);

    private static string Stamp(string hash) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(hash)).AsSpan(0, 8));

    private IConfigurationSection? Find(string name) =>
        Users.GetChildren().FirstOrDefault(user => string.Equals(user.Key, name, StringComparison.OrdinalIgnoreCase) && !string.IsNullOrEmpty(user["PasswordHash"]));

    private HashSet<string> PermissionsOf(IConfigurationSection user)
    {
        var section = user.GetSection("Permissions");
        var keys = section.GetChildren().Select(key => key.Value ?? "")
            .Concat((section.Value ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            .ToHashSet(StringComparer.Ordinal);
        if (keys.Remove("*"))
        {
            keys.Add(HostPermissions.Modules.Key);
            keys.UnionWith(modules.All.SelectMany(module => module.Permissions).Select(permission => permission.Key));
        }

        return keys;
    }
}
