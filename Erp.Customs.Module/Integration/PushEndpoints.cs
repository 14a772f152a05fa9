using Erp.Customs.Contracts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Erp.Customs.Module.Integration;

/// <summary>The integration API's part for the payment-customs bridge: hand an order in, see how it stands, reopen a merchant.</summary>
internal static class PushEndpoints
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/orders/push", PushAsync);
        api.MapGet("/orders/{orderNo}/push", FindAsync);
        api.MapPost("/merchants/{merchant}/reopen-pushes", ReopenAsync);
    }

    private static async Task<IResult> PushAsync(HttpContext http, ICustoms customs)
    {
        using var body = await IntegrationEndpoints.ReadAsync(http);
        if (body is null)
        {
            return IntegrationEndpoints.NotJson();
        }

        var reader = new PushReader();
        var push = reader.Push(body.RootElement);
        return reader.Problems.Count > 0 ? IntegrationEndpoints.Invalid(reader.Problems) : Answer(await customs.PushOrderAsync(push, http.RequestAborted));
    }

    private static async Task<IResult> FindAsync(HttpContext http, string orderNo, ICustoms customs) =>
        await customs.FindPushAsync(IntegrationEndpoints.Segment(orderNo), IntegrationEndpoints.Merchant(http), http.RequestAborted) is { } status
            ? Results.Json(status)
            : IntegrationEndpoints.Problem(
                StatusCodes.Status404NotFound, Words.Of("该订单未推送过，或需用 merchant 指明商户", "This order was never handed in for the bridge, or merchant must say whose order is meant"));

    private static async Task<IResult> ReopenAsync(HttpContext http, string merchant, ICustoms customs) =>
        await customs.ReopenPushesAsync(merchant, ApiKeyFilter.Caller(http), http.RequestAborted)
            ? Results.NoContent()
            : IntegrationEndpoints.Problem(StatusCodes.Status404NotFound, Words.Of("该商户的推单未被停止", "This merchant's pushes are not stopped"));

    private static IResult Answer(PushReceipt receipt) => receipt.Outcome switch
    {
        PushOutcome.Taken => Results.Json(Body(receipt), statusCode: StatusCodes.Status202Accepted),
        PushOutcome.AlreadyTaken => Results.Json(Body(receipt)),
        PushOutcome.Invalid => IntegrationEndpoints.Problem(StatusCodes.Status400BadRequest, receipt.Sentence, receipt.Violations),
        PushOutcome.Conflict => IntegrationEndpoints.Problem(StatusCodes.Status409Conflict, receipt.Sentence),
        _ => throw new InvalidOperationException($"No answer for {receipt.Outcome}."),
    };

    private static object Body(PushReceipt receipt) => new
    {
        outcome = receipt.Outcome == PushOutcome.Taken ? "taken" : "already_taken",
        state = receipt.State,
        flags = receipt.Flags,
    };
}
