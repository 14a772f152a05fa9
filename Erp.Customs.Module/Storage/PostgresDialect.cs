using System.Data.Common;
using Dapper;

namespace Erp.Customs.Module.Storage;

/// <summary>PostgreSQL from 12 on. Errors are told by SQLSTATE alone: the host may bring a driver of its own version.</summary>
internal class PostgresDialect : SqlDialect
{
    private const string UniqueViolation = "23505";
    private const string ForeignKeyViolation = "23503";
    private const string SerializationFailure = "40001";
    private const string DeadlockDetected = "40P01";

    /// <inheritdoc/>
    public override string CountTables => "SELECT COUNT(*) FROM pg_catalog.pg_tables WHERE schemaname = current_schema() AND tablename = @Name";

    /// <inheritdoc/>
    public override string CreateJournal => """
        CREATE TABLE IF NOT EXISTS schema_journal (
          name        TEXT   COLLATE "C" NOT NULL PRIMARY KEY,
          sha256      TEXT   COLLATE "C" NOT NULL,
          applied_at  BIGINT NOT NULL,
          duration_ms BIGINT NOT NULL
        )
        """;

    /// <summary>Advisory locks belong to the whole database, so the schema's name is part of the number.</summary>
    public override string LockName => "SELECT pg_advisory_xact_lock(hashtextextended('erp_customs ' || current_schema() || ' ' || @Name, 0))";

    /// <inheritdoc/>
    public override string LeaseClock => "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)";

    /// <summary>A transaction that the driver ends when the connection is given back; it leaves nothing on the session, whatever pools stand between.</summary>
    public override string ReadOnly => "BEGIN READ ONLY";

    /// <summary>10 seconds without a statement: our transactions are of milliseconds.</summary>
    public override string BeforeWrites => "SET LOCAL idle_in_transaction_session_timeout = '10s'";

    /// <inheritdoc/>
    public override string InsertReturningId(string table, params string[] columns) =>
        $"INSERT INTO {table} ({string.Join(", ", columns)}) VALUES ({string.Join(", ", columns.Select(column => "@" + column))}) RETURNING id";

    /// <inheritdoc/>
    public override string InsertNewReturningId(string table, string unique, params string[] columns) =>
        $"INSERT INTO {table} ({string.Join(", ", columns)}) SELECT {string.Join(", ", columns.Select(column => "@" + column))} "
        + $"WHERE NOT EXISTS (SELECT 1 FROM {table} WHERE {unique} = @{unique}) RETURNING id";

    /// <inheritdoc/>
    public override string Limited(string orderedSelect) => orderedSelect + " LIMIT @Limit";

    /// <inheritdoc/>
    public override string In(string column, string parameter) => $"{column} = ANY({parameter})";

    /// <inheritdoc/>
    public override SqlMapper.ICustomQueryParameter List<T>(IEnumerable<T> values) => new SqlList(values.ToArray(), asArray: true);

    /// <inheritdoc/>
    public override string LockRows(string table, string condition) => $"SELECT id FROM {table} WHERE {condition} ORDER BY id FOR UPDATE";

    /// <inheritdoc/>
    public override bool IsDuplicate(DbException exception) => exception.SqlState is UniqueViolation;

    /// <inheritdoc/>
    public override bool IsConflict(DbException exception) => exception.SqlState is UniqueViolation or ForeignKeyViolation or SerializationFailure or DeadlockDetected;
}
