using System.Text.Json;

namespace Erp.Customs.Simulator;

/// <summary>What platDataOpen answered, read strictly (1.6.1.3).</summary>
/// <param name="HttpStatus">HTTP status; 0 when there was no answer.</param>
/// <param name="Code">10000 when the firm has taken the request; <see langword="null"/> when the answer is not in order.</param>
/// <param name="Message">Its message; <see langword="null"/> when the answer is not in order.</param>
/// <param name="ServiceTime">The firm's time in Unix milliseconds; <see langword="null"/> when the answer is not in order.</param>
/// <param name="Body">The body as it came; empty when there was no answer.</param>
/// <param name="ElapsedMs">From the call to the end of the answer, in milliseconds.</param>
/// <param name="Problem">What is not in order, or <see langword="null"/>.</param>
public sealed record OpenReqAnswer(int HttpStatus, string? Code, string? Message, long? ServiceTime, string Body, double ElapsedMs, string? Problem)
{
    /// <summary>Whether the firm has taken the request.</summary>
    public bool IsAcknowledged => string.Equals(Code, "10000", StringComparison.Ordinal);

    /// <summary>Reads an answer: HTTP 200, an object of exactly code (a string of 5 digits), message (a string) and serviceTime (a number of 13 digits).</summary>
    internal static OpenReqAnswer Read(int httpStatus, string body, double elapsedMs)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var root = document.RootElement;
            var problem = httpStatus is not 200 ? "HTTP status is not 200" : Problems(root);
            return problem is null
                ? new OpenReqAnswer(httpStatus, root.GetProperty("code").GetString(), root.GetProperty("message").GetString(), root.GetProperty("serviceTime").GetInt64(), body, elapsedMs, null)
                : new OpenReqAnswer(httpStatus, null, null, null, body, elapsedMs, problem);
        }
        catch (JsonException)
        {
            return new OpenReqAnswer(httpStatus, null, null, null, body, elapsedMs, "the body is not JSON");
        }
    }

    /// <summary>There was no answer.</summary>
    internal static OpenReqAnswer None(string problem, double elapsedMs) => new(0, null, null, null, "", elapsedMs, problem);

    private static string? Problems(JsonElement root)
    {
        if (root.ValueKind is not JsonValueKind.Object
            || !root.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal).SequenceEqual(["code", "message", "serviceTime"], StringComparer.Ordinal))
        {
            return "the body is not an object of code, message and serviceTime";
        }

        return root.GetProperty("code") is not { ValueKind: JsonValueKind.String } code || code.GetString() is not { Length: 5 } digits || !digits.All(char.IsAsciiDigit)
            ? "code is not a string of 5 digits"
            : root.GetProperty("message").ValueKind is not JsonValueKind.String ? "message is not a string"
            : root.GetProperty("serviceTime") is not { ValueKind: JsonValueKind.Number } time || time.GetRawText() is not { Length: 13 } raw || !raw.All(char.IsAsciiDigit)
                ? "serviceTime is not a number of 13 digits"
            : null;
    }
}
