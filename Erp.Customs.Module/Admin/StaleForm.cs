using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Core.Infrastructure;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Erp.Customs.Module.Admin;

/// <summary>
/// A form whose token does not count (any more): its session has ended or another user has signed in since the page was opened, or it came from no page of ours.
/// Antiforgery stands before all else and says no more than 400: this says what to do.
/// </summary>
internal sealed class StaleForm : IAlwaysRunResultFilter
{
    public void OnResultExecuting(ResultExecutingContext context)
    {
        if (context.Result is IAntiforgeryValidationFailedResult)
        {
            context.Result = PageAccess.NotSignedIn(context.HttpContext) ?? PageAccess.Closed(
                StatusCodes.Status400BadRequest, Words.Of("页面已过期，未作任何更改；请刷新页面后再操作", "This page is out of date and nothing was changed: load it again, then do it once more"));
        }
    }

    public void OnResultExecuted(ResultExecutedContext context)
    {
    }
}
