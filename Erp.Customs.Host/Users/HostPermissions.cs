using Erp.Customs.Contracts;
using Microsoft.AspNetCore.Authorization;

namespace Erp.Customs.Host.Users;

/// <summary>What the host itself may allow a user to do; modules bring their own.</summary>
internal static class HostPermissions
{
    /// <summary>The module screen.</summary>
    public static Permission Modules { get; } = new("host.modules", "管理模块", "Manage modules");
}

/// <summary>A screen's demand for a permission.</summary>
/// <param name="Key">The permission's key.</param>
internal sealed record PermissionRequirement(string Key) : IAuthorizationRequirement;

/// <summary>Asks the user's permissions, as they are configured now.</summary>
internal sealed class PermissionHandler(IErpUsers users) : AuthorizationHandler<PermissionRequirement>
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, PermissionRequirement requirement)
    {
        if (context.Resource is HttpContext http && users.Current(http) is { } user && user.Permissions.Contains(requirement.Key))
        {
            context.Succeed(requirement);
        }

        return Task.CompletedTask;
    }
}
