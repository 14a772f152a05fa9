namespace Erp.Customs.Contracts.Hosting;

/// <summary>Counts the requests inside a module; once closed it lets nobody in and tells when the last one has left.</summary>
internal sealed class RequestGate
{
    private readonly TaskCompletionSource _empty = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _inside;
    private int _closed;

    /// <summary>How many are inside.</summary>
    public int Inside => Volatile.Read(ref _inside);

    /// <summary>Lets a request in; each that was let in must <see cref="Leave"/>.</summary>
    public bool TryEnter()
    {
        Interlocked.Increment(ref _inside);
        if (Volatile.Read(ref _closed) == 0)
        {
            return true;
        }

        Leave();
        return false;
    }

    /// <summary>Lets a request out.</summary>
    public void Leave()
    {
        if (Interlocked.Decrement(ref _inside) == 0 && Volatile.Read(ref _closed) == 1)
        {
            _empty.TrySetResult();
        }
    }

    /// <summary>Lets nobody in any more.</summary>
    /// <returns>Ends when the last one has left.</returns>
    public Task Close()
    {
        Interlocked.Exchange(ref _closed, 1);
        if (Inside == 0)
        {
            _empty.TrySetResult();
        }

        return _empty.Task;
    }
}
