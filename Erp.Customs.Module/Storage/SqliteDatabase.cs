using System.Data.Common;
using Erp.Customs.Contracts;
using Erp.Customs.Module.Storage.Keeping;
using Microsoft.Data.Sqlite;

namespace Erp.Customs.Module.Storage;

/// <summary>
/// The embedded database: one SQLite file in WAL mode that one process works on. One writer commits in groups, readers have connections of their own.
/// Each commit is on the disk before anybody is told (synchronous=FULL), and erased content is overwritten (secure_delete).
/// </summary>
/// <param name="path">The file; it and its folder are made when missing, for their owner alone.</param>
/// <param name="content">How content is kept in it.</param>
internal sealed class SqliteDatabase(string path, ContentVault content) : CustomsDatabase(content)
{
    /// <summary>How long a statement waits for a lock that a person's tool holds. 5 seconds.</summary>
    private const int BusySeconds = 5;

    /// <summary>Page cache of the writer. 32 MiB.</summary>
    private const int WriterCacheKibibytes = 32 * 1024;

    private const int LinuxWouldBlock = 11;
    private const int MacWouldBlock = 35;
    private const int WindowsSharingViolation = unchecked((int)0x80070020);

    private readonly string _path = Path.GetFullPath(path);
    private FileStream? _lock;
    private SqliteWriter? _writer;
    private DbDataSource? _readers;
    private long _bootNumber;

    static SqliteDatabase() => SQLitePCL.Batteries_V2.Init();

    /// <inheritdoc/>
    public override string Engine => EngineNames.Sqlite;

    /// <inheritdoc/>
    public override SqlDialect Dialect { get; } = new SqliteDialect();

    /// <summary>Counted in the file's <c>user_version</c>, which is there before any table is.</summary>
    public override long BootNumber => _bootNumber;

    private string ReadersConnectionString => new SqliteConnectionStringBuilder
    {
        DataSource = _path,
        Mode = SqliteOpenMode.ReadOnly,
        DefaultTimeout = BusySeconds,
    }.ToString();

    /// <summary>A connection of its own to a file that nobody need have opened, only to read.</summary>
    public static SqliteConnection Reader(string path) =>
        new(new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadOnly, DefaultTimeout = BusySeconds, Pooling = false }.ToString());

    /// <inheritdoc/>
    public override async Task OpenAsync(CancellationToken cancellationToken)
    {
        if (_lock is not null)
        {
            throw new InvalidOperationException("The database is open already.");
        }

        _lock = TakeLock();
        try
        {
            await CreateFileAsync();
            var connection = await OpenWriterConnectionAsync(cancellationToken);
            _readers = SqliteFactory.Instance.CreateDataSource(ReadersConnectionString);
            _writer = new SqliteWriter(connection);
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public override Task<object?> RunAsync(DbConnection connection, DbTransaction transaction, string sql, params (string Name, object? Value)[] values) =>
        Task.FromResult(((SqliteStatements)connection).Run(transaction, sql, values));

    /// <inheritdoc/>
    protected override Task<T> QueueAsync<T>(Func<DbConnection, DbTransaction, Task<T>> work) => Writer().RunAsync(work);

    /// <inheritdoc/>
    protected override async ValueTask<DbConnection> OpenReaderAsync(CancellationToken cancellationToken) =>
        await (_readers ?? throw NotOpen()).OpenConnectionAsync(cancellationToken);

    /// <summary>
    /// Erased content is zeros already (secure_delete); the log that still holds the old pages is written back and cut to nothing. What SQLite may leave is a short
    /// copy of a key or a row in the free space of a page that it once balanced: it is read by nothing and overwritten as the page fills; only a VACUUM removes it.
    /// </summary>
    public override Task<bool> ForgetErasedAsync() => Writer().CheckpointAsync();

    /// <summary>Writes what is queued, brings the log into the file and gives the file free.</summary>
    public override async ValueTask DisposeAsync()
    {
        try
        {
            if (_writer is { } writer)
            {
                await writer.FinishAsync();
                await CloseReadersAsync();
                // The last connection to close brings the log into the file, and a reader could not.
                await writer.DisposeAsync();
                _writer = null;
            }
        }
        finally
        {
            if (Interlocked.Exchange(ref _lock, null) is { } fileLock)
            {
                await fileLock.DisposeAsync();
            }
        }
    }

    private async Task CloseReadersAsync()
    {
        if (Interlocked.Exchange(ref _readers, null) is { } readers)
        {
            await using var connection = (SqliteConnection)readers.CreateConnection();
            SqliteConnection.ClearPool(connection);
            await readers.DisposeAsync();
        }
    }

    private static InvalidOperationException NotOpen() => new("The database is not open.");

    private SqliteWriter Writer() => _writer ?? throw NotOpen();

    private FileStream TakeLock()
    {
        try
        {
            OwnerOnlyFile.CreateFolder(Path.GetDirectoryName(_path)!);
            return Open(_path + ".lock", FileShare.None);
        }
        catch (IOException exception) when (exception.HResult is LinuxWouldBlock or MacWouldBlock or WindowsSharingViolation)
        {
            throw new ModuleConfigurationException(
                $"The database file {_path} is in use by another process; only one process may work on it: stop that one, or give this one a data folder of its own.",
                exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ModuleConfigurationException($"The database's folder {Path.GetDirectoryName(_path)} cannot be written to: {exception.Message}", exception);
        }
    }

    private static FileStream Open(string path, FileShare share) => OwnerOnlyFile.Open(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, share);

    /// <summary>SQLite gives its log and index files the rights of this one.</summary>
    private async Task CreateFileAsync() => await Open(_path, FileShare.ReadWrite).DisposeAsync();

    private async Task<SqliteConnection> OpenWriterConnectionAsync(CancellationToken cancellationToken)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = _path,
            Mode = SqliteOpenMode.ReadWrite,
            ForeignKeys = true,
            Pooling = false,
            DefaultTimeout = BusySeconds,
        }.ToString());
        try
        {
            await connection.OpenAsync(cancellationToken);
            await using var command = connection.CreateCommand();
            command.CommandText = $"""
                PRAGMA busy_timeout = {BusySeconds * 1000};
                PRAGMA journal_mode = WAL;
                PRAGMA synchronous = FULL;
                PRAGMA secure_delete = ON;
                PRAGMA temp_store = MEMORY;
                PRAGMA cache_size = -{WriterCacheKibibytes};
                """;
            await command.ExecuteNonQueryAsync(cancellationToken);
            command.CommandText = "PRAGMA user_version";
            _bootNumber = (long)(await command.ExecuteScalarAsync(cancellationToken))! + 1;
            command.CommandText = $"PRAGMA user_version = {_bootNumber}";
            await command.ExecuteNonQueryAsync(cancellationToken);
            return connection;
        }
        catch (SqliteException exception)
        {
            await connection.DisposeAsync();
            throw new ModuleConfigurationException($"The database file {_path} cannot be used: {exception.Message}", exception);
        }
    }
}
