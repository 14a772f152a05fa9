using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Erp.Customs.Contracts;

namespace Erp.Customs.Tests.Reliability;

/// <summary>How a call to the database fails.</summary>
public enum DatabaseFailure
{
    /// <summary>The server refuses it; the connection lives.</summary>
    Refused,

    /// <summary>No answer in time: nobody knows whether it was done, and it was not.</summary>
    TimedOut,

    /// <summary>The connection is gone before the call.</summary>
    Dropped,

    /// <summary>The call was done, a commit for example; then the connection was gone.</summary>
    DroppedAfterwards,
}

/// <summary>A host's PostgreSQL whose n-th call fails: opening, beginning, a statement or a commit, whoever makes it.</summary>
internal sealed class FailingDatabase(DbDataSource inner) : DbDataSource, IErpDatabase
{
    private int _left;
    private DatabaseFailure _failure;

    public string Engine => "postgresql";

    public DbDataSource DataSource => this;

    public override string ConnectionString => inner.ConnectionString;

    /// <summary>Whether the failure has not come yet.</summary>
    public bool IsArmed => Volatile.Read(ref _left) > 0;

    /// <summary>Lets the n-th call from now on fail.</summary>
    public void Arm(int call, DatabaseFailure failure)
    {
        _failure = failure;
        Volatile.Write(ref _left, call);
    }

    /// <summary>Nothing fails any more.</summary>
    public void Disarm() => Volatile.Write(ref _left, 0);

    protected override DbConnection CreateDbConnection() => new Connection(this, inner.CreateConnection());

    private async Task<T> CallAsync<T>(DbConnection connection, Func<Task<T>> call)
    {
        if (Volatile.Read(ref _left) <= 0 || Interlocked.Decrement(ref _left) != 0)
        {
            return await call();
        }

        if (_failure == DatabaseFailure.DroppedAfterwards)
        {
            await call();
        }

        if (_failure is DatabaseFailure.Dropped or DatabaseFailure.DroppedAfterwards)
        {
            await connection.CloseAsync();
        }

        throw new Failure(_failure);
    }

    private Task<bool> CallAsync(DbConnection connection, Func<Task> call) => CallAsync(connection, async () =>
    {
        await call();
        return true;
    });

    private sealed class Failure(DatabaseFailure failure) : DbException($"The database call failed on purpose: {failure}")
    {
        public override bool IsTransient => failure != DatabaseFailure.Refused;
    }

    private sealed class Connection(FailingDatabase database, DbConnection inner) : DbConnection
    {
        public FailingDatabase Failing => database;

        public DbConnection Inner => inner;

        [AllowNull]
        public override string ConnectionString { get => inner.ConnectionString; set => inner.ConnectionString = value; }

        public override string Database => inner.Database;

        public override string DataSource => inner.DataSource;

        public override string ServerVersion => inner.ServerVersion;

        public override ConnectionState State => inner.State;

        public override void ChangeDatabase(string databaseName) => inner.ChangeDatabase(databaseName);

        public override void Open() => OpenAsync(CancellationToken.None).GetAwaiter().GetResult();

        public override Task OpenAsync(CancellationToken cancellationToken) => database.CallAsync(inner, () => inner.OpenAsync(cancellationToken));

        public override void Close() => inner.Close();

        public override Task CloseAsync() => inner.CloseAsync();

        public override async ValueTask DisposeAsync()
        {
            await inner.DisposeAsync();
            await base.DisposeAsync();
        }

        protected override DbTransaction BeginDbTransaction(IsolationLevel isolationLevel) => BeginDbTransactionAsync(isolationLevel, CancellationToken.None).AsTask().GetAwaiter().GetResult();

        protected override async ValueTask<DbTransaction> BeginDbTransactionAsync(IsolationLevel isolationLevel, CancellationToken cancellationToken) =>
            new Transaction(this, await database.CallAsync(inner, async () => await inner.BeginTransactionAsync(isolationLevel, cancellationToken)));

        protected override DbCommand CreateDbCommand() => new Command(this, inner.CreateCommand());

        protected override void Dispose(bool disposing)
        {
            inner.Dispose();
            base.Dispose(disposing);
        }
    }

    private sealed class Transaction(Connection connection, DbTransaction inner) : DbTransaction
    {
        public DbTransaction Inner => inner;

        public override IsolationLevel IsolationLevel => inner.IsolationLevel;

        protected override DbConnection DbConnection => connection;

        public override void Commit() => CommitAsync().GetAwaiter().GetResult();

        public override Task CommitAsync(CancellationToken cancellationToken = default) => connection.Failing.CallAsync(connection.Inner, () => inner.CommitAsync(cancellationToken));

        public override bool SupportsSavepoints => inner.SupportsSavepoints;

        public override Task SaveAsync(string savepointName, CancellationToken cancellationToken = default) =>
            connection.Failing.CallAsync(connection.Inner, () => inner.SaveAsync(savepointName, cancellationToken));

        public override Task RollbackAsync(string savepointName, CancellationToken cancellationToken = default) =>
            connection.Failing.CallAsync(connection.Inner, () => inner.RollbackAsync(savepointName, cancellationToken));

        public override Task ReleaseAsync(string savepointName, CancellationToken cancellationToken = default) =>
            connection.Failing.CallAsync(connection.Inner, () => inner.ReleaseAsync(savepointName, cancellationToken));

        public override void Rollback() => inner.Rollback();

        public override Task RollbackAsync(CancellationToken cancellationToken = default) => inner.RollbackAsync(cancellationToken);

        public override async ValueTask DisposeAsync()
        {
            await inner.DisposeAsync();
            await base.DisposeAsync();
        }

        protected override void Dispose(bool disposing)
        {
            inner.Dispose();
            base.Dispose(disposing);
        }
    }

    private sealed class Command(Connection connection, DbCommand inner) : DbCommand
    {
        private DbTransaction? _transaction;

        [AllowNull]
        public override string CommandText { get => inner.CommandText; set => inner.CommandText = value; }

        public override int CommandTimeout { get => inner.CommandTimeout; set => inner.CommandTimeout = value; }

        public override CommandType CommandType { get => inner.CommandType; set => inner.CommandType = value; }

        public override bool DesignTimeVisible { get => inner.DesignTimeVisible; set => inner.DesignTimeVisible = value; }

        public override UpdateRowSource UpdatedRowSource { get => inner.UpdatedRowSource; set => inner.UpdatedRowSource = value; }

        protected override DbConnection? DbConnection { get => connection; set => throw new NotSupportedException(); }

        protected override DbParameterCollection DbParameterCollection => inner.Parameters;

        protected override DbTransaction? DbTransaction
        {
            get => _transaction;
            set
            {
                _transaction = value;
                inner.Transaction = (value as Transaction)?.Inner;
            }
        }

        public override void Cancel() => inner.Cancel();

        public override void Prepare() => inner.Prepare();

        public override int ExecuteNonQuery() => ExecuteNonQueryAsync(CancellationToken.None).GetAwaiter().GetResult();

        public override Task<int> ExecuteNonQueryAsync(CancellationToken cancellationToken) => connection.Failing.CallAsync(connection.Inner, () => inner.ExecuteNonQueryAsync(cancellationToken));

        public override object? ExecuteScalar() => ExecuteScalarAsync(CancellationToken.None).GetAwaiter().GetResult();

        public override Task<object?> ExecuteScalarAsync(CancellationToken cancellationToken) => connection.Failing.CallAsync(connection.Inner, () => inner.ExecuteScalarAsync(cancellationToken));

        protected override DbParameter CreateDbParameter() => inner.CreateParameter();

        protected override DbDataReader ExecuteDbDataReader(CommandBehavior behavior) => ExecuteDbDataReaderAsync(behavior, CancellationToken.None).GetAwaiter().GetResult();

        protected override Task<DbDataReader> ExecuteDbDataReaderAsync(CommandBehavior behavior, CancellationToken cancellationToken) =>
            connection.Failing.CallAsync(connection.Inner, () => inner.ExecuteReaderAsync(behavior, cancellationToken));

        protected override void Dispose(bool disposing)
        {
            inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
