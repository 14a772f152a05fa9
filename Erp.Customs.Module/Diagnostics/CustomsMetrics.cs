using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Erp.Customs.Module.Storage;

namespace Erp.Customs.Module.Diagnostics;

/// <summary>Figures of the module, meter <c>Erp.Customs</c>. No tag ever holds an order, a session or a person.</summary>
internal sealed class CustomsMetrics
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "Erp.Customs";

    private readonly Counter<long> _asked;
    private readonly Counter<long> _uploads;
    private readonly Histogram<double> _answered;
    private readonly Counter<long> _bridged;
    private readonly Counter<long> _calledBack;
    private readonly Counter<long> _alerted;
    private readonly Histogram<double> _steps;
    private readonly ConcurrentDictionary<(string Merchant, string Signer), double> _certificateDays = new();
    private readonly ConcurrentDictionary<(string Merchant, string Agent), double> _agentSilence = new();
    private DueRequests _due = new(0, TimeSpan.Zero);
    private TimeSpan _unsealed;

    /// <summary>The factory owns the meter; its scope tells whose module the figures are of.</summary>
    public CustomsMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _asked = meter.CreateCounter<long>("erp.customs.platdataopen", unit: "{request}", description: "Requests of customs, by the code that was answered");
        _uploads = meter.CreateCounter<long>("erp.customs.uploads", unit: "{upload}", description: "Uploads, by the state that they led to");
        _answered = meter.CreateHistogram(
            "erp.customs.answered", unit: "s", description: "From the receipt of a request to customs' acceptance",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 90, 120, 300] });
        _bridged = meter.CreateCounter<long>("erp.customs.bridge.steps", unit: "{step}", description: "Steps of orders at the payment-customs bridge, by the state that they led to");
        _calledBack = meter.CreateCounter<long>("erp.customs.bridge.callbacks", unit: "{callback}", description: "Callbacks of the payment-customs bridge: known, unknown or unreadable");
        _alerted = meter.CreateCounter<long>("erp.customs.alerts", unit: "{message}", description: "Sendings of alerts, by kind of channel and outcome: sent, retried or failed");
        _steps = meter.CreateHistogram(
            "erp.customs.step", unit: "s", description: "Steps of a request: acknowledge, render, sign, upload; failed is true where one threw",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30] });
        meter.CreateObservableGauge("erp.customs.queue.length", () => _due.Count, unit: "{request}", description: "Requests of customs that are due and that nobody works on");
        meter.CreateObservableGauge("erp.customs.queue.age", () => _due.Oldest.TotalSeconds, unit: "s", description: "How long the oldest of them has been due");
        meter.CreateObservableGauge("erp.customs.archive.unsealed.age", () => _unsealed.TotalSeconds, unit: "s", description: "How long the oldest record has waited for its seal");
        meter.CreateObservableGauge(
            "erp.customs.certificate.days", () => _certificateDays.Select(one => new Measurement<double>(one.Value, new KeyValuePair<string, object?>("merchant", one.Key.Merchant), new KeyValuePair<string, object?>("signer", one.Key.Signer))),
            unit: "d", description: "Days until a merchant's certificate ends; negative when it has");
        meter.CreateObservableGauge(
            "erp.customs.agent.silence",
            () => _agentSilence.Select(one => new Measurement<double>(one.Value, new KeyValuePair<string, object?>("merchant", one.Key.Merchant), new KeyValuePair<string, object?>("agent", one.Key.Agent))),
            unit: "s", description: "Since a sign agent was last heard of");
    }

    /// <summary>A request was answered.</summary>
    public void Asked(string code) => _asked.Add(1, new KeyValuePair<string, object?>("code", code));

    /// <summary>An upload ended.</summary>
    public void Uploaded(RequestState state) => _uploads.Add(1, new KeyValuePair<string, object?>("state", RequestStates.Word(state)));

    /// <summary>Customs accepted.</summary>
    public void Accepted(TimeSpan sinceReceipt) => _answered.Record(sinceReceipt.TotalSeconds);

    /// <summary>How long the certificate of a merchant's signer is still good.</summary>
    public void CertificateEndsIn(string merchant, string signer, double days) => _certificateDays[(merchant, signer)] = days;

    /// <summary>How long a sign agent was not heard of.</summary>
    public void AgentSilentFor(string merchant, string agent, TimeSpan silence) => _agentSilence[(merchant, agent)] = silence.TotalSeconds;

    /// <summary>What waits, looked at now.</summary>
    public void Waiting(DueRequests due) => _due = due;

    /// <summary>How long the oldest record has waited for its seal, looked at now.</summary>
    public void Unsealed(TimeSpan oldest) => _unsealed = oldest;

    /// <summary>Runs a step of a request in a span of its own and measures it.</summary>
    /// <param name="step">acknowledge, render, sign or upload.</param>
    /// <param name="orderNo">A tag of the span alone.</param>
    /// <param name="sessionId">Likewise.</param>
    /// <param name="work">The step.</param>
    public T Step<T>(string step, string orderNo, string sessionId, Func<T> work)
    {
        using var span = new StepSpan(this, step, orderNo, sessionId);
        try
        {
            return work();
        }
        catch (Exception problem)
        {
            span.Fail(problem);
            throw;
        }
    }

    /// <inheritdoc cref="Step"/>
    public async Task<T> StepAsync<T>(string step, string orderNo, string sessionId, Func<Task<T>> work)
    {
        using var span = new StepSpan(this, step, orderNo, sessionId);
        try
        {
            return await work();
        }
        catch (Exception problem)
        {
            span.Fail(problem);
            throw;
        }
    }

    /// <summary>An order at the bridge went a step.</summary>
    public void Bridged(BridgeState state) => _bridged.Add(1, new KeyValuePair<string, object?>("state", EnumWords<BridgeState>.Word(state)));

    /// <summary>The bridge called, or somebody who says so.</summary>
    public void CalledBack(string order) => _calledBack.Add(1, new KeyValuePair<string, object?>("order", order));

    /// <summary>An alert was sent, or was not.</summary>
    public void Alerted(string channel, string outcome) => _alerted.Add(1, new KeyValuePair<string, object?>("channel", channel), new KeyValuePair<string, object?>("outcome", outcome));

    /// <summary>One step from its begin to its end.</summary>
    private sealed class StepSpan(CustomsMetrics metrics, string step, string orderNo, string sessionId) : IDisposable
    {
        private readonly Activity? _span = RequestScope.Span("customs." + step, orderNo, sessionId);
        private readonly long _began = Stopwatch.GetTimestamp();
        private bool _failed;

        /// <summary>Of what was thrown nothing is told but its type: its text may name anybody.</summary>
        public void Fail(Exception problem)
        {
            _failed = true;
            _span?.SetStatus(ActivityStatusCode.Error);
            _span?.SetTag("error.type", problem.GetType().Name);
        }

        public void Dispose()
        {
            metrics._steps.Record(Stopwatch.GetElapsedTime(_began).TotalSeconds, new KeyValuePair<string, object?>("step", step), new KeyValuePair<string, object?>("failed", _failed));
            _span?.Dispose();
        }
    }
}
