using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Erp.Customs.Module.Signing.Devices;

/// <summary>
/// A card or token that a native library in this process speaks to. One call at a time, on a thread of its own: a library that hangs keeps that thread and no other. After one wrong PIN nothing
/// is tried any more until a person has reopened it, also when the answer came too late for whoever asked.
/// </summary>
internal sealed class PinDevice : IDisposable
{
    /// <summary>How long a call may take, its turn included. 15 seconds: so that what it kept waiting is signed within 30 seconds of its return.</summary>
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(15);

    private readonly BlockingCollection<Action> _calls = [];
    private readonly string _name;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private Closed? _closed;
    private Running? _running;

    /// <summary>Starts the thread.</summary>
    /// <param name="name">The signer's name, for sentences.</param>
    /// <param name="time">The clock of the limit.</param>
    /// <param name="logger">Told of a library that hangs.</param>
    /// <param name="atEnd">Done on the thread when the device is given up.</param>
    public PinDevice(string name, TimeProvider time, ILogger logger, Action atEnd)
    {
        (_name, _time, _logger) = (name, time, logger);
        new Thread(() => Work(atEnd)) { IsBackground = true, Name = name }.Start();
    }

    /// <summary>Since when it is closed; <see langword="null"/> while it is open.</summary>
    public DateTimeOffset? ClosedAt => Volatile.Read(ref _closed)?.At;

    /// <summary>A person says that the PIN may be tried again.</summary>
    public void Reopen() => Volatile.Write(ref _closed, null);

    /// <summary>Calls the library when it is its turn.</summary>
    /// <exception cref="SignerException">The device is closed, or does not answer in time, or what the call threw.</exception>
    public async Task<T> CallAsync<T>(Func<T> call, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_calls.IsAddingCompleted, this);
        cancellationToken.ThrowIfCancellationRequested();
        if (Volatile.Read(ref _running) is { } running && _time.GetUtcNow() - running.Since > s_limit)
        {
            // Nobody need wait behind it.
            throw Hangs();
        }

        // Who has given up is not called for any more: nobody would hear the answer.
        using var given = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var token = given.Token;
        _calls.Add(() => Run(call, done, token), CancellationToken.None);
        try
        {
            return await done.Task.WaitAsync(s_limit, _time, cancellationToken);
        }
        catch (TimeoutException)
        {
            _logger.LogWarning("Signer {Signer} does not return from a call; if it stays so, restart this process", _name);
            throw Hangs();
        }
        finally
        {
            await given.CancelAsync();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _calls.CompleteAdding();

    private void Work(Action atEnd)
    {
        foreach (var call in _calls.GetConsumingEnumerable())
        {
            call();
        }

        atEnd();
    }

    private void Run<T>(Func<T> call, TaskCompletionSource<T> done, CancellationToken given)
    {
        if (given.IsCancellationRequested)
        {
            done.SetCanceled(given);
            return;
        }

        if (Volatile.Read(ref _closed) is { } closed)
        {
            done.SetException(new SignerException(SignerFailure.Pin, closed.Why));
            return;
        }

        Volatile.Write(ref _running, new Running(_time.GetUtcNow()));
        try
        {
            done.SetResult(call());
        }
        catch (Exception problem)
        {
            if (problem is SignerException { Failure: SignerFailure.Pin })
            {
                Volatile.Write(ref _closed, new Closed(_time.GetUtcNow(), problem.Message));
            }

            done.SetException(problem);
        }
        finally
        {
            Volatile.Write(ref _running, null);
        }
    }

    private SignerException Hangs() => new(SignerFailure.Transient, Words.Of($"{_name} 未在时限内返回", $"{_name} did not return in time"));

    private sealed record Closed(DateTimeOffset At, string Why);

    private sealed record Running(DateTimeOffset Since);
}
