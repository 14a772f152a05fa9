using System.Collections.Concurrent;
using System.Data.Common;
using System.Text.RegularExpressions;
using Erp.Customs.Module.Storage;
using Microsoft.Data.Sqlite;

namespace Erp.Customs.Tests.Storage.TSql;

/// <summary>
/// A driver that takes what the product would send to SQL Server: each text is held against <see cref="TSqlChecker"/> and refused where it is wrong;
/// what is right is put into SQLite's words and run, so that suites meet every statement that there is.
/// </summary>
internal sealed partial class TSqlOnSqlite(string file) : DbDataSource
{
    private static readonly string s_migrations = Path.Combine(AppContext.BaseDirectory, "migrations");
    private static readonly SqlServerDialect s_spoken = new();
    private static readonly SqliteDialect s_understood = new();

    /// <summary>For a text that gives no time of its own: the server's, as there.</summary>
    private const string Clock = "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)";
    private static readonly ConcurrentDictionary<string, IReadOnlyList<string>> s_findings = new(StringComparer.Ordinal);

    /// <summary>The file of the same name is of the same meaning.</summary>
    private static readonly Dictionary<string, string> s_files = Directory.GetFiles(Path.Combine(s_migrations, EngineNames.SqlServer)).ToDictionary(
        theirs => MigrationStep.Read(theirs).Sql, theirs => MigrationStep.Read(Path.Combine(s_migrations, EngineNames.Sqlite, Path.GetFileName(theirs))).Sql, StringComparer.Ordinal);

    public override string ConnectionString { get; } = new SqliteConnectionStringBuilder { DataSource = file, ForeignKeys = true, DefaultTimeout = 30 }.ToString();

    /// <summary>SQLite has one writer at a time.</summary>
    public SemaphoreSlim Turn { get; } = new(1);

    /// <summary>The same in SQLite's words.</summary>
    /// <exception cref="InvalidOperationException">The text is no T-SQL, or names what is not there.</exception>
    public static string Translate(string sql)
    {
        if (s_files.TryGetValue(sql, out var own))
        {
            return own;
        }

        var findings = s_findings.GetOrAdd(sql, Check);
        if (findings.Count > 0)
        {
            throw new InvalidOperationException($"SQL Server would refuse it: {string.Join("; ", findings)}\n{sql}");
        }

        if (sql == s_spoken.LockName)
        {
            return "SELECT 0";
        }

        var text = sql.Replace(s_spoken.CountTables, s_understood.CountTables, StringComparison.Ordinal)
            .Replace(s_spoken.CreateJournal, s_understood.CreateJournal, StringComparison.Ordinal)
            .Replace(s_spoken.LeaseClock, sql.Contains(s_understood.LeaseClock, StringComparison.Ordinal) ? s_understood.LeaseClock : Clock, StringComparison.Ordinal)
            .Replace(" WITH (UPDLOCK, ROWLOCK)", "", StringComparison.Ordinal)
            .Replace("OFFSET 0 ROWS FETCH NEXT @Limit ROWS ONLY", "LIMIT @Limit", StringComparison.Ordinal);
        return Output().Replace(text, "${values} RETURNING ${column}");
    }

    protected override DbConnection CreateDbConnection() => new TSqlConnection(this, new SqliteConnection(ConnectionString));

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        using var connection = new SqliteConnection(ConnectionString);
        SqliteConnection.ClearPool(connection);
        Turn.Dispose();
    }

    private static IReadOnlyList<string> Check(string sql)
    {
        var checker = TSqlChecker.Of(Path.Combine(s_migrations, EngineNames.SqlServer));
        return sql == s_spoken.CreateJournal ? checker.Check(sql) : [.. checker.Check(s_spoken.CreateJournal), .. checker.Check(sql)];
    }

    [GeneratedRegex(@"OUTPUT INSERTED\.(?<column>\w+) (?<values>(VALUES|SELECT) .*)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Output();
}
