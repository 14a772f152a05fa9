using Microsoft.AspNetCore.Mvc.Core.Infrastructure;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Erp.Customs.Module.Admin;

/// <summary>
/// A form whose token does not count any more because its session has ended: antiforgery stands before all else and would only say that the page is out of date.
/// </summary>
internal sealed class StaleForm : IAlwaysRunResultFilter
{
    public void OnResultExecuting(ResultExecutingContext context)
    {
        if (context.Result is IAntiforgeryValidationFailedResult && PageAccess.NotSignedIn(context.HttpContext) is { } state)
        {
            context.Result = state;
        }
    }

    public void OnResultExecuted(ResultExecutedContext context)
    {
    }
}
