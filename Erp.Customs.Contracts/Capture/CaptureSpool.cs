using System.Threading.Channels;
using Erp.Customs.Contracts.Hosting;

namespace Erp.Customs.Contracts.Capture;

/// <summary>
/// Brings messages from memory into the running module, or into the spool folder and from there into the module when it runs again. One worker; a message is forgotten
/// only when module or disk has it, and what neither takes stays in memory, which is bounded.
/// </summary>
/// <param name="options">The limits.</param>
/// <param name="folder">Where messages wait.</param>
/// <param name="receiver">The module's door, while it runs.</param>
/// <param name="counts">Told everything.</param>
/// <param name="time">The clock of the waits.</param>
internal sealed class CaptureSpool(PaymentCaptureOptions options, SpoolFolder folder, Func<ICaptureReceiver?> receiver, CaptureCounts counts, TimeProvider time) : IDisposable, IAsyncDisposable
{
    /// <summary>Messages given to the module as one. 64.</summary>
    private const int GroupSize = 64;

    /// <summary>How long the first message waits for others, so that they are woken for, read and stored together, and not one by one beside the payments. 20 milliseconds.</summary>
    private static readonly TimeSpan s_gatherTime = TimeSpan.FromMilliseconds(20);

    /// <summary>What a message takes in memory besides its bytes. 512 bytes.</summary>
    private const int Overhead = 512;

    /// <summary>How long a container that is disposed of without waiting is held up. 5 seconds.</summary>
    private static readonly TimeSpan s_disposeLimit = TimeSpan.FromSeconds(5);

    private readonly Channel<QueuedCapture> _queue = Channel.CreateUnbounded<QueuedCapture>(new UnboundedChannelOptions { SingleReader = true });
    private readonly List<CapturedMessage> _kept = [];
    private readonly List<TaskCompletionSource> _flushes = [];
    private readonly Lock _gate = new();
    private Task? _work;
    private long _queuedBytes;
    private long _readBytes;
    private long _keptBytes;
    private int _spooled;
    private int _waiting;
    private int _awaited;
    private TaskCompletionSource? _gathering;

    /// <summary>Files that wait.</summary>
    public int Spooled => Volatile.Read(ref _spooled);

    /// <summary>Begins to work, if it does not already: an earlier process may have left files.</summary>
    public void Start()
    {
        if (Volatile.Read(ref _work) is null)
        {
            lock (_gate)
            {
                _work ??= RunAlone();
            }
        }
    }

    /// <summary>Takes something over, unless memory is full or the process is at its end; then it is counted as lost.</summary>
    public void Offer(QueuedCapture capture)
    {
        Start();
        var size = capture.Size + Overhead;
        if (Interlocked.Add(ref _queuedBytes, size) + Volatile.Read(ref _keptBytes) > options.MemoryLimit || !_queue.Writer.TryWrite(capture))
        {
            Interlocked.Add(ref _queuedBytes, -size);
            counts.Add(CaptureOutcome.Lost, capture.Detail);
        }
        else if (Interlocked.Increment(ref _waiting) == GroupSize || IsHalfFull)
        {
            EndGathering();
        }
    }

    /// <summary>Ends when everything offered before is durable, and what became of it is logged.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        Start();
        var mark = new FlushMark();
        Interlocked.Increment(ref _awaited);
        if (_queue.Writer.TryWrite(mark))
        {
            EndGathering();
            await mark.Durable.Task.WaitAsync(cancellationToken);
        }
        else
        {
            await _work!.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Takes nothing more, brings what it has to module or folder, and counts the rest as lost.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        Complete();
        try
        {
            await (_work ?? Task.CompletedTask).WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // A host that has lost its patience is not made to fail by us; disposal, which follows, waits for what is still on its way to the disk.
        }
    }

    public async ValueTask DisposeAsync() => await StopAsync(CancellationToken.None);

    public void Dispose()
    {
        Complete();
        _work?.Wait(s_disposeLimit);
    }

    // The worker outlives the payment that started it, and is no part of its trace.
    private Task RunAlone()
    {
        if (ExecutionContext.IsFlowSuppressed())
        {
            return Task.Run(WorkAsync);
        }

        using (ExecutionContext.SuppressFlow())
        {
            return Task.Run(WorkAsync);
        }
    }

    private async Task WorkAsync()
    {
        Guarded("spool folder", OpenFolder);
        var arrived = new List<CapturedMessage>(GroupSize);
        while (await WaitAsync())
        {
            await GatherAsync();
            await TurnAsync(arrived);
        }

        await TurnAsync(arrived);
        foreach (var message in _kept)
        {
            counts.Add(CaptureOutcome.Lost, message.TradeNo);
        }

        Report(all: true);
        _flushes.ForEach(flush => flush.TrySetResult());
    }

    private async Task TurnAsync(List<CapturedMessage> arrived)
    {
        try
        {
            Read(arrived);
            await KeepAsync(arrived);
            await DrainAsync();
        }
        catch (Exception exception)
        {
            counts.Add(exception, "spool");
        }

        // Who waits for a flush finds in the log what became of them.
        Report(all: false);
        if (_kept.Count == 0)
        {
            _flushes.ForEach(flush => flush.TrySetResult());
            _flushes.Clear();
        }
    }

    /// <summary>Waits for something to do.</summary>
    /// <returns><see langword="false"/> when nothing will come any more.</returns>
    private async Task<bool> WaitAsync()
    {
        TimeSpan? turn = _kept.Count == 0 && folder.Count == 0 ? null : options.RetryInterval;
        // What was counted a moment after something alike was logged does not wait for the next payment to be logged.
        if (new[] { turn, counts.NextReport }.Min() is not { } wait)
        {
            return await _queue.Reader.WaitToReadAsync();
        }

        using var again = new CancellationTokenSource(wait, time);
        try
        {
            return await _queue.Reader.WaitToReadAsync(again.Token);
        }
        catch (OperationCanceledException)
        {
            return true;
        }
    }

    /// <summary>Whether memory could be full before a group is there.</summary>
    private bool IsHalfFull => Volatile.Read(ref _queuedBytes) > options.MemoryLimit / 2;

    /// <summary>Lets more come, unless a group is there already, somebody waits for what is, or it takes much of the memory.</summary>
    private async Task GatherAsync()
    {
        // Shown before the counts are looked at, as the others count before they look for it: one of the two sees the other.
        var gathering = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Interlocked.Exchange(ref _gathering, gathering);
        if (Volatile.Read(ref _waiting) < GroupSize && Volatile.Read(ref _awaited) == 0 && !IsHalfFull)
        {
            await Task.WhenAny(gathering.Task, Task.Delay(s_gatherTime, time));
        }
    }

    private void EndGathering() => Volatile.Read(ref _gathering)?.TrySetResult();

    /// <summary>Nothing more comes: what there is is not to wait for others.</summary>
    private void Complete()
    {
        Interlocked.Increment(ref _awaited);
        _queue.Writer.TryComplete();
        EndGathering();
    }

    private void Read(List<CapturedMessage> into)
    {
        into.Clear();
        while (into.Count < GroupSize && _queue.Reader.TryRead(out var capture))
        {
            if (capture is FlushMark mark)
            {
                Interlocked.Decrement(ref _awaited);
                _flushes.Add(mark.Durable);
                break;
            }

            Interlocked.Decrement(ref _waiting);
            Guarded(capture.Detail, () => capture.Read(counts, into));
            _readBytes += capture.Size + Overhead;
        }
    }

    // New ones behind those that could not be kept before.
    private async Task KeepAsync(List<CapturedMessage> arrived)
    {
        _kept.AddRange(arrived);
        CountKept();
        Interlocked.Add(ref _queuedBytes, -_readBytes);
        _readBytes = 0;
        while (_kept.Count > 0)
        {
            var group = _kept.Take(GroupSize).ToList();
            var left = (await GiveAsync(group)).SkipWhile(TryWrite).ToList();
            _kept.RemoveRange(0, group.Count);
            _kept.InsertRange(0, left);
            CountKept();
            if (left.Count > 0)
            {
                return;
            }
        }
    }

    // Bytes are counted here before they are no longer counted in the queue: memory is never fuller than it looks.
    private void CountKept() => Volatile.Write(ref _keptBytes, _kept.Sum(message => (long)message.Message.Bytes.Length + Overhead));

    /// <summary>Gives messages to the module.</summary>
    /// <returns>Those that it did not take.</returns>
    private async Task<IReadOnlyList<CapturedMessage>> GiveAsync(List<CapturedMessage> messages)
    {
        if (Receiver() is not { } module)
        {
            return messages;
        }

        if (await TryGiveAsync(module, messages))
        {
            return [];
        }

        if (messages.Count == 1)
        {
            return messages;
        }

        // One that the module cannot take does not keep the others out.
        var taken = await Task.WhenAll(messages.Select(message => TryGiveAsync(module, [message])));
        return [.. messages.Where((_, i) => !taken[i])];
    }

    private async Task<bool> TryGiveAsync(ICaptureReceiver module, List<CapturedMessage> messages)
    {
        try
        {
            await module.ReceiveAsync(messages).WaitAsync(options.StoreLimit, time);
            counts.Add(CaptureOutcome.Stored, count: messages.Count);
            return true;
        }
        catch (Exception exception)
        {
            // It may be stopping, or its database may be away.
            counts.Add(exception, "module");
            return false;
        }
    }

    private bool TryWrite(CapturedMessage message) => Guarded("spool folder", () =>
    {
        folder.Write(message);
        Volatile.Write(ref _spooled, folder.Count);
        counts.Add(CaptureOutcome.Spooled, message.TradeNo);
    });

    private async Task DrainAsync()
    {
        while (folder.Count > 0 && Receiver() is not null)
        {
            var group = TakeFiles();
            var left = (await GiveAsync([.. group.Select(file => file.Message)])).ToHashSet();
            var erased = 0;
            foreach (var (name, message) in group)
            {
                // What could not be erased is given again later, and changes nothing there.
                if (!left.Contains(message) && Guarded("spool folder", () => folder.Erase(name)))
                {
                    erased++;
                }
                else
                {
                    folder.PutBack(name);
                }
            }

            Volatile.Write(ref _spooled, folder.Count);
            if (erased < group.Count || group.Count == 0 || _flushes.Count > 0 || _queue.Reader.TryPeek(out _))
            {
                return;
            }
        }
    }

    private List<(string Name, CapturedMessage Message)> TakeFiles()
    {
        var group = new List<(string Name, CapturedMessage Message)>(GroupSize);
        Guarded("spool folder", () =>
        {
            while (group.Count < GroupSize && folder.TryTake(out var name, out var message))
            {
                if (message is null)
                {
                    counts.Add(CaptureOutcome.Lost, $"damaged file {name}");
                }
                else
                {
                    group.Add((name, message));
                }
            }
        });
        return group;
    }

    private void OpenFolder()
    {
        for (var broken = folder.Open(); broken > 0; broken--)
        {
            counts.Add(CaptureOutcome.Lost, "a file that was not finished");
        }

        Volatile.Write(ref _spooled, folder.Count);
    }

    private ICaptureReceiver? Receiver()
    {
        try
        {
            return receiver();
        }
        catch (ObjectDisposedException)
        {
            // It was being stopped just then.
            return null;
        }
    }

    // A log that fails ends no worker.
    private void Report(bool all) => Guarded("log", () => counts.Report(all));

    private bool Guarded(string where, Action act)
    {
        try
        {
            act();
            return true;
        }
        catch (Exception exception)
        {
            counts.Add(exception, where);
            return false;
        }
    }

    /// <summary>Asks to be told when everything before it is durable.</summary>
    private sealed class FlushMark : QueuedCapture
    {
        public TaskCompletionSource Durable { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override int Size => 0;

        public override string Detail => "";

        public override void Read(CaptureCounts counts, List<CapturedMessage> into)
        {
        }
    }
}
