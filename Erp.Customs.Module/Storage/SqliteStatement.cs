using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Data.Sqlite;

namespace Erp.Customs.Module.Storage;

/// <summary>What is to be run on <see cref="SqliteStatements"/>: text and parameters only; the prepared statement is looked up when it runs.</summary>
/// <param name="statements">The connection.</param>
/// <param name="said">Holds text and parameters and is never run itself.</param>
internal sealed class SqliteStatement(SqliteStatements statements, SqliteCommand said) : DbCommand
{
    /// <inheritdoc/>
    [AllowNull]
    [SuppressMessage("Security", "CA2100:Review SQL queries for security vulnerabilities", Justification = "Passed on, not made here.")]
    public override string CommandText
    {
        get => said.CommandText;
        set => said.CommandText = value;
    }

    /// <inheritdoc/>
    public override int CommandTimeout
    {
        get => said.CommandTimeout;
        set => said.CommandTimeout = value;
    }

    /// <inheritdoc/>
    public override CommandType CommandType
    {
        get => said.CommandType;
        set => said.CommandType = value;
    }

    /// <inheritdoc/>
    public override bool DesignTimeVisible
    {
        get => said.DesignTimeVisible;
        set => said.DesignTimeVisible = value;
    }

    /// <inheritdoc/>
    public override UpdateRowSource UpdatedRowSource
    {
        get => said.UpdatedRowSource;
        set => said.UpdatedRowSource = value;
    }

    /// <inheritdoc/>
    protected override DbConnection? DbConnection
    {
        get => statements;
        set
        {
            if (!ReferenceEquals(value, statements))
            {
                throw new NotSupportedException("A statement stays with its connection.");
            }
        }
    }

    /// <inheritdoc/>
    protected override DbParameterCollection DbParameterCollection => said.Parameters;

    /// <inheritdoc/>
    protected override DbTransaction? DbTransaction
    {
        get => said.Transaction;
        set => said.Transaction = (SqliteTransaction?)value;
    }

    /// <inheritdoc/>
    public override void Cancel() => said.Cancel();

    /// <inheritdoc/>
    public override int ExecuteNonQuery() => statements.Prepared(said).ExecuteNonQuery();

    /// <inheritdoc/>
    public override object? ExecuteScalar() => statements.Prepared(said).ExecuteScalar();

    /// <inheritdoc/>
    public override void Prepare() => statements.Prepared(said).Prepare();

    /// <inheritdoc/>
    protected override DbParameter CreateDbParameter() => said.CreateParameter();

    /// <inheritdoc/>
    protected override DbDataReader ExecuteDbDataReader(CommandBehavior behavior) => statements.Prepared(said).ExecuteReader(behavior);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            said.Dispose();
        }

        base.Dispose(disposing);
    }
}
