using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using Erp.Customs.Contracts;
using Microsoft.Extensions.Logging;

namespace Erp.Customs.Module.Storage;

/// <summary>
/// Brings the tables up to this version: plain SQL files, in the order of their names, each applied once and written into <c>schema_journal</c>.
/// All that are missing go into one transaction, so that a failing one leaves the database as it was, and two starts together do the work once.
/// </summary>
/// <param name="database">Open.</param>
/// <param name="folder">The module's <c>migrations</c> folder; the files stand in its folder for <see cref="CustomsDatabase.Engine"/>.</param>
/// <param name="time">For the journal.</param>
/// <param name="logger">Told each file that was applied.</param>
internal sealed class Migrations(CustomsDatabase database, string folder, TimeProvider time, ILogger<Migrations> logger)
{
    /// <summary>What <see cref="ApplyAsync"/> would do now; changes nothing.</summary>
    /// <exception cref="ModuleConfigurationException">Files and database do not belong together; the sentence says why.</exception>
    public Task<IReadOnlyList<MigrationStep>> PlanAsync(CancellationToken cancellationToken) => database.ReadAsync(
        async connection => Missing(Discover(), await JournalAsync(connection, transaction: null)),
        cancellationToken);

    /// <summary>Applies what is missing.</summary>
    /// <returns>What was applied.</returns>
    /// <exception cref="ModuleConfigurationException">Files and database do not belong together or a file fails; the sentence says why, and nothing changed.</exception>
    public async Task<IReadOnlyList<MigrationStep>> ApplyAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var applied = await database.WriteAsync(async (connection, transaction) =>
        {
            await database.LockAsync(connection, transaction, "migrations");

            var missing = Missing(Discover(), await JournalAsync(connection, transaction));
            await connection.ExecuteAsync(database.Dialect.CreateJournal, transaction: transaction);
            foreach (var step in missing)
            {
                await ApplyAsync(connection, transaction, step);
            }

            return missing;
        });
        foreach (var step in applied)
        {
            logger.LogInformation("Migration {Migration} was applied", step.Name);
        }

        return applied;
    }

    private List<MigrationStep> Discover()
    {
        var files = Path.Combine(folder, database.Engine);
        if (!Directory.Exists(files))
        {
            throw new ModuleConfigurationException($"The migrations folder {files} is missing; it belongs to the module's files.");
        }

        return [.. Directory.EnumerateFiles(files, "*.sql").Select(MigrationStep.Read).OrderBy(step => step.Name, StringComparer.Ordinal)];
    }

    private async Task<List<JournalRow>> JournalAsync(DbConnection connection, DbTransaction? transaction)
    {
        var there = await connection.ExecuteScalarAsync<long>(database.Dialect.CountTables, new { Name = "schema_journal" }, transaction) > 0;
        return there ? (await connection.QueryAsync<JournalRow>("SELECT name AS Name, sha256 AS Sha256 FROM schema_journal", transaction: transaction)).AsList() : [];
    }

    private static IReadOnlyList<MigrationStep> Missing(List<MigrationStep> files, List<JournalRow> journal)
    {
        var known = files.ToDictionary(step => step.Name, StringComparer.Ordinal);
        foreach (var applied in journal.OrderBy(row => row.Name, StringComparer.Ordinal))
        {
            if (!known.Remove(applied.Name, out var file))
            {
                throw new ModuleConfigurationException(
                    $"The database was used by a newer version of the module: it has migration {applied.Name}, which this version does not know; run that version or a newer one.");
            }

            if (!string.Equals(file.Sha256, applied.Sha256, StringComparison.Ordinal))
            {
                throw new ModuleConfigurationException(
                    $"The migration file {file.Path} is not the one that was applied to this database (SHA-256 {file.Sha256}, applied {applied.Sha256}); a released migration is never edited: restore it.");
            }
        }

        return [.. known.Values.OrderBy(step => step.Name, StringComparer.Ordinal)];
    }

    private async Task ApplyAsync(DbConnection connection, DbTransaction transaction, MigrationStep step)
    {
        using var span = Traces.Source.StartActivity("customs.migrate");
        span?.SetTag("customs.migration", step.Name);
        var start = time.GetTimestamp();
        try
        {
            await connection.ExecuteAsync(step.Sql, transaction: transaction);
        }
        catch (DbException exception)
        {
            throw new ModuleConfigurationException($"The migration file {step.Path} failed and nothing was changed: {exception.Message}", exception);
        }

        await connection.ExecuteAsync(
            "INSERT INTO schema_journal (name, sha256, applied_at, duration_ms) VALUES (@Name, @Sha256, @now, @duration)",
            new { step.Name, step.Sha256, now = time.GetUtcNow().Stored(), duration = (long)time.GetElapsedTime(start).TotalMilliseconds },
            transaction);
    }

    private sealed class JournalRow
    {
        public string Name { get; set; } = "";
        public string Sha256 { get; set; } = "";
    }
}

/// <summary>One migration file.</summary>
/// <param name="Name">File name without its ending, e.g. <c>0001_first_tables</c>.</param>
/// <param name="Path">Where it stands.</param>
/// <param name="Sql">Its text, lines ended by LF whatever the checkout did.</param>
/// <param name="Sha256">Of the text in UTF-8, lower-case hex.</param>
internal sealed record MigrationStep(string Name, string Path, string Sql, string Sha256)
{
    /// <summary>Reads a file.</summary>
    public static MigrationStep Read(string path)
    {
        var sql = File.ReadAllText(path).ReplaceLineEndings("\n");
        return new(System.IO.Path.GetFileNameWithoutExtension(path), path, sql, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(sql))));
    }
}
