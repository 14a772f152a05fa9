using Erp.Customs.Contracts;
using Erp.Customs.Module.Diagnostics.Alerts;
using Erp.Customs.Module.Signing.Agents;
using Erp.Customs.Module.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Erp.Customs.Module.Diagnostics;

/// <summary>
/// Looks at the sign agents now and then: how long each was not heard of, for whoever collects figures, and people are told when a merchant's last one is away, before customs ask for what it would have to sign.
/// </summary>
internal sealed class AgentWatch(AgentDesk desk, AlertOutbox alerts, CustomsMetrics metrics, CustomsOptions options, TimeProvider time, ILogger<AgentWatch> logger) : BackgroundService
{
    /// <summary>Between two looks. The default value is 10 seconds.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, bool> _away = new(StringComparer.Ordinal);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var merchants = options.Merchants.Values.Where(merchant => merchant.Agents.Count > 0).Select(merchant => merchant.Name).ToList();
        var began = time.GetTimestamp();
        using var timer = new PeriodicTimer(Interval, time);
        while (merchants.Count > 0 && await timer.WaitForNextTickAsync(stoppingToken))
        {
            foreach (var merchant in merchants)
            {
                try
                {
                    await LookAsync(merchant, time.GetElapsedTime(began), stoppingToken);
                }
                catch (Exception problem) when (!stoppingToken.IsCancellationRequested)
                {
                    logger.LogDebug(problem, "The sign agents of merchant {Merchant} could not be looked at", merchant);
                }
            }
        }
    }

    private async Task LookAsync(string merchant, TimeSpan watched, CancellationToken cancellationToken)
    {
        var agents = await desk.AgentsAsync(merchant, cancellationToken);
        foreach (var (name, seen) in agents)
        {
            if (seen is not null)
            {
                metrics.AgentSilentFor(merchant, name, seen.Silence);
            }
        }

        // While the module was off nobody could be heard of.
        var away = watched > AgentDesk.Away && agents.All(agent => agent.Seen is null || agent.Seen.Silence > AgentDesk.Away);
        if (away && !_away.GetValueOrDefault(merchant))
        {
            logger.LogWarning("No sign agent of merchant {Merchant} was heard of for {Seconds} s", merchant, AgentDesk.Away.TotalSeconds);
            await alerts.RaiseAsync(new Alert(
                AlertKind.SignerAway, merchant, NoticeLevel.Warning,
                Words.Of($"商户 {merchant} 的签名代理失联", $"No sign agent of merchant {merchant} is heard of"),
                Words.Of(
                    $"{AgentDesk.Away.TotalSeconds} 秒内没有任何签名代理连接，海关来取数时将无法签名；请检查插卡电脑及其代理程序",
                    $"None has called for {AgentDesk.Away.TotalSeconds} s, and nothing could be signed if customs asked now; look after the PC with the card and its agent")));
        }

        _away[merchant] = away;
    }
}
