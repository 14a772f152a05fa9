using System.Text.RegularExpressions;
using Erp.Customs.Module.Storage;

namespace Erp.Customs.Tests.Storage;

/// <summary>The engines' migrations move together: the same files, and in them the same tables, columns, keys and indexes.</summary>
public sealed partial class MigrationFilesTests
{
    private static readonly string s_folder = Path.Combine(AppContext.BaseDirectory, "migrations");

    [Fact]
    public void Every_engine_has_its_folder() =>
        Assert.Equal([EngineNames.PostgreSql, EngineNames.Sqlite, EngineNames.SqlServer], Directory.GetDirectories(s_folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));

    [Theory]
    [InlineData(EngineNames.PostgreSql)]
    [InlineData(EngineNames.SqlServer)]
    public void The_folders_hold_the_same_files(string engine) => Assert.Equal(Files(EngineNames.Sqlite), Files(engine));

    [Theory]
    [InlineData(EngineNames.PostgreSql)]
    [InlineData(EngineNames.SqlServer)]
    public void The_files_make_the_same_tables(string engine)
    {
        foreach (var file in Files(EngineNames.Sqlite))
        {
            var expected = Shape(EngineNames.Sqlite, file);
            Assert.NotEmpty(expected);
            Assert.Equal(expected, Shape(engine, file));
        }
    }

    [Fact]
    public void The_shape_of_a_file_is_really_read()
    {
        var shape = Shape(EngineNames.SqlServer, "0001_first_tables.sql");

        Assert.Contains("payment.merchant", shape);
        Assert.Contains("customs_request.lease_until may be empty", shape);
        Assert.Contains("envelope.payment_id REFERENCES payment (id)", shape);
        Assert.Contains("customs_request.session_id UNIQUE", shape);
        Assert.Contains("payment_version UNIQUE (payment_id, version)", shape);
        Assert.Contains("CREATE INDEX customs_request_due ON customs_request (next_attempt_at) WHERE next_attempt_at IS NOT NULL", shape);
    }

    private static List<string> Files(string engine) => [.. Directory.GetFiles(Path.Combine(s_folder, engine)).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    /// <summary>One line for each thing that must be the same everywhere; types are what may differ.</summary>
    private static List<string> Shape(string engine, string file)
    {
        var shape = new List<string>();
        var table = "";
        foreach (var line in File.ReadLines(Path.Combine(s_folder, engine, file)).Select(line => Comment().Replace(line, "").Trim().TrimEnd(',', ';')))
        {
            if (Table().Match(line) is { Success: true } begun)
            {
                table = begun.Groups["name"].Value;
            }
            else if (Addition().Match(line) is { Success: true } added)
            {
                AddColumn(shape, added.Groups["table"].Value, added.Groups["column"].Value);
            }
            else if (Removal().Match(line) is { Success: true } removed)
            {
                shape.Add(removed.Value);
            }
            else if (line is ")" or "")
            {
                table = line == ")" ? "" : table;
            }
            else if (table.Length == 0)
            {
                shape.Add(line);
            }
            else if (line.StartsWith("UNIQUE", StringComparison.Ordinal) || line.StartsWith("PRIMARY KEY", StringComparison.Ordinal))
            {
                shape.Add($"{table} {line}");
            }
            else
            {
                AddColumn(shape, table, line);
            }
        }

        return shape;
    }

    private static void AddColumn(List<string> shape, string table, string line)
    {
        var column = $"{table}.{line[..line.IndexOf(' ', StringComparison.Ordinal)]}";
        shape.Add(line.Contains("NOT NULL", StringComparison.Ordinal) ? column : column + " may be empty");
        shape.AddRange(Key().Matches(line).Select(key => $"{column} {key.Value}"));
    }

    [GeneratedRegex("--.*$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Comment();

    [GeneratedRegex(@"^CREATE TABLE (?<name>\w+) \($", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Table();

    [GeneratedRegex(@"^ALTER TABLE (?<table>\w+) ADD (COLUMN )?(?<column>.+)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Addition();

    /// <summary>SQL Server alone names the table of an index that goes.</summary>
    [GeneratedRegex(@"^DROP INDEX \w+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Removal();

    [GeneratedRegex(@"PRIMARY KEY|UNIQUE|REFERENCES \w+ \(\w+\)|DEFAULT \S+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Key();
}
