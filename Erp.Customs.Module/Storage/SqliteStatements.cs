using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Data.Sqlite;

namespace Erp.Customs.Module.Storage;

/// <summary>
/// An SQLite connection that keeps the statements that it has prepared, for Dapper too: parsing the SQL anew each time costs more than running it.
/// One user at a time, as every connection.
/// </summary>
/// <param name="connection">The connection underneath; closed with this one.</param>
internal sealed class SqliteStatements(SqliteConnection connection) : DbConnection
{
    /// <summary>Statements kept at most. 200: what the module has to say, with lists of usual lengths.</summary>
    private const int Most = 200;

    private readonly Dictionary<string, SqliteCommand> _prepared = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    [AllowNull]
    public override string ConnectionString
    {
        get => connection.ConnectionString;
        set => connection.ConnectionString = value;
    }

    /// <inheritdoc/>
    public override string Database => connection.Database;

    /// <inheritdoc/>
    public override string DataSource => connection.DataSource;

    /// <inheritdoc/>
    public override string ServerVersion => connection.ServerVersion;

    /// <inheritdoc/>
    public override ConnectionState State => connection.State;

    /// <summary>Runs a statement that is always said with the same parameters, which are kept with it, and gives its first value, if any.</summary>
    public object? Run(DbTransaction transaction, string sql, (string Name, object? Value)[] values)
    {
        var command = Kept(sql);
        command.Transaction = (SqliteTransaction)transaction;
        var parameters = command.Parameters;
        if (parameters.Count != values.Length)
        {
            parameters.Clear();
            Array.ForEach(values, value => parameters.Add(new SqliteParameter { ParameterName = value.Name }));
        }

        for (var i = 0; i < values.Length; i++)
        {
            (parameters[i].ParameterName, parameters[i].Value) = (values[i].Name, values[i].Value ?? DBNull.Value);
        }

        return command.ExecuteScalar();
    }

    /// <summary>The statement, prepared before or now, with the parameters of this time.</summary>
    public SqliteCommand Prepared(SqliteCommand said)
    {
        var command = Kept(said.CommandText);
        command.Transaction = said.Transaction;
        command.CommandTimeout = said.CommandTimeout;
        command.Parameters.Clear();
        foreach (SqliteParameter parameter in said.Parameters)
        {
            command.Parameters.Add(parameter);
        }

        return command;
    }

    /// <inheritdoc/>
    public override void Open() => connection.Open();

    /// <inheritdoc/>
    public override void Close() => connection.Close();

    /// <inheritdoc/>
    public override void ChangeDatabase(string databaseName) => connection.ChangeDatabase(databaseName);

    /// <inheritdoc/>
    protected override DbTransaction BeginDbTransaction(IsolationLevel isolationLevel) => connection.BeginTransaction(isolationLevel);

    /// <inheritdoc/>
    protected override DbCommand CreateDbCommand() => new SqliteStatement(this, connection.CreateCommand());

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Forget();
            connection.Dispose();
        }

        base.Dispose(disposing);
    }

    private SqliteCommand Kept(string sql)
    {
        if (!_prepared.TryGetValue(sql, out var command))
        {
            if (_prepared.Count == Most)
            {
                Forget();
            }

            command = connection.CreateCommand();
            command.CommandText = sql;
            _prepared.Add(sql, command);
        }

        return command;
    }

    private void Forget()
    {
        foreach (var command in _prepared.Values)
        {
            command.Dispose();
        }

        _prepared.Clear();
    }
}
