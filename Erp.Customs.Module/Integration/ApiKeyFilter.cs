using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Erp.Customs.Module.Integration;

/// <summary>Lets only holders of a configured key pass; the key's name is the caller's name afterwards.</summary>
internal sealed class ApiKeyFilter(CustomsOptions options) : IEndpointFilter
{
    private const string Header = "X-Api-Key";

    private static readonly object CallerItem = new();

    /// <summary>The name of the key that the caller showed.</summary>
    public static string Caller(HttpContext http) => (string)http.Items[CallerItem]!;

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (Owner(http.Request.Headers[Header].ToString()) is not { } owner)
        {
            return Results.Json(new ApiProblem(Words.Of($"请求头 {Header} 缺失或无效", $"Header {Header} is missing or wrong"), []), statusCode: StatusCodes.Status401Unauthorized);
        }

        http.Items[CallerItem] = owner;
        http.Response.Headers.CacheControl = "no-store";
        return await next(context);
    }

    private string? Owner(string key)
    {
        // Hashes of equal length compared in constant time, and all of them: the time tells nothing about any key.
        var shown = SHA256.HashData(Encoding.UTF8.GetBytes(key));
        string? owner = null;
        foreach (var (name, hash) in options.ApiKeys)
        {
            if (CryptographicOperations.FixedTimeEquals(shown, hash))
            {
                owner = name;
            }
        }

        return owner;
    }
}

/// <summary>The body of every refusal of the integration API.</summary>
/// <param name="Error">One sentence.</param>
/// <param name="Problems">Each thing that is wrong, by field.</param>
internal sealed record ApiProblem(string Error, IReadOnlyList<string> Problems);
