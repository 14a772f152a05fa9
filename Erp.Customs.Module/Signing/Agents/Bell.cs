namespace Erp.Customs.Module.Signing.Agents;

/// <summary>Wakes whoever waits now.</summary>
internal sealed class Bell
{
    private TaskCompletionSource _next = New();

    /// <summary>Ends at the next ring. Taken before one looks whether there is something, no ring is missed.</summary>
    public Task Next => Volatile.Read(ref _next).Task;

    /// <summary>Rings.</summary>
    public void Ring() => Interlocked.Exchange(ref _next, New()).SetResult();

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
