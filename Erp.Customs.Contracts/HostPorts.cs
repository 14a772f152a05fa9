using System.Data.Common;
using Microsoft.AspNetCore.Http;

namespace Erp.Customs.Contracts;

/// <summary>
/// The ports that a host fills. The host registers each as a singleton in its own container; the loader hands those that are there to the module's container.
/// All of them are optional: without one the module does what the port's summary says.
/// </summary>
public static class HostPorts
{
    /// <summary>Every port, in the order of this file.</summary>
    public static IReadOnlyList<Type> All { get; } = [typeof(IOrderSource), typeof(IPaidOrders), typeof(IErpUsers), typeof(IErpDatabase), typeof(ISecretStore), typeof(INotifier), typeof(ICheckpointTarget), typeof(IModuleRestart)];
}

/// <summary>
/// The ERP's own orders. The module asks it for a payment when customs ask for an order that was never delivered.
/// Without it the module waits for a delivery through the integration API.
/// </summary>
public interface IOrderSource
{
    /// <summary>Finds the payment that paid an order.</summary>
    /// <param name="orderNo">The order number as declared to customs.</param>
    /// <param name="merchant">The merchant's name in the module's settings, where customs' address named one.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <returns>The payment with all of its orders, or <see langword="null"/> when the ERP does not know it (yet).</returns>
    Task<PaymentDelivery?> FindPaymentAsync(string orderNo, string? merchant, CancellationToken cancellationToken);
}

/// <summary>
/// The orders that the ERP knows to be paid, by which the daily reconciliation (完整性核对) finds those whose payment was never delivered. Without it the reconciliation says that it could not look.
/// </summary>
public interface IPaidOrders
{
    /// <summary>Lists the orders that were paid in a time and are to be declared to customs.</summary>
    /// <param name="from">Paid then or later; midnight in China.</param>
    /// <param name="until">And before then; midnight in China.</param>
    /// <param name="cancellationToken">Ends it.</param>
    IAsyncEnumerable<PaidOrderNumber> ListAsync(DateTimeOffset from, DateTimeOffset until, CancellationToken cancellationToken);
}

/// <summary>An order that the ERP knows to be paid.</summary>
/// <param name="Merchant">The merchant's name in the module's settings.</param>
/// <param name="OrderNo">The order number as declared to customs.</param>
/// <param name="PaidAt">When it was paid.</param>
public sealed record PaidOrderNumber(string Merchant, string OrderNo, DateTimeOffset PaidAt);

/// <summary>The ERP's users. Without it the module's screens stay closed to everybody.</summary>
public interface IErpUsers
{
    /// <summary>The user who sent a request, or <see langword="null"/> when nobody is signed in.</summary>
    /// <param name="http">The request, after the host's authentication.</param>
    ErpUser? Current(HttpContext http);

    /// <summary>Where somebody who is not signed in is sent, or <see langword="null"/> to answer 401.</summary>
    /// <param name="http">The request; its path and query are what the user wanted.</param>
    string? SignInAddress(HttpContext http);
}

/// <summary>A signed-in user.</summary>
/// <param name="Name">The name under which the user's acts are recorded.</param>
/// <param name="Permissions">Keys of the permissions held; see <see cref="IErpModule.Permissions"/>.</param>
public sealed record ErpUser(string Name, IReadOnlySet<string> Permissions);

/// <summary>
/// The database that the module's tables stand in. The host brings the driver with the data source.
/// Without it <c>Customs:Database</c> counts, and without that the module keeps an SQLite file in its data folder.
/// </summary>
public interface IErpDatabase
{
    /// <summary><c>postgresql</c> or <c>sqlserver</c>: which folder of <c>migrations</c> and which dialect is used.</summary>
    string Engine { get; }

    /// <summary>Opens connections. The host disposes of it.</summary>
    DbDataSource DataSource { get; }
}

/// <summary>The host's secret store. Without it, secrets come from configuration and environment variables under the same names.</summary>
public interface ISecretStore
{
    /// <summary>Reads a secret.</summary>
    /// <param name="name">The setting's name with colons, e.g. <c>Customs:Merchants:ningbo:Signing:KeyPassword</c>.</param>
    /// <returns>The secret, or <see langword="null"/> to let configuration answer.</returns>
    string? Read(string name);
}

/// <summary>How the host tells people. Without it, notices are in the log and on the module's screens only.</summary>
public interface INotifier
{
    /// <summary>Tells whoever is in charge. Must not throw for a channel that is down; the module records that it has called.</summary>
    /// <param name="notice">What to tell.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    Task NotifyAsync(Notice notice, CancellationToken cancellationToken);
}

/// <summary>Something that a person should know.</summary>
/// <param name="Level">How urgent it is.</param>
/// <param name="Subject">One line, <c>中文 | English</c>; no personal data.</param>
/// <param name="Text">A few sentences, likewise.</param>
/// <param name="Path">Where to look, from the host's root, or <see langword="null"/>.</param>
public sealed record Notice(NoticeLevel Level, string Subject, string Text, string? Path);

/// <summary>How urgent a <see cref="Notice"/> is.</summary>
public enum NoticeLevel
{
    /// <summary>For the record.</summary>
    Information,

    /// <summary>Somebody should look today.</summary>
    Warning,

    /// <summary>Customs are waiting, or will be.</summary>
    Alarm,
}
