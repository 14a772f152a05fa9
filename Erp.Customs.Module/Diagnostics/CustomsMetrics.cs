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

    /// <summary>The factory owns the meter; its scope tells whose module the figures are of.</summary>
    public CustomsMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _asked = meter.CreateCounter<long>("erp.customs.platdataopen", unit: "{request}", description: "Requests of customs, by the code that was answered");
        _uploads = meter.CreateCounter<long>("erp.customs.uploads", unit: "{upload}", description: "Uploads, by the state that they led to");
        _answered = meter.CreateHistogram<double>("erp.customs.answered", unit: "s", description: "From the receipt of a request to customs' acceptance");
        _bridged = meter.CreateCounter<long>("erp.customs.bridge.steps", unit: "{step}", description: "Steps of orders at the payment-customs bridge, by the state that they led to");
        _calledBack = meter.CreateCounter<long>("erp.customs.bridge.callbacks", unit: "{callback}", description: "Callbacks of the payment-customs bridge: known, unknown or unreadable");
        _alerted = meter.CreateCounter<long>("erp.customs.alerts", unit: "{message}", description: "Sendings of alerts, by kind of channel and outcome: sent, retried or failed");
    }

    /// <summary>A request was answered.</summary>
    public void Asked(string code) => _asked.Add(1, new KeyValuePair<string, object?>("code", code));

    /// <summary>An upload ended.</summary>
    public void Uploaded(RequestState state) => _uploads.Add(1, new KeyValuePair<string, object?>("state", RequestStates.Word(state)));

    /// <summary>Customs accepted.</summary>
    public void Accepted(TimeSpan sinceReceipt) => _answered.Record(sinceReceipt.TotalSeconds);

    /// <summary>An order at the bridge went a step.</summary>
    public void Bridged(BridgeState state) => _bridged.Add(1, new KeyValuePair<string, object?>("state", EnumWords<BridgeState>.Word(state)));

    /// <summary>The bridge called, or somebody who says so.</summary>
    public void CalledBack(string order) => _calledBack.Add(1, new KeyValuePair<string, object?>("order", order));

    /// <summary>An alert was sent, or was not.</summary>
    public void Alerted(string channel, string outcome) => _alerted.Add(1, new KeyValuePair<string, object?>("channel", channel), new KeyValuePair<string, object?>("outcome", outcome));
}
