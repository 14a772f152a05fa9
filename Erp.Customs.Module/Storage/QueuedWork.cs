using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Erp.Customs.Module.Storage;

/// <summary>Something in the queue of <see cref="SqliteWriter"/>.</summary>
internal abstract class QueuedWork
{
    /// <summary>Does it inside the transaction, perhaps anew; <see langword="false"/> when it threw and must be taken back.</summary>
    public abstract bool Run(DbConnection connection, DbTransaction transaction);

    /// <summary>The commit is durable: completes with the result, or with what the work itself threw.</summary>
    public abstract void Tell();

    /// <summary>The commit failed: completes with the reason, or with what the work itself threw.</summary>
    public abstract void Lose(Exception exception);
}

/// <summary>A piece of work with its result.</summary>
internal sealed class QueuedWork<T>(Func<DbConnection, DbTransaction, Task<T>> work) : QueuedWork
{
    // Whoever waits goes on elsewhere: the writer has the next group to commit.
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Exception? _failure;
    private T? _result;

    /// <summary>Completes when the result is durable.</summary>
    public Task<T> Done => _done.Task;

    /// <inheritdoc/>
    public override bool Run(DbConnection connection, DbTransaction transaction)
    {
        try
        {
            _result = work(connection, transaction).GetAwaiter().GetResult();
            _failure = null;
            return true;
        }
        catch (Exception exception)
        {
            _failure = exception;
            return false;
        }
    }

    /// <inheritdoc/>
    public override void Tell()
    {
        if (_failure is null)
        {
            _done.SetResult(_result!);
        }
        else
        {
            _done.SetException(_failure);
        }
    }

    /// <inheritdoc/>
    public override void Lose(Exception exception) => _done.SetException(_failure ?? exception);
}

/// <summary>A checkpoint that leaves the log empty; done between two transactions.</summary>
internal sealed class QueuedCheckpoint : QueuedWork
{
    /// <summary>How long the writer waits for readers to let go of the log. 100 ms: everybody's writes wait with it.</summary>
    private const int PatienceMilliseconds = 100;

    private readonly TaskCompletionSource<bool> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes with whether the log is empty.</summary>
    public Task<bool> Done => _done.Task;

    /// <inheritdoc/>
    public override bool Run(DbConnection connection, DbTransaction transaction) => true;

    /// <summary>The group before it is committed or lost: now there is no transaction.</summary>
    public void Checkpoint(SqliteConnection connection)
    {
        try
        {
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA busy_timeout";
            var usual = (long)command.ExecuteScalar()!;
            command.CommandText = $"PRAGMA busy_timeout = {PatienceMilliseconds}";
            command.ExecuteNonQuery();
            command.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
            var busy = (long)command.ExecuteScalar()!;
            command.CommandText = $"PRAGMA busy_timeout = {usual}";
            command.ExecuteNonQuery();
            _done.SetResult(busy == 0);
        }
        catch (Exception exception)
        {
            _done.SetException(exception);
        }
    }

    /// <inheritdoc/>
    public override void Tell()
    {
    }

    /// <inheritdoc/>
    public override void Lose(Exception exception)
    {
    }
}
