using System.Data;
using System.Data.Common;
using Erp.Customs.Contracts;
using Erp.Customs.Module.Storage.Keeping;

namespace Erp.Customs.Module.Storage;

/// <summary>
/// A PostgreSQL or SQL Server that several nodes may share. Each write is a transaction of its own on a pooled connection, as durable as the server's commit;
/// what nodes do to each other is settled by the tables' keys, the fence of a claim and the locks of <see cref="SqlDialect"/>.
/// </summary>
/// <param name="engine">One of <see cref="EngineNames"/>.</param>
/// <param name="dialect">The server's.</param>
/// <param name="source">Where connections come from.</param>
/// <param name="owned">Whether it is ours to dispose of; a host's is not.</param>
/// <param name="content">How content is kept in it.</param>
internal sealed class ServerDatabase(string engine, SqlDialect dialect, DbDataSource source, bool owned, ContentVault content) : CustomsDatabase(content)
{
    /// <summary>How often work is run at most when others stand in its way. The default value is 10 times.</summary>
    private const int Runs = 10;

    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _quiet = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _open;
    private int _writing;

    /// <inheritdoc/>
    public override string Engine => engine;

    /// <inheritdoc/>
    public override DbDataSource Server => source;

    /// <inheritdoc/>
    public override SqlDialect Dialect => dialect;

    /// <inheritdoc/>
    public override async Task OpenAsync(CancellationToken cancellationToken)
    {
        if (_open)
        {
            throw new InvalidOperationException("The database is open already.");
        }

        try
        {
            await using var connection = await source.OpenConnectionAsync(cancellationToken);
        }
        catch (NotSupportedException exception)
        {
            // Microsoft.Data.SqlClient does not work without culture data, and says no more than that.
            throw new ModuleConfigurationException(
                Words.Of(
                    $"数据库驱动无法在此进程中运行（{exception.Message}）：请安装 ICU，并设置环境变量 DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=0",
                    $"The database's driver does not run in this process ({exception.Message}): have ICU installed and the environment variable DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=0 set"),
                exception);
        }
        catch (Exception exception) when (exception is DbException or TimeoutException)
        {
            throw new ModuleConfigurationException(
                Words.Of($"数据库（{engine}）无法连接：{exception.Message}", $"The {engine} database cannot be reached: {exception.Message}"), exception);
        }

        _open = true;
    }

    /// <summary>Rows are erased as the server erases them; when their pages and its log are overwritten is the server's business and its DBA's.</summary>
    public override Task<bool> ForgetErasedAsync() => Task.FromResult(true);

    /// <summary>Lets no new write in and waits for those that are under way.</summary>
    public override async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _open = false;
            if (_writing == 0)
            {
                _quiet.TrySetResult();
            }
        }

        await _quiet.Task;
        if (owned)
        {
            await source.DisposeAsync();
        }
    }

    /// <inheritdoc/>
    protected override async Task<T> QueueAsync<T>(Func<DbConnection, DbTransaction, Task<T>> work)
    {
        Enter();
        try
        {
            return await RunAsync(work);
        }
        finally
        {
            Leave();
        }
    }

    /// <inheritdoc/>
    protected override async ValueTask<DbConnection> OpenReaderAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            ThrowIfClosed();
        }

        var connection = await source.OpenConnectionAsync(cancellationToken);
        if (dialect.ReadOnly.Length > 0)
        {
            try
            {
                await using var command = connection.CreateCommand();
                command.CommandText = dialect.ReadOnly;
                await command.ExecuteNonQueryAsync(cancellationToken);
            }
            catch
            {
                await connection.DisposeAsync();
                throw;
            }
        }

        return connection;
    }

    /// <summary>Read committed: the work sees what others have committed before each of its statements, and takes the locks that it needs beyond that.</summary>
    private async Task<T> RunAsync<T>(Func<DbConnection, DbTransaction, Task<T>> work)
    {
        for (var run = 1; ; run++)
        {
            var committing = false;
            try
            {
                await using var connection = await source.OpenConnectionAsync(CancellationToken.None);
                await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted);
                if (dialect.BeforeWrites.Length > 0)
                {
                    await RunAsync(connection, transaction, dialect.BeforeWrites);
                }

                var result = await work(connection, transaction);
                committing = true;
                await transaction.CommitAsync();
                return result;
            }
            catch (DbException exception) when (run < Runs && MayRunAgain(exception, run, committing))
            {
                // All of it was taken back; the next run looks again.
            }
        }
    }

    /// <summary>A connection that broke before the commit left nothing, and the next one may be whole; one that broke during it may have left everything.</summary>
    private bool MayRunAgain(DbException exception, int run, bool committing) => dialect.IsConflict(exception) || (exception.IsTransient && !committing && run == 1);

    private void Enter()
    {
        lock (_gate)
        {
            ThrowIfClosed();
            _writing++;
        }
    }

    private void Leave()
    {
        lock (_gate)
        {
            _writing--;
            if (!_open && _writing == 0)
            {
                _quiet.TrySetResult();
            }
        }
    }

    private void ThrowIfClosed()
    {
        if (!_open)
        {
            throw new InvalidOperationException("The database is not open.");
        }
    }
}
