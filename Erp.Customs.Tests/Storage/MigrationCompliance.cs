using System.Globalization;
using Dapper;
using Erp.Customs.Contracts;
using Erp.Customs.Module.Storage;
using Erp.Customs.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Erp.Customs.Tests.Storage;

/// <summary>The migrations runner, for every engine.</summary>
public abstract class MigrationCompliance<TEngine> : StoreTest<TEngine> where TEngine : TestEngine, new()
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("erp-customs-migrations-");

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [EngineFact]
    public async Task The_products_own_files_are_applied_once_and_written_down()
    {
        var file = MigrationStep.Read(Directory.GetFiles(Path.Combine(MigrationsFolder, Database.Engine)).Order(StringComparer.Ordinal).First());

        Assert.Empty(await Migrator(MigrationsFolder).PlanAsync(default));
        Assert.Empty(await Migrator(MigrationsFolder).ApplyAsync(default));
        Assert.Equal("0001_first_tables", file.Name);
        Assert.Equal(file.Sha256, await ScalarAsync<string>("SELECT sha256 FROM schema_journal WHERE name = '0001_first_tables'"));
        Assert.Equal(Time.GetUtcNow().ToUnixTimeMilliseconds(), await ScalarAsync<long>("SELECT applied_at FROM schema_journal WHERE name = '0001_first_tables'"));
    }

    [EngineFact]
    public async Task A_new_file_is_planned_then_applied_after_those_before_it()
    {
        var migrator = OwnAnd(("0900_second", "INSERT INTO extra (id) VALUES (7)"), ("0899_first", "CREATE TABLE extra (id INTEGER NOT NULL)"));

        Assert.Equal(["0899_first", "0900_second"], (await migrator.PlanAsync(default)).Select(step => step.Name));
        Assert.Equal(0, await CountTableAsync("extra"));

        Assert.Equal(["0899_first", "0900_second"], (await migrator.ApplyAsync(default)).Select(step => step.Name));
        Assert.Equal(7, await ScalarAsync<long>("SELECT id FROM extra"));
        Assert.Empty(await migrator.PlanAsync(default));
    }

    [EngineFact]
    public async Task A_dry_run_on_an_empty_database_changes_nothing()
    {
        await using var engine = new TEngine();
        await engine.InitializeAsync();
        await using var empty = engine.Create();
        await empty.OpenAsync(default);

        var plan = await new Migrations(empty, MigrationsFolder, Time, NullLogger<Migrations>.Instance).PlanAsync(default);

        Assert.NotEmpty(plan);
        Assert.Equal(0, await CountTableAsync(empty, "schema_journal"));
    }

    [EngineFact]
    public async Task A_changed_file_is_refused_by_name()
    {
        await OwnAnd(("0900_extra", "CREATE TABLE extra (id INTEGER NOT NULL)")).ApplyAsync(default);
        var migrator = OwnAnd(("0900_extra", "CREATE TABLE extra (id INTEGER NOT NULL, name TEXT)"));

        Assert.Contains("0900_extra.sql is not the one that was applied", (await Assert.ThrowsAsync<ModuleConfigurationException>(() => migrator.PlanAsync(default))).Message, StringComparison.Ordinal);
        Assert.Contains("0900_extra.sql is not the one that was applied", (await Assert.ThrowsAsync<ModuleConfigurationException>(() => migrator.ApplyAsync(default))).Message, StringComparison.Ordinal);
    }

    [EngineFact]
    public async Task Line_endings_of_a_checkout_are_no_change()
    {
        await OwnAnd(("0900_extra", "CREATE TABLE extra (\nid INTEGER NOT NULL\n)")).ApplyAsync(default);

        Assert.Empty(await OwnAnd(("0900_extra", "CREATE TABLE extra (\r\nid INTEGER NOT NULL\r\n)")).PlanAsync(default));
    }

    [EngineFact]
    public async Task A_database_of_a_newer_version_is_refused()
    {
        await OwnAnd(("0900_extra", "CREATE TABLE extra (id INTEGER NOT NULL)")).ApplyAsync(default);

        var refusal = await Assert.ThrowsAsync<ModuleConfigurationException>(() => Migrator(MigrationsFolder).ApplyAsync(default));

        Assert.Contains("newer version of the module: it has migration 0900_extra", refusal.Message, StringComparison.Ordinal);
    }

    [EngineFact]
    public async Task A_failing_file_leaves_the_database_as_it_was()
    {
        var migrator = OwnAnd(("0900_good", "CREATE TABLE extra (id INTEGER NOT NULL)"), ("0901_bad", "INSERT INTO extra (id) VALUES (1); INSERT INTO nowhere (id) VALUES (1)"));

        var failure = await Assert.ThrowsAsync<ModuleConfigurationException>(() => migrator.ApplyAsync(default));

        Assert.Contains("0901_bad.sql failed and nothing was changed", failure.Message, StringComparison.Ordinal);
        Assert.Equal(0, await CountTableAsync("extra"));
        Assert.Equal(["0900_good", "0901_bad"], (await migrator.PlanAsync(default)).Select(step => step.Name));
        Assert.Empty(await Migrator(MigrationsFolder).ApplyAsync(default));
    }

    [EngineFact]
    public async Task Two_that_start_together_do_the_work_once()
    {
        var migrator = OwnAnd(("0900_extra", "CREATE TABLE extra (id INTEGER NOT NULL)"));

        var applied = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => migrator.ApplyAsync(default))));

        Assert.Single(applied, steps => steps.Count == 1);
        Assert.Equal(7, applied.Count(steps => steps.Count == 0));
    }

    [EngineFact]
    public async Task A_missing_folder_is_named()
    {
        var refusal = await Assert.ThrowsAsync<ModuleConfigurationException>(() => Migrator(Path.Combine(_folder.FullName, "nowhere")).PlanAsync(default));

        Assert.Contains(Path.Combine("nowhere", Database.Engine), refusal.Message, StringComparison.Ordinal);
    }

    /// <summary>A runner that has the product's files and these.</summary>
    private Migrations OwnAnd(params (string Name, string Sql)[] files)
    {
        var folder = Path.Combine(_folder.FullName, Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture));
        var own = Directory.CreateDirectory(Path.Combine(folder, Database.Engine)).FullName;
        foreach (var file in Directory.GetFiles(Path.Combine(MigrationsFolder, Database.Engine)))
        {
            File.Copy(file, Path.Combine(own, Path.GetFileName(file)));
        }

        foreach (var (name, sql) in files)
        {
            File.WriteAllText(Path.Combine(own, name + ".sql"), sql);
        }

        return Migrator(folder);
    }

    private Task<long> CountTableAsync(string name) => CountTableAsync(Database, name);

    private static Task<long> CountTableAsync(CustomsDatabase database, string name) =>
        database.ReadAsync(connection => connection.ExecuteScalarAsync<long>(database.Dialect.CountTables, new { Name = name }), default);
}

public sealed class SqliteMigrationTests : MigrationCompliance<SqliteEngine>;

public sealed class PostgresMigrationTests : MigrationCompliance<PostgresEngine>;

public sealed class SqlServerMigrationTests : MigrationCompliance<SqlServerEngine>;
