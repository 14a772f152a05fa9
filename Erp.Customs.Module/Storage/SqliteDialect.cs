using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Erp.Customs.Module.Storage;

/// <summary>SQLite from 3.35 on.</summary>
internal sealed class SqliteDialect : SqlDialect
{
    private const int ConstraintUnique = 2067;
    private const int ConstraintPrimaryKey = 1555;

    /// <inheritdoc/>
    public override string CountTables => "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = @Name";

    /// <inheritdoc/>
    public override string CreateJournal => """
        CREATE TABLE IF NOT EXISTS schema_journal (
          name        TEXT    NOT NULL PRIMARY KEY,
          sha256      TEXT    NOT NULL,
          applied_at  INTEGER NOT NULL,
          duration_ms INTEGER NOT NULL
        )
        """;

    /// <inheritdoc/>
    public override string LockName => "";

    /// <inheritdoc/>
    public override string LeaseClock => "@Now";

    /// <inheritdoc/>
    public override string ReadOnly => "";

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
    public override string LockRows(string table, string condition) => "";

    /// <inheritdoc/>
    public override bool IsDuplicate(DbException exception) =>
        exception is SqliteException { SqliteExtendedErrorCode: ConstraintUnique or ConstraintPrimaryKey };

    /// <summary>There is one writer.</summary>
    public override bool IsConflict(DbException exception) => false;
}
