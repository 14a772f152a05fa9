using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using Erp.Customs.Contracts;

namespace Erp.Customs.Tests.Support;

/// <summary>An ERP's orders as a test wants them: each call is answered by the next of the given ways, and the last of them for ever.</summary>
internal sealed class TestOrders(params Func<CancellationToken, Task<PaymentDelivery?>>[] ways) : IOrderSource
{
    /// <summary>What was asked for.</summary>
    public ConcurrentQueue<(string OrderNo, string? Merchant)> Asked { get; } = new();

    public Task<PaymentDelivery?> FindPaymentAsync(string orderNo, string? merchant, CancellationToken cancellationToken)
    {
        Asked.Enqueue((orderNo, merchant));
        return ways[Math.Min(Asked.Count, ways.Length) - 1](cancellationToken);
    }

    public static Func<CancellationToken, Task<PaymentDelivery?>> Knows(JsonObject payment) => _ => Task.FromResult<PaymentDelivery?>(Delivery(payment));

    public static Task<PaymentDelivery?> KnowsNothing(CancellationToken cancellationToken) => Task.FromResult<PaymentDelivery?>(null);

    /// <summary>Answers never and heeds nothing.</summary>
    public static Task<PaymentDelivery?> Hangs(CancellationToken cancellationToken) => new TaskCompletionSource<PaymentDelivery?>().Task;

    /// <summary>A payment of <see cref="CustomsWorld.Payment"/> as it is delivered in process.</summary>
    public static PaymentDelivery Delivery(JsonObject payment)
    {
        return new PaymentDelivery(
            Text("merchant"), Text("payTransactionId"), Message("initalRequest"), Message("initalResponse"),
            new PaymentFacts(
                Text("payCode"), (decimal)payment["totalAmount"]!, Text("currency"), Text("verDept"), Text("payType"), DateTimeOffset.Parse(Text("tradingTime")), Text("note"),
                [.. ((JsonArray)payment["orders"]!).Select(order => Order(order!))]));

        string Text(string name) => (string)payment[name]!;
        RawMessage Message(string name) => new(Encoding.UTF8.GetBytes(Text(name)), "utf-8");
    }

    private static PaidOrder Order(JsonNode order) => new(
        (string)order["orderNo"]!,
        [.. ((JsonArray)order["goods"]!).Select(goods => new Goods((string)goods!["gname"]!, (string)goods["itemLink"]!))],
        (string)order["recpAccount"]!, (string)order["recpCode"]!, (string)order["recpName"]!);
}
