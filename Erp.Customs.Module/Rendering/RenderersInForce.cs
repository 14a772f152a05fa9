namespace Erp.Customs.Module.Rendering;

/// <summary>The renderers that everybody uses: a published template takes the place of the one before between two messages, never within one.</summary>
internal sealed class RenderersInForce(IPayExchangeRenderer customs, ICbtRenderer cbt) : IPayExchangeRenderer, ICbtRenderer
{
    private volatile Pair _now = new(customs, cbt);

    /// <inheritdoc/>
    public string Description => _now.Customs.Description;

    /// <summary>From now on these.</summary>
    public void Switch(IPayExchangeRenderer customs, ICbtRenderer cbt) => _now = new(customs, cbt);

    /// <inheritdoc/>
    public RenderedExchange Render(PayExchange exchange) => _now.Customs.Render(exchange);

    /// <inheritdoc/>
    public string EData(CbtHeader header) => _now.Cbt.EData(header);

    /// <inheritdoc/>
    public string PayExInfoStr(string sessionId, string head, string lists) => _now.Cbt.PayExInfoStr(sessionId, head, lists);

    private sealed record Pair(IPayExchangeRenderer Customs, ICbtRenderer Cbt);
}
