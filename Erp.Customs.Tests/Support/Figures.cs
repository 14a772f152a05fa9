using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Erp.Customs.Module.Diagnostics;

namespace Erp.Customs.Tests.Support;

/// <summary>The figures of one world's module, summed by instrument and tags as in <c>erp.customs.platdataopen code=10000</c>.</summary>
internal sealed class Figures : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, double> _sums = new(StringComparer.Ordinal);

    public Figures(CustomsWorld world)
    {
        // Worlds run side by side in this process and their meters have the same name: the scope tells whose it is.
        var scope = world.Modules.Find<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == CustomsMetrics.MeterName && ReferenceEquals(instrument.Meter.Scope, scope))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.Start();
    }

    public IReadOnlyDictionary<string, double> Sums => _sums;

    public void Dispose() => _listener.Dispose();

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var name = instrument.Name;
        foreach (var (key, tag) in tags)
        {
            name += $" {key}={tag}";
        }

        _sums.AddOrUpdate(name, value, (_, sum) => sum + value);
    }
}
