using Erp.Customs.Contracts;
using Microsoft.AspNetCore.Http;

namespace Erp.Customs.Tests.Support;

/// <summary>An ERP whose users are who their request says they are, with the permissions that it names.</summary>
internal sealed class HeaderUsers : IErpUsers
{
    public const string Name = "X-Test-User";
    public const string Permissions = "X-Test-Permissions";

    public string? SignIn { get; init; }

    public ErpUser? Current(HttpContext http) => http.Request.Headers[Name].ToString() is { Length: > 0 } name
        ? new ErpUser(Uri.UnescapeDataString(name), http.Request.Headers[Permissions].ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.Ordinal))
        : null;

    public string? SignInAddress(HttpContext http) => SignIn;
}
