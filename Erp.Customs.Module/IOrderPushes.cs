using Erp.Customs.Contracts;

namespace Erp.Customs.Module;

/// <summary>What the integration API offers of the payment-customs bridge; the Payments room does it. It stands here so that neither room knows the other.</summary>
internal interface IOrderPushes
{
    /// <summary>Checks and stores an order; it is pushed from there on.</summary>
    Task<PushReceipt> PushAsync(OrderPush push, CancellationToken cancellationToken);

    /// <summary>Reads how an order stands; <see langword="null"/> when there is none, or several and nobody said whose is meant.</summary>
    Task<PushStatus?> FindAsync(string orderNo, string? merchant, CancellationToken cancellationToken);

    /// <summary>A person lets a stopped merchant's orders be pushed again.</summary>
    /// <returns><see langword="false"/> when they were not stopped.</returns>
    Task<bool> ReopenAsync(string merchant, string by, CancellationToken cancellationToken);
}
