using Erp.Customs.Contracts;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.Extensions.DependencyInjection;

namespace Erp.Customs.Module.Admin.Import;

/// <summary>Lets who may import send a form with a file as large as imports may be; everybody else's limit stays the host's. Before anything of the form is read.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class UploadLimitAttribute : Attribute, IAuthorizationFilter, IOrderedFilter
{
    /// <summary>The file and what a form puts around it.</summary>
    private const long BodyLimit = SheetRows.FileLimit + (1024 * 1024);

    /// <summary>Before antiforgery, which reads the form.</summary>
    public int Order => 900;

    public void OnAuthorization(AuthorizationFilterContext context)
    {
        var http = context.HttpContext;
        if (http.Request.ContentLength > BodyLimit)
        {
            context.Result = new ContentResult
            {
                StatusCode = StatusCodes.Status413PayloadTooLarge,
                Content = Words.Of("文件超过 64 MiB，未上传：请拆分为几个文件", "The file has more than 64 MiB and was not uploaded: split it"),
                ContentType = "text/plain; charset=utf-8",
            };
        }
        else if (http.RequestServices.GetService<IErpUsers>()?.Current(http) is { } user && user.Permissions.Contains(CustomsPermissions.Import)
            && http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = BodyLimit;
        }
    }
}
