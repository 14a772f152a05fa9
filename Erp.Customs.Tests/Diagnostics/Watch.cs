using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Reflection;
using System.Runtime.ExceptionServices;
using System.Text;
using System.Text.Json;
using Erp.Customs.Contracts;
using Erp.Customs.Module;
using Erp.Customs.Tests.Support;

namespace Erp.Customs.Tests.Diagnostics;

/// <summary>
/// Listens to everything that leaves a process beside its data: logs at trace level, tags of all meters and traces (with the addresses that were called),
/// texts of all exceptions that the product threw, caught or not. Other tests run beside; canaries are nobody else's.
/// </summary>
internal sealed class Watch : IDisposable
{
    private static readonly HashSet<Assembly?> Product = [typeof(CustomsModule).Assembly, typeof(IErpModule).Assembly];

    private readonly ConcurrentQueue<string> _seen = new();
    private readonly MeterListener _meters = new();
    private readonly ActivityListener _traces;

    public Watch()
    {
        _meters.InstrumentPublished = (instrument, listener) => listener.EnableMeasurementEvents(instrument);
        _meters.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Tags(instrument.Name, tags));
        _meters.SetMeasurementEventCallback<int>((instrument, _, tags, _) => Tags(instrument.Name, tags));
        _meters.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Tags(instrument.Name, tags));
        _meters.Start();
        _traces = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = Trace,
        };
        ActivitySource.AddActivityListener(_traces);
        AppDomain.CurrentDomain.FirstChanceException += Thrown;
    }

    /// <summary>Something else that must not hold a canary: an answer, a sentence.</summary>
    public void Saw(string what, string? text) => _seen.Enqueue($"{what}: {text}");

    /// <summary>Reads an answer of the module.</summary>
    public async Task<int> SawAsync(string what, Task<HttpResponseMessage> answer)
    {
        using var response = await answer;
        Saw(what, $"{response.Headers} {await response.Content.ReadAsStringAsync()}");
        return (int)response.StatusCode;
    }

    /// <summary>Whatever a world has logged and shown until now.</summary>
    public async Task SawAsync(CustomsWorld world)
    {
        foreach (var line in world.Log.Lines)
        {
            _seen.Enqueue("log: " + line);
        }

        Saw("module screen", world.Module.Sentence);
        foreach (var check in await world.Modules.CheckAsync("Erp.Customs", CancellationToken.None))
        {
            Saw("self-check", check.ToString());
        }

        if (File.Exists(world.DatabaseFile))
        {
            Saw("reasons", await world.SqlAsync("SELECT group_concat(reason, ' ') FROM request_event") as string);
            Saw("errors", await world.SqlAsync("SELECT group_concat(error, ' ') FROM upload_attempt") as string);
            Saw("reasons", await world.SqlAsync("SELECT group_concat(reason || ' ' || flags, ' ') FROM bridge_order") as string);
            Saw("reasons", await world.SqlAsync("SELECT group_concat(reason, ' ') FROM bridge_stop") as string);
            Saw("errors", await world.SqlAsync("SELECT group_concat(error, ' ') FROM bridge_exchange") as string);
            Saw("origins", await world.SqlAsync("SELECT group_concat(origin || ' ' || trade_no, ' ') FROM captured_message") as string);
        }
    }

    /// <summary>Fails for every place that holds one of the texts, however it is written there.</summary>
    public void AssertHoldsNone(params IEnumerable<string> canaries)
    {
        Assert.NotEmpty(_seen);
        var written = canaries.SelectMany(Spellings).Distinct(StringComparer.Ordinal).ToList();
        Assert.Equal([], _seen.Where(text => written.Exists(canary => text.Contains(canary, StringComparison.OrdinalIgnoreCase))));
    }

    public void Dispose()
    {
        AppDomain.CurrentDomain.FirstChanceException -= Thrown;
        _traces.Dispose();
        _meters.Dispose();
    }

    private static IEnumerable<string> Spellings(string canary) =>
        [canary, Uri.EscapeDataString(canary), JsonSerializer.Serialize(canary)[1..^1], Convert.ToHexString(Encoding.UTF8.GetBytes(canary)), Convert.ToBase64String(Encoding.UTF8.GetBytes(canary)).TrimEnd('=')[..^1]];

    private void Tags(string name, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        foreach (var (key, value) in tags)
        {
            Saw("meter", $"{name} {key}={value}");
        }
    }

    private void Trace(Activity activity)
    {
        Saw("trace", $"{activity.DisplayName} {activity.StatusDescription}");
        foreach (var (key, value) in activity.TagObjects.Concat(activity.Events.SelectMany(one => one.Tags)))
        {
            Saw("trace", $"{key}={value}");
        }
    }

    /// <summary>What a library throws is its own text; it counts where the product passes it on, and that is in the log.</summary>
    private void Thrown(object? sender, FirstChanceExceptionEventArgs thrown)
    {
        if (Product.Contains(thrown.Exception.GetType().Assembly) || Product.Contains(new StackTrace(thrown.Exception).GetFrame(0)?.GetMethod()?.Module.Assembly))
        {
            Saw("thrown", thrown.Exception.Message);
        }
    }
}
