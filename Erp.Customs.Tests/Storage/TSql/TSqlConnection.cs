using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Data.Sqlite;

namespace Erp.Customs.Tests.Storage.TSql;

/// <summary>A connection of <see cref="TSqlOnSqlite"/>.</summary>
internal sealed class TSqlConnection(TSqlOnSqlite source, SqliteConnection inner) : DbConnection
{
    [AllowNull]
    public override string ConnectionString
    {
        get => inner.ConnectionString;
        set => inner.ConnectionString = value;
    }

    public override string Database => inner.Database;

    public override string DataSource => inner.DataSource;

    public override string ServerVersion => inner.ServerVersion;

    public override ConnectionState State => inner.State;

    public override void ChangeDatabase(string databaseName) => inner.ChangeDatabase(databaseName);

    /// <summary>What these tests ask is not whether a disk keeps its word.</summary>
    public override void Open()
    {
        inner.Open();
        using var command = inner.CreateCommand();
        command.CommandText = "PRAGMA synchronous = OFF";
        command.ExecuteNonQuery();
    }

    public override void Close() => inner.Close();

    protected override DbTransaction BeginDbTransaction(IsolationLevel isolationLevel)
    {
        source.Turn.Wait();
        return Begin(isolationLevel);
    }

    protected override async ValueTask<DbTransaction> BeginDbTransactionAsync(IsolationLevel isolationLevel, CancellationToken cancellationToken)
    {
        await source.Turn.WaitAsync(cancellationToken);
        return Begin(isolationLevel);
    }

    protected override DbCommand CreateDbCommand() => new TSqlCommand(this, inner.CreateCommand());

    protected override void Dispose(bool disposing)
    {
        inner.Dispose();
        base.Dispose(disposing);
    }

    private TSqlTransaction Begin(IsolationLevel isolationLevel)
    {
        try
        {
            return new TSqlTransaction(this, source, inner.BeginTransaction(deferred: false), isolationLevel);
        }
        catch
        {
            source.Turn.Release();
            throw;
        }
    }
}

/// <summary>Its transaction; the next one's turn comes when it is disposed of.</summary>
internal sealed class TSqlTransaction(TSqlConnection connection, TSqlOnSqlite source, SqliteTransaction inner, IsolationLevel isolationLevel) : DbTransaction
{
    private bool _disposed;

    public SqliteTransaction Inner => inner;

    public override IsolationLevel IsolationLevel => isolationLevel;

    protected override DbConnection DbConnection => connection;

    public override void Commit() => inner.Commit();

    public override void Rollback() => inner.Rollback();

    public override bool SupportsSavepoints => inner.SupportsSavepoints;

    public override void Save(string savepointName) => inner.Save(savepointName);

    public override void Rollback(string savepointName) => inner.Rollback(savepointName);

    public override void Release(string savepointName) => inner.Release(savepointName);

    protected override void Dispose(bool disposing)
    {
        if (!_disposed)
        {
            _disposed = true;
            inner.Dispose();
            source.Turn.Release();
        }

        base.Dispose(disposing);
    }
}

/// <summary>Its command: the text is T-SQL until it is run.</summary>
internal sealed class TSqlCommand(TSqlConnection connection, SqliteCommand inner) : DbCommand
{
    private TSqlTransaction? _transaction;

    [AllowNull]
    public override string CommandText { get; set; } = "";

    public override int CommandTimeout
    {
        get => inner.CommandTimeout;
        set => inner.CommandTimeout = value;
    }

    public override CommandType CommandType
    {
        get => inner.CommandType;
        set => inner.CommandType = value;
    }

    public override bool DesignTimeVisible { get; set; }

    public override UpdateRowSource UpdatedRowSource { get; set; }

    protected override DbConnection? DbConnection
    {
        get => connection;
        set => throw new NotSupportedException("A command stays with its connection.");
    }

    protected override DbParameterCollection DbParameterCollection => inner.Parameters;

    protected override DbTransaction? DbTransaction
    {
        get => _transaction;
        set => inner.Transaction = (_transaction = (TSqlTransaction?)value)?.Inner;
    }

    public override void Cancel() => inner.Cancel();

    public override int ExecuteNonQuery() => Translated().ExecuteNonQuery();

    public override object? ExecuteScalar() => Translated().ExecuteScalar();

    public override void Prepare() => Translated().Prepare();

    protected override DbParameter CreateDbParameter() => inner.CreateParameter();

    protected override DbDataReader ExecuteDbDataReader(CommandBehavior behavior) => Translated().ExecuteReader(behavior);

    protected override void Dispose(bool disposing)
    {
        inner.Dispose();
        base.Dispose(disposing);
    }

    private SqliteCommand Translated()
    {
        inner.CommandText = TSqlOnSqlite.Translate(CommandText);
        return inner;
    }
}
