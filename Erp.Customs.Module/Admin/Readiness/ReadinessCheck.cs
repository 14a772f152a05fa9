using Erp.Customs.Module.Archive;
using Erp.Customs.Module.Signing;
using Erp.Customs.Module.Storage;

namespace Erp.Customs.Module.Admin.Readiness;

/// <summary>
/// 近三日订单 N，可应答海关 M: of the orders that customs may draw at the registration audit (orders of the last three days, protocol.md section 1), those that could be answered
/// at once, and why the others could not. What a payment's version breaks is looked up once: neither ever changes while the module runs.
/// </summary>
internal sealed class ReadinessCheck(PaymentArchive archive, Answerable answerable, BridgeTable pushes, Signers signers, CustomsOptions options, TimeProvider time) : IDisposable
{
    /// <summary>Whole days before today. The default value is 3.</summary>
    private const int Days = 3;

    private readonly SemaphoreSlim _one = new(1, 1);
    private Dictionary<(long PaymentId, int Version), string> _known = [];

    /// <summary>Looks at the orders of today and of the three days before it, China time.</summary>
    public async Task<ReadinessReport> RunAsync(CancellationToken cancellationToken)
    {
        // Several who look at the same moment share one look at each payment.
        await _one.WaitAsync(cancellationToken);
        try
        {
            return await LookAsync(cancellationToken);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _one.Dispose();

    private async Task<ReadinessReport> LookAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var since = new DateTimeOffset(now.ToOffset(ChinaTime.Offset).Date.AddDays(-Days), ChinaTime.Offset);
        var paid = await archive.RecentOrdersAsync(since, cancellationToken);
        var problems = await ProblemsAsync(paid, cancellationToken);
        var ofSigners = await SignersAsync(now, cancellationToken);
        var rest = new List<UnreadyOrder>();
        var ready = 0;
        foreach (var order in paid)
        {
            var problem = problems[(order.PaymentId, order.Version)] is { Length: > 0 } ofData ? ofData : ofSigners.GetValueOrDefault(order.Merchant, "");
            if (problem.Length == 0)
            {
                ready++;
            }
            else
            {
                rest.Add(new(order.Merchant, order.OrderNo, order.PaidAt, problem));
            }
        }

        rest.AddRange(await PushedAsync(since, paid, cancellationToken));
        return new ReadinessReport(now, since, ready, [.. rest.OrderByDescending(order => order.PaidAt)]);
    }

    /// <summary>Those at the bridge that have no payment in the archive yet.</summary>
    private async Task<IEnumerable<UnreadyOrder>> PushedAsync(DateTimeOffset since, IReadOnlyList<RecentOrder> paid, CancellationToken cancellationToken)
    {
        var inArchive = paid.Select(order => (order.Merchant, order.OrderNo)).ToHashSet();
        return (await pushes.UnarchivedAsync(since, cancellationToken))
            .Where(push => !inArchive.Contains((push.Merchant, push.OrderNo)))
            .Select(push => new UnreadyOrder(push.Merchant, push.OrderNo, push.PaidAt, push.Reason.Length > 0
                ? push.Reason
                : Words.Of("推单尚未完成，支付与报关未确认", "At the bridge: payment and declaration are not confirmed yet")));
    }

    private async Task<IReadOnlyDictionary<(long PaymentId, int Version), string>> ProblemsAsync(IReadOnlyList<RecentOrder> paid, CancellationToken cancellationToken)
    {
        var now = new Dictionary<(long, int), string>();
        foreach (var key in paid.Select(order => (order.PaymentId, order.Version)).Distinct())
        {
            if (!_known.TryGetValue(key, out var problem))
            {
                // Erased since it was listed: nothing to answer from.
                problem = await archive.FindAsync(key.PaymentId, key.Version, cancellationToken) is not { } payment
                    ? Words.Of("支付数据已删除", "The payment was erased")
                    : Words.All(answerable.Violations(payment));
            }

            // Kept also when this look is broken off, so that the next one goes on from here.
            _known[key] = now[key] = problem;
        }

        _known = now;
        return now;
    }

    private async Task<Dictionary<string, string>> SignersAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var problems = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var merchant in options.Merchants.Keys)
        {
            if (await ProblemOfSignersAsync(merchant, now, cancellationToken) is { } problem)
            {
                problems[merchant] = problem;
            }
        }

        return problems;
    }

    /// <summary>What the preferred signer lacks; <see langword="null"/> where any of them could sign.</summary>
    private async Task<string?> ProblemOfSignersAsync(string merchant, DateTimeOffset now, CancellationToken cancellationToken)
    {
        string? first = null;
        foreach (var signer in signers.Of(merchant))
        {
            try
            {
                var certificate = await signer.CertificateAsync(cancellationToken);
                if (now >= certificate.NotBefore && now <= certificate.NotAfter)
                {
                    return null;
                }

                first ??= Words.Of($"商户 {merchant} 的签名证书不在有效期内", $"The certificate of {merchant} is not valid now");
            }
            catch (SignerException problem)
            {
                first ??= problem.Message;
            }
        }

        return first;
    }
}

/// <summary>How ready the module is for customs.</summary>
/// <param name="At">When this was looked at.</param>
/// <param name="Since">Orders paid from then on.</param>
/// <param name="Ready">Orders that could be answered at once.</param>
/// <param name="Rest">The others, newest first.</param>
internal sealed record ReadinessReport(DateTimeOffset At, DateTimeOffset Since, int Ready, IReadOnlyList<UnreadyOrder> Rest)
{
    /// <summary>All orders of these days.</summary>
    public int Total => Ready + Rest.Count;

    /// <summary>Colour of the light, a class of the style sheet.</summary>
    public string Light => Rest.Count == 0 ? "green" : Ready == 0 ? "red" : "yellow";
}

/// <summary>An order that customs could not be answered about now.</summary>
/// <param name="Merchant">The merchant's name in the settings.</param>
/// <param name="OrderNo">The order.</param>
/// <param name="PaidAt">When it was paid.</param>
/// <param name="Reason"><c>中文 | English</c>.</param>
internal sealed record UnreadyOrder(string Merchant, string OrderNo, DateTimeOffset PaidAt, string Reason);
