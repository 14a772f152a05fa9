using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Erp.Customs.Simulator;

/// <summary>
/// What a person or a test does to the simulator over HTTP, from this machine only: GET, POST and DELETE /_faults; POST /_ask makes customs ask for an order.
/// JSON, or a form of the page. A browser's request from another site is refused.
/// </summary>
internal sealed class ControlEndpoints(Faults faults, Caller caller)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };

    /// <summary>Adds the endpoints.</summary>
    public void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/_faults", Guarded(http => AnswerAsync(http, faults.Pending)));
        app.MapPost("/_faults", Guarded(SetFaultAsync));
        app.MapDelete("/_faults", Guarded(http =>
        {
            faults.Clear();
            return AnswerAsync(http, faults.Pending);
        }));
        app.MapPost("/_ask", Guarded(AskAsync));
    }

    internal static RequestDelegate Guarded(RequestDelegate next) => async http =>
    {
        var fromHere = http.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address);
        var origin = http.Request.Headers.Origin.ToString();
        var sameSite = origin.Length == 0 || string.Equals(origin, $"{http.Request.Scheme}://{http.Request.Host}", StringComparison.OrdinalIgnoreCase);
        if (!fromHere || !sameSite)
        {
            http.Response.StatusCode = StatusCodes.Status403Forbidden;
            return;
        }

        try
        {
            await next(http);
        }
        catch (Exception exception) when (exception is JsonException or InvalidDataException or FormatException or ArgumentException)
        {
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
            await http.Response.WriteAsJsonAsync(new { problem = exception.Message }, http.RequestAborted);
        }
    };

    private static Task AnswerAsync(HttpContext http, object answer) => http.Response.WriteAsJsonAsync(answer, Json, http.RequestAborted);

    private async Task SetFaultAsync(HttpContext http)
    {
        if (!http.Request.HasFormContentType)
        {
            faults.Set(await http.Request.ReadFromJsonAsync<Fault>(Json, http.RequestAborted) ?? throw new JsonException("A fault is an object."));
            await AnswerAsync(http, faults.Pending);
            return;
        }

        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        if (form.ContainsKey("clear"))
        {
            faults.Clear();
        }
        else
        {
            faults.Set(new Fault
            {
                Kind = Enum.Parse<FaultKind>(form["kind"].ToString(), ignoreCase: true),
                Judge = form.ContainsKey("judge"),
                Times = Number(form["times"].ToString(), 1),
                DelayMs = Number(form["delayMs"].ToString(), 0),
                Status = Number(form["status"].ToString(), 500),
                SessionId = form["sessionId"].ToString() is { Length: > 0 } session ? session : null,
                Code = form["code"].ToString() is { Length: > 0 } code ? code : "20000",
                Message = form["message"].ToString() is { Length: > 0 } message ? message : "上传失败",
            });
        }

        SeeOther(http, "/");
    }

    private async Task AskAsync(HttpContext http)
    {
        var isForm = http.Request.HasFormContentType;
        var ask = isForm ? await ReadAskAsync(http) : await http.Request.ReadFromJsonAsync<Ask>(Json, http.RequestAborted) ?? throw new JsonException("A question is an object.");
        if (!Uri.TryCreate(ask.Address, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https") || string.IsNullOrEmpty(ask.OrderNo))
        {
            throw new FormatException("address is the http address of platDataOpen and orderNo is an order.");
        }

        var sessionId = string.IsNullOrEmpty(ask.SessionId) ? Caller.NewSessionId() : ask.SessionId;
        OpenReqAnswer? answer = null;
        try
        {
            answer = await caller.CallPlatDataOpenAsync(address, ask.OrderNo, sessionId, new OpenReqShape(ask.Wrapping, ask.ServiceTimeAsString), http.RequestAborted);
        }
        catch (HttpRequestException)
        {
            // Nobody answered: the log has it, and so have the page and the answer below.
        }

        if (isForm)
        {
            SeeOther(http, $"/sessions/{Uri.EscapeDataString(sessionId)}");
        }
        else
        {
            await AnswerAsync(http, new { sessionId, answer });
        }
    }

    private static async Task<Ask> ReadAskAsync(HttpContext http)
    {
        var form = await http.Request.ReadFormAsync(http.RequestAborted);
        return new Ask(form["address"].ToString(), form["orderNo"].ToString(), form["sessionId"].ToString(), Enum.Parse<OpenReqWrapping>(form["wrapping"].ToString()), !form.ContainsKey("number"));
    }

    private static int Number(string text, int missing) =>
        text.Length == 0 ? missing : int.Parse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture);

    private static void SeeOther(HttpContext http, string location)
    {
        http.Response.StatusCode = StatusCodes.Status303SeeOther;
        http.Response.Headers.Location = location;
    }

    /// <summary>What /_ask takes.</summary>
    private sealed record Ask(
        string? Address,
        string? OrderNo,
        string? SessionId = null,
        [property: JsonConverter(typeof(JsonStringEnumConverter<OpenReqWrapping>))] OpenReqWrapping Wrapping = OpenReqWrapping.FormJson,
        bool ServiceTimeAsString = true);
}
