using Erp.Customs.Contracts;
using Erp.Customs.Module.Storage;

namespace Erp.Customs.Module;

/// <summary>What the integration API and the screens offer of the payment-customs bridge; the Payments room does it. It stands here so that no room knows the other.</summary>
internal interface IOrderPushes
{
    /// <summary>Checks and stores an order; it is pushed from there on.</summary>
    Task<PushReceipt> PushAsync(OrderPush push, CancellationToken cancellationToken);

    /// <summary>Reads how an order stands; <see langword="null"/> when there is none, or several and nobody said whose is meant.</summary>
    Task<PushStatus?> FindAsync(string orderNo, string? merchant, CancellationToken cancellationToken);

    /// <summary>A person lets a stopped merchant's orders be pushed again.</summary>
    /// <returns><see langword="false"/> when they were not stopped.</returns>
    Task<bool> ReopenAsync(string merchant, string by, CancellationToken cancellationToken);

    /// <summary>A person wants an order that stands still pushed again as it is.</summary>
    /// <param name="id">Of the order at the bridge.</param>
    /// <param name="by">The name under which the act is logged.</param>
    /// <returns><see langword="false"/> when it does not stand where a push could help.</returns>
    Task<bool> PushAgainAsync(long id, string by);

    /// <summary>A person wants GetOrder asked now.</summary>
    /// <param name="id">Of the order at the bridge.</param>
    /// <param name="by">The name under which the act is logged.</param>
    /// <returns><see langword="false"/> when the order was never pushed or is done.</returns>
    Task<bool> AskNowAsync(long id, string by);

    /// <summary>What the ERP handed in of an order; its customs code is the one that counts. Holds personal data.</summary>
    OrderPush Read(BridgeOrder order);

    /// <summary>海关编码 HG002 to HG029 with their names.</summary>
    IReadOnlyDictionary<string, string> CustomsNames { get; }
}
