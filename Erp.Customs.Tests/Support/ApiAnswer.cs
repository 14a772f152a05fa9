using System.Text.Json.Nodes;

namespace Erp.Customs.Tests.Support;

/// <summary>Reads the answers of the integration API.</summary>
internal static class ApiAnswer
{
    public static async Task<JsonNode> ReadAsync(HttpResponseMessage response)
    {
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        return JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
    }

    /// <summary>The sentence of a refusal, which always comes with a list of problems.</summary>
    public static async Task<string> ErrorAsync(HttpResponseMessage response)
    {
        var refusal = await ReadAsync(response);
        Assert.IsType<JsonArray>(refusal["problems"]);
        return (string)refusal["error"]!;
    }

    public static async Task<IReadOnlyList<string>> ProblemsAsync(HttpResponseMessage response) =>
        [.. ((JsonArray)(await ReadAsync(response))["problems"]!).Select(problem => (string)problem!)];
}
