using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;

namespace Erp.Customs.Simulator;

/// <summary>The bridge's addresses, and <c>/_bridge</c> for a person or a test on this machine: GET tells moods, POST sets one, DELETE forgets them; POST /_bridge/callback calls a firm back.</summary>
internal sealed class BridgeEndpoints(PaymentBridge bridge, TimeProvider time, IHostApplicationLifetime lifetime)
{
    private static readonly string[] Calls = ["PushOrder", "GetOrder", "PushTestOrder", "GetTestOrder"];

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow };

    /// <summary>Adds them.</summary>
    public void Map(IEndpointRouteBuilder app)
    {
        foreach (var call in Calls)
        {
            app.MapPost("/" + call, http => AnswerAsync(http, call));
        }

        app.MapPost("/bridge-elsewhere", http => http.Response.WriteAsync("{\"ReturnCode\":\"0000\"}"));
        app.MapGet("/_bridge", ControlEndpoints.Guarded(http => http.Response.WriteAsJsonAsync(bridge.Moods, Json, http.RequestAborted)));
        app.MapPost("/_bridge", ControlEndpoints.Guarded(async http =>
        {
            bridge.Set(await http.Request.ReadFromJsonAsync<BridgeMood>(Json, http.RequestAborted) ?? throw new JsonException("A mood is an object."));
            await http.Response.WriteAsJsonAsync(bridge.Moods, Json, http.RequestAborted);
        }));
        app.MapDelete("/_bridge", ControlEndpoints.Guarded(http =>
        {
            bridge.Clear();
            return http.Response.WriteAsJsonAsync(bridge.Moods, Json, http.RequestAborted);
        }));
        app.MapPost("/_bridge/callback", ControlEndpoints.Guarded(CallBackAsync));
    }

    private async Task AnswerAsync(HttpContext http, string call)
    {
        var body = await UploadForm.ReadBodyAsync(http.Request.Body, http.RequestAborted);
        var fields = QueryHelpers.ParseQuery(Encoding.UTF8.GetString(body ?? []));
        var (reply, mood) = bridge.Decide(call, fields.GetValueOrDefault("data").ToString());
        switch (mood?.Kind)
        {
            case BridgeMoodKind.CutAfter or BridgeMoodKind.CutBefore:
                http.Abort();
                return;
            case BridgeMoodKind.Status:
                http.Response.StatusCode = mood.Status;
                await http.Response.WriteAsync("<html><body><h1>Error</h1></body></html>");
                return;
            case BridgeMoodKind.Garbage:
                await http.Response.WriteAsync("{\"ReturnCode\":\"00" + mood.Message);
                return;
            case BridgeMoodKind.Redirect:
                http.Response.StatusCode = StatusCodes.Status307TemporaryRedirect;
                http.Response.Headers.Location = "/bridge-elsewhere";
                return;
            case BridgeMoodKind.Late when !await DelayAsync(http, mood.DelayMs):
                return;
        }

        http.Response.ContentType = "text/html;charset=utf-8"; // as plain ASP.NET pages of that age answer
        await http.Response.WriteAsync(reply);
    }

    /// <summary>Whether there is still somebody to answer.</summary>
    private async Task<bool> DelayAsync(HttpContext http, int milliseconds)
    {
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, lifetime.ApplicationStopping);
        try
        {
            await Task.Delay(TimeSpan.FromMilliseconds(milliseconds), time, gone.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            http.Abort();
            return false;
        }
    }

    private async Task CallBackAsync(HttpContext http)
    {
        var ask = await http.Request.ReadFromJsonAsync<Callback>(Json, http.RequestAborted) ?? throw new JsonException("A callback is an object.");
        if (!Uri.TryCreate(ask.Address, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https") || string.IsNullOrEmpty(ask.OrderNo))
        {
            throw new FormatException("address is the http address of payment-callback and orderNo is an order.");
        }

        try
        {
            var (status, body) = await bridge.CallBackAsync(address, ask.OrderNo, BridgeCallbackShape.Form, ask.PaymentNo, http.RequestAborted);
            await http.Response.WriteAsJsonAsync(new { status, body }, Json, http.RequestAborted);
        }
        catch (HttpRequestException exception)
        {
            await http.Response.WriteAsJsonAsync(new { status = 0, body = exception.HttpRequestError.ToString() }, Json, http.RequestAborted);
        }
    }

    private sealed record Callback(string? Address, string? OrderNo, string? PaymentNo = null);
}
