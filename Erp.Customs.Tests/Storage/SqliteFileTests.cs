using Dapper;
using Erp.Customs.Contracts;
using Erp.Customs.Module.Storage;
using Microsoft.Data.Sqlite;

namespace Erp.Customs.Tests.Storage;

/// <summary>What is SQLite's own: its file, its lock, its log, its group commit.</summary>
public sealed class SqliteFileTests : StoreTest<SqliteEngine>
{
    [Fact]
    public async Task A_second_process_is_refused_with_a_sentence()
    {
        await using var second = Engine.Create();

        var refusal = await Assert.ThrowsAsync<ModuleConfigurationException>(() => second.OpenAsync(default));

        Assert.StartsWith($"The database file {Engine.File} is in use by another process;", refusal.Message, StringComparison.Ordinal);
        await second.DisposeAsync();
        Assert.Equal(InsertOutcome.Stored, (await Requests.InsertAsync(Request())).Outcome);
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_refused_with_a_sentence_and_left_alone()
    {
        await Database.DisposeAsync();
        await File.WriteAllTextAsync(Engine.File, string.Concat(Enumerable.Repeat("this is no database ", 500)));
        await using var broken = Engine.Create();

        var refusal = await Assert.ThrowsAsync<ModuleConfigurationException>(() => broken.OpenAsync(default));

        Assert.StartsWith($"The database file {Engine.File} cannot be used:", refusal.Message, StringComparison.Ordinal);
        Assert.StartsWith("this is no database", await File.ReadAllTextAsync(Engine.File), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_made_is_refused_with_a_sentence()
    {
        await using var impossible = new SqliteDatabase(Path.Combine(Engine.File, "customs.db"), Engine.Content);

        var refusal = await Assert.ThrowsAsync<ModuleConfigurationException>(() => impossible.OpenAsync(default));

        Assert.StartsWith($"The database's folder {Engine.File} cannot be written to:", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_start_is_counted()
    {
        Assert.Equal(1, Database.BootNumber);
        await ReopenAsync();
        Assert.Equal(2, Database.BootNumber);
    }

    [Fact]
    public async Task The_files_are_the_owners_alone()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        await Requests.InsertAsync(Request());

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(Engine.File)!));
        var files = Directory.GetFiles(Path.GetDirectoryName(Engine.File)!);
        Assert.Equal(4, files.Length);
        foreach (var file in files)
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }
    }

    [Fact]
    public async Task What_was_told_survives_the_death_of_the_process()
    {
        var (_, id) = await Requests.InsertAsync(Request());
        var dead = Path.Combine(Engine.Folder, "dead");
        Directory.CreateDirectory(dead);
        foreach (var file in Directory.GetFiles(Path.GetDirectoryName(Engine.File)!).Where(file => !file.EndsWith(".lock", StringComparison.Ordinal)))
        {
            File.Copy(file, Path.Combine(dead, Path.GetFileName(file)));
        }

        await using var copy = new SqliteDatabase(Path.Combine(dead, "customs.db"), Engine.Content);
        await copy.OpenAsync(default);

        Assert.Equal("session-1", (await new RequestTable(copy, Time).FindAsync(id, default))!.SessionId);
    }

    [Fact]
    public async Task Closing_leaves_one_file_with_everything_in_it()
    {
        await Requests.InsertAsync(Request());
        await Requests.SearchAsync(new(), new(1), default);

        await Database.DisposeAsync();

        Assert.False(File.Exists(Engine.File + "-wal"));
        Assert.Equal(1L, await Engine.TamperAsync("SELECT COUNT(*) FROM customs_request"));
    }

    [Fact]
    public async Task A_commit_that_fails_is_told_to_everybody_in_it_and_the_next_one_works()
    {
        // Holds the writer, so that what is queued meanwhile goes into one commit.
        var inside = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var holding = Database.WriteAsync(async (_, _) =>
        {
            inside.SetResult();
            await goOn.Task;
            return true;
        });
        await inside.Task;
        var before = Requests.InsertAsync(Request("before"));
        var culprit = Database.WriteAsync((connection, transaction) => connection.ExecuteAsync(
            """
            PRAGMA defer_foreign_keys = ON;
            INSERT INTO request_event (request_id, occurred_at, state, failure, reason, attempt) VALUES (4711, 0, 'received', 'none', '', 0)
            """,
            transaction: transaction));
        var after = Requests.InsertAsync(Request("after"));
        goOn.SetResult();

        Assert.True(await holding);
        await Assert.ThrowsAsync<SqliteException>(() => before);
        await Assert.ThrowsAsync<SqliteException>(() => culprit);
        await Assert.ThrowsAsync<SqliteException>(() => after);
        Assert.Equal(InsertOutcome.Stored, (await Requests.InsertAsync(Request("later"))).Outcome);
        Assert.Equal(["later"], (await Requests.SearchAsync(new(), new(10), default)).Select(request => request.SessionId));
    }

    [Fact]
    public async Task What_waits_while_a_commit_is_on_its_way_goes_together_into_the_next()
    {
        var inside = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var transactions = new HashSet<object>(ReferenceEqualityComparer.Instance);
        var holding = Database.WriteAsync(async (_, _) =>
        {
            inside.SetResult();
            await goOn.Task;
            return true;
        });
        await inside.Task;
        var waiting = Enumerable.Range(0, 128).Select(_ => Database.WriteAsync((_, transaction) => Task.FromResult(transactions.Add(transaction)))).ToList();
        goOn.SetResult();

        await Task.WhenAll([holding, .. waiting]);

        Assert.Equal(2, transactions.Count);
    }

    [Fact]
    public async Task A_checkpoint_leaves_no_log_behind()
    {
        await Requests.InsertAsync(Request());
        Assert.NotEqual(0, new FileInfo(Engine.File + "-wal").Length);

        Assert.True(await Database.ForgetErasedAsync());

        Assert.Equal(0, new FileInfo(Engine.File + "-wal").Length);
        Assert.Equal(InsertOutcome.Repeated, (await Requests.InsertAsync(Request())).Outcome);
    }

    [Fact]
    public async Task Every_commit_is_synced_and_keys_are_held()
    {
        var (synchronous, foreignKeys, journal) = await Database.WriteAsync(async (connection, transaction) => (
            await connection.ExecuteScalarAsync<long>("PRAGMA synchronous", transaction: transaction),
            await connection.ExecuteScalarAsync<long>("PRAGMA foreign_keys", transaction: transaction),
            await connection.ExecuteScalarAsync<string>("PRAGMA journal_mode", transaction: transaction)));

        Assert.Equal((2, 1, "wal"), (synchronous, foreignKeys, journal));
    }
}
