using System.Data.Common;

namespace Erp.Customs.Module.Storage;

/// <summary>SQL Server from 2016 on. Errors are told by their number alone: the host may bring a driver of its own.</summary>
internal class SqlServerDialect : SqlDialect
{
    private const int DuplicateInIndex = 2601;
    private const int DuplicateInConstraint = 2627;
    private const int ConstraintViolation = 547;
    private const int DeadlockVictim = 1205;
    private const int SnapshotConflict = 3960;

    /// <summary>Thrown by <see cref="LockName"/>: sp_getapplock tells by a number when a deadlock took the lock's turn.</summary>
    private const int LockNotGiven = 51790;

    /// <inheritdoc/>
    public override string CountTables => "SELECT COUNT(*) FROM sys.tables WHERE schema_id = SCHEMA_ID() AND name = @Name";

    /// <inheritdoc/>
    public override string CreateJournal => """
        IF OBJECT_ID(N'schema_journal', N'U') IS NULL
        CREATE TABLE schema_journal (
          name        NVARCHAR(200) COLLATE Latin1_General_100_BIN2 NOT NULL PRIMARY KEY,
          sha256      NVARCHAR(64)  COLLATE Latin1_General_100_BIN2 NOT NULL,
          applied_at  BIGINT        NOT NULL,
          duration_ms BIGINT        NOT NULL
        )
        """;

    /// <inheritdoc/>
    public override string LockName => $"""
        DECLARE @Given INT;
        DECLARE @Resource NVARCHAR(255) = N'erp_customs ' + SCHEMA_NAME() + N' ' + @Name;
        EXEC @Given = sp_getapplock @Resource = @Resource, @LockMode = N'Exclusive', @LockOwner = N'Transaction';
        IF @Given < 0 THROW {LockNotGiven}, N'The lock was not given.', 1;
        """;

    /// <inheritdoc/>
    public override string LeaseClock => "DATEDIFF_BIG(MILLISECOND, CAST('1970-01-01' AS DATETIME2), SYSUTCDATETIME())";

    /// <summary>SQL Server knows no connection that cannot write; the work keeps to the rule by itself.</summary>
    public override string ReadOnly => "";

    /// <inheritdoc/>
    public override string InsertReturningId(string table, params string[] columns) =>
        $"INSERT INTO {table} ({string.Join(", ", columns)}) OUTPUT INSERTED.id VALUES ({string.Join(", ", columns.Select(column => "@" + column))})";

    /// <inheritdoc/>
    public override string InsertNewReturningId(string table, string unique, params string[] columns) =>
        $"INSERT INTO {table} ({string.Join(", ", columns)}) OUTPUT INSERTED.id SELECT {string.Join(", ", columns.Select(column => "@" + column))} "
        + $"WHERE NOT EXISTS (SELECT 1 FROM {table} WHERE {unique} = @{unique})";

    /// <inheritdoc/>
    public override string Limited(string orderedSelect) => orderedSelect + " OFFSET 0 ROWS FETCH NEXT @Limit ROWS ONLY";

    /// <inheritdoc/>
    public override string LockRows(string table, string condition) => $"SELECT id FROM {table} WITH (UPDLOCK, ROWLOCK) WHERE {condition} ORDER BY id";

    /// <inheritdoc/>
    public override bool IsDuplicate(DbException exception) => Number(exception) is DuplicateInIndex or DuplicateInConstraint;

    /// <inheritdoc/>
    public override bool IsConflict(DbException exception) =>
        Number(exception) is DuplicateInIndex or DuplicateInConstraint or ConstraintViolation or DeadlockVictim or SnapshotConflict or LockNotGiven;

    /// <summary>Both of Microsoft's drivers, in every version, have it under this name; the type that a host's driver throws is not one that this module knows.</summary>
    private static int? Number(DbException exception) => exception.GetType().GetProperty("Number")?.GetValue(exception) as int?;
}
