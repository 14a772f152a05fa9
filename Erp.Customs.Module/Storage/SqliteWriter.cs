using System.Data.Common;
using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Erp.Customs.Module.Storage;

/// <summary>
/// The one writer of an SQLite file. What is queued while a commit is on its way to the disk goes together into the next one; nobody is told before the commit is durable.
/// When a piece fails, all of them are taken back and run again, each in a savepoint of its own, so that the bad one fails alone.
/// </summary>
internal sealed class SqliteWriter : IAsyncDisposable
{
    /// <summary>Pieces of work in one commit at most. 64.</summary>
    private const int GroupSize = 64;

    private readonly SqliteConnection _connection;
    private readonly SqliteStatements _statements;
    private readonly Channel<QueuedWork> _queue = Channel.CreateUnbounded<QueuedWork>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Task _loop;

    /// <summary>Takes the connection over and begins to work.</summary>
    public SqliteWriter(SqliteConnection connection)
    {
        _connection = connection;
        _statements = new SqliteStatements(connection);
        // A thread of its own: a disk that takes its time must not take one from the requests.
        _loop = Task.Factory.StartNew(Loop, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Queues work; the task completes when it is durable.</summary>
    public Task<T> RunAsync<T>(Func<DbConnection, DbTransaction, Task<T>> work)
    {
        var queued = new QueuedWork<T>(work);
        Enqueue(queued);
        return queued.Done;
    }

    /// <summary>Queues a checkpoint that leaves the log empty, after everything that was queued before.</summary>
    /// <returns><see langword="false"/> when a reader held on to the log.</returns>
    public Task<bool> CheckpointAsync()
    {
        var queued = new QueuedCheckpoint();
        Enqueue(queued);
        return queued.Done;
    }

    /// <summary>Takes nothing more and writes what is queued.</summary>
    public Task FinishAsync()
    {
        _queue.Writer.TryComplete();
        return _loop;
    }

    /// <summary>Finishes and closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        await FinishAsync();
        await _statements.DisposeAsync();
    }

    private void Enqueue(QueuedWork work) => ObjectDisposedException.ThrowIf(!_queue.Writer.TryWrite(work), this);

    private void Loop()
    {
        var group = new List<QueuedWork>(GroupSize);
        while (_queue.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            QueuedWork? last = null;
            while (group.Count < GroupSize && last is not QueuedCheckpoint && _queue.Reader.TryRead(out last))
            {
                group.Add(last);
            }

            Commit(group);
            (last as QueuedCheckpoint)?.Checkpoint(_connection);
            group.Clear();
        }
    }

    private void Commit(List<QueuedWork> group)
    {
        if (!TryCommit(group, (work, transaction) => work.Run(_statements, transaction)))
        {
            TryCommit(group, RunInSavepoint);
        }
    }

    /// <summary>Commits the group and tells everybody, or takes all of it back.</summary>
    /// <returns><see langword="false"/>: one of several failed, and nobody has been told anything yet.</returns>
    private bool TryCommit(List<QueuedWork> group, Func<QueuedWork, SqliteTransaction, bool> run)
    {
        var isWhole = false;
        try
        {
            using (var transaction = _connection.BeginTransaction(deferred: false))
            {
                try
                {
                    isWhole = group.TrueForAll(work => run(work, transaction));
                    if (isWhole)
                    {
                        transaction.Commit();
                    }
                    else
                    {
                        KeepSomethingToRollBack();
                    }
                }
                catch
                {
                    KeepSomethingToRollBack();
                    throw;
                }
            }
        }
        catch (Exception exception)
        {
            LeaveNothingOpen();
            group.ForEach(work => work.Lose(exception));
            return true;
        }

        if (!isWhole && group.Count > 1)
        {
            return false;
        }

        group.ForEach(work => work.Tell());
        return true;
    }

    /// <summary>
    /// A full or failing disk makes SQLite roll back by itself. Not always does the driver learn it: then it fails to roll back once more, and would for ever say that a
    /// transaction is open. So it is given an empty one to roll back.
    /// </summary>
    private void KeepSomethingToRollBack()
    {
        if (raw.sqlite3_get_autocommit(_connection.Handle) != 0)
        {
            raw.sqlite3_exec(_connection.Handle, "BEGIN");
        }
    }

    /// <summary>Where the driver did learn it, that one is rolled back here.</summary>
    private void LeaveNothingOpen()
    {
        if (raw.sqlite3_get_autocommit(_connection.Handle) == 0)
        {
            raw.sqlite3_exec(_connection.Handle, "ROLLBACK");
        }
    }

    /// <summary>A failing piece is taken back alone. What is thrown from here has cost the whole transaction.</summary>
    private bool RunInSavepoint(QueuedWork work, SqliteTransaction transaction)
    {
        Execute(transaction, "SAVEPOINT piece");
        if (!work.Run(_statements, transaction))
        {
            Execute(transaction, "ROLLBACK TO piece");
        }

        Execute(transaction, "RELEASE piece");
        return true;
    }

    private void Execute(SqliteTransaction transaction, string sql)
    {
        using var command = _statements.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
