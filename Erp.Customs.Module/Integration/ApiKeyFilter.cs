using Microsoft.AspNetCore.Http;

namespace Erp.Customs.Module.Integration;

/// <summary>Lets only holders of a configured key pass; the key's name is the caller's name afterwards.</summary>
internal sealed class ApiKeyFilter(CustomsOptions options) : IEndpointFilter
{
    private static readonly object CallerItem = new();

    /// <summary>The name of the key that the caller showed.</summary>
    public static string Caller(HttpContext http) => (string)http.Items[CallerItem]!;

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (ApiKeys.Owner(options, http.Request) is not { } owner)
        {
            return Results.Json(new ApiProblem(Words.Of($"请求头 {ApiKeys.Header} 缺失或无效", $"Header {ApiKeys.Header} is missing or wrong"), []), statusCode: StatusCodes.Status401Unauthorized);
        }

        http.Items[CallerItem] = owner;
        http.Response.Headers.CacheControl = "no-store";
        return await next(context);
    }
}

/// <summary>The body of every refusal of the integration API.</summary>
/// <param name="Error">One sentence.</param>
/// <param name="Problems">Each thing that is wrong, by field.</param>
internal sealed record ApiProblem(string Error, IReadOnlyList<string> Problems);
