using Erp.Customs.Module.Diagnostics;
using Erp.Customs.Module.Jobs;
using Erp.Customs.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Erp.Customs.Tests.Diagnostics;

public class When_a_certificate_ends
{
    [Fact]
    public async Task Should_be_told_30_14_7_and_1_days_before_and_when_it_has_ended_each_once()
    {
        var time = new ManualTime(TimeProvider.System.GetUtcNow());
        await using var world = await CustomsWorld.StartAsync(services: services => services.AddSingleton<TimeProvider>(time));
        var watch = world.Modules.Find<IEnumerable<IScheduledWork>>()!.OfType<CertificateWatch>().Single();
        var end = Convert.ToDouble(await DaysAsync(world, watch), System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(end, 2 * 365, (3 * 365) + 2);

        var left = end;
        foreach (var (daysLeft, told, level) in new[] { (30.5, 0L, ""), (29.9, 1L, "warning"), (20.0, 1L, "warning"), (13.9, 2L, "warning"), (6.9, 3L, "alarm"), (0.9, 4L, "alarm"), (-0.1, 5L, "alarm"), (-30.0, 5L, "alarm") })
        {
            time.Jump(TimeSpan.FromDays(left - daysLeft));
            left = daysLeft;
            await watch.RunAsync(CancellationToken.None);
            await watch.RunAsync(CancellationToken.None);

            Assert.Equal(told, await world.SqlAsync("SELECT COUNT(*) FROM alert_message WHERE kind = 'certificate_ends' AND merchant = 'ningbo'"));
            Assert.Equal(told, await world.SqlAsync("SELECT COUNT(*) FROM alert_message WHERE kind = 'certificate_ends' AND merchant = 'guangzhou'"));
            Assert.Equal(told == 0 ? null : level, await world.SqlAsync("SELECT level FROM alert_message WHERE kind = 'certificate_ends' ORDER BY id DESC LIMIT 1"));
        }
    }

    private static async Task<double> DaysAsync(CustomsWorld world, CertificateWatch watch)
    {
        var days = new Dictionary<string, double>(StringComparer.Ordinal);
        using var listener = new System.Diagnostics.Metrics.MeterListener
        {
            InstrumentPublished = (instrument, listening) =>
            {
                if (instrument.Name == "erp.customs.certificate.days" && ReferenceEquals(instrument.Meter.Scope, world.Modules.Find<System.Diagnostics.Metrics.IMeterFactory>()))
                {
                    listening.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<double>((_, value, tags, _) => days[(string)tags[0].Value!] = value);
        listener.Start();
        await watch.RunAsync(CancellationToken.None);
        listener.RecordObservableInstruments();
        Assert.Equal(["guangzhou", "ningbo"], days.Keys.Order(StringComparer.Ordinal));
        return days["ningbo"];
    }
}
