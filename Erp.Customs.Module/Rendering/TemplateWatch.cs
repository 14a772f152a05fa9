using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Erp.Customs.Module.Rendering;

/// <summary>Looks now and then whether another node has published a template.</summary>
internal sealed class TemplateWatch(TemplateBook templates, TimeProvider time, ILogger<TemplateWatch> logger) : BackgroundService
{
    /// <summary>Between two looks. The default value is 10 seconds.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (TemplateBook.IsUsed && await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await templates.RefreshAsync(stoppingToken);
            }
            catch (Exception problem) when (!stoppingToken.IsCancellationRequested)
            {
                logger.LogDebug(problem, "Published templates could not be looked for");
            }
        }
    }
}
