using System.Data;
using System.Data.Common;
using Erp.Customs.Module.Storage.Keeping;

namespace Erp.Customs.Module.Storage;

/// <summary>What is to be written in the transaction of something else, so that there is never one without the other.</summary>
internal delegate Task AlsoWrite(DbConnection connection, DbTransaction transaction);

/// <summary>
/// The module's database: every write goes through one door and is durable when its task completes, reads stand apart.
/// There is one per module; <see cref="SqliteDatabase"/> is the embedded default, <see cref="ServerDatabase"/> what several nodes share.
/// </summary>
/// <param name="content">How content is kept in it.</param>
internal abstract class CustomsDatabase(ContentVault content) : IAsyncDisposable
{
    /// <summary>How content is kept in it: whatever a column of bytes holds goes through here.</summary>
    public ContentVault Content { get; } = content;

    /// <summary><c>sqlite</c>, <c>postgresql</c> or <c>sqlserver</c>; also the folder of its migrations.</summary>
    public abstract string Engine { get; }

    /// <summary>Where connections to a server come from, for what keeps tables of its own there; <see langword="null"/> where there is no server.</summary>
    public virtual DbDataSource? Server => null;

    /// <summary>What is spelt differently from engine to engine.</summary>
    public abstract SqlDialect Dialect { get; }

    /// <summary>
    /// Grows with every start of the one process that works on the database, so that leases of earlier starts can be told apart.
    /// 0 on engines that several nodes share: there a lease only ends by its time.
    /// </summary>
    public virtual long BootNumber => 0;

    /// <summary>Makes the database ready for migrations. Called once, before anything else.</summary>
    /// <exception cref="Contracts.ModuleConfigurationException">It cannot be used; the sentence says why.</exception>
    public abstract Task OpenAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Runs the work in a transaction; durable when the task completes. Work that throws changes nothing and its exception is the task's.
    /// It cannot be cancelled once it is queued, so that a client who goes away takes nothing back. The work must use the given connection
    /// and transaction alone and be quick: everybody else's writes wait for it. It may be run again after all of it was taken back, because of
    /// a transaction that came in between or of work that it was to be committed with: it looks before it writes, and changes nothing but the database.
    /// </summary>
    public async Task<T> WriteAsync<T>(Func<DbConnection, DbTransaction, Task<T>> work)
    {
        try
        {
            return await QueueAsync(work);
        }
        catch (DataException exception)
        {
            throw Unreadable(exception);
        }
    }

    /// <summary>Runs the work on a connection that sees what is committed and must not write; it cannot where the engine knows such connections.</summary>
    public async Task<T> ReadAsync<T>(Func<DbConnection, Task<T>> work, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await OpenReaderAsync(cancellationToken);
            return await work(connection);
        }
        catch (DataException exception)
        {
            throw Unreadable(exception);
        }
    }

    /// <summary>After an erasure: sees to it that the erased bytes do not stay in the database's files.</summary>
    /// <returns><see langword="false"/> when somebody still reads what was there before: to be tried again.</returns>
    public abstract Task<bool> ForgetErasedAsync();

    /// <summary>Runs one statement inside <see cref="WriteAsync{T}"/> and gives its first value, if any. The engine may keep the statement prepared.</summary>
    /// <param name="connection">As given to the work.</param>
    /// <param name="transaction">As given to the work.</param>
    /// <param name="sql">A text that does not vary with the values.</param>
    /// <param name="values">Parameters by name, with the at sign.</param>
    public virtual async Task<object?> RunAsync(DbConnection connection, DbTransaction transaction, string sql, params (string Name, object? Value)[] values)
    {
        await using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        foreach (var (name, value) in values)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = name;
            parameter.Value = value ?? DBNull.Value;
            command.Parameters.Add(parameter);
        }

        return await command.ExecuteScalarAsync();
    }

    /// <summary>Inside <see cref="WriteAsync{T}"/>: waits until nobody else holds the name, and holds it until the transaction ends. At most 200 characters.</summary>
    public async Task LockAsync(DbConnection connection, DbTransaction transaction, string name)
    {
        if (Dialect.LockName is { Length: > 0 } locking)
        {
            await RunAsync(connection, transaction, locking, ("@Name", name));
        }
    }

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();

    /// <summary>The engine's part of <see cref="WriteAsync{T}"/>.</summary>
    protected abstract Task<T> QueueAsync<T>(Func<DbConnection, DbTransaction, Task<T>> work);

    /// <summary>A connection for reading; given back when it is disposed of.</summary>
    protected abstract ValueTask<DbConnection> OpenReaderAsync(CancellationToken cancellationToken);

    /// <summary>Dapper puts the value that it could not convert into its message, and that may be a person's data.</summary>
    private static InvalidDataException Unreadable(DataException exception) =>
        new($"A stored value is not of its column's type any more ({exception.InnerException?.GetType().Name}); recompute the sums to find it.");
}
