using Dapper;
using Erp.Customs.Module.Storage;
using Erp.Customs.Tests.Support;

namespace Erp.Customs.Tests.Storage;

/// <summary>The one door for writes, for every engine: all or nothing for each, nothing for one that throws, durable when told.</summary>
public abstract class WriteCompliance<TEngine> : StoreTest<TEngine> where TEngine : TestEngine, new()
{
    [EngineFact]
    public async Task One_that_throws_takes_back_its_own_and_nobody_elses()
    {
        var pieces = Enumerable.Range(0, 60).Select(i => Database.WriteAsync(async (connection, transaction) =>
        {
            await connection.ExecuteAsync(Run, new { i }, transaction);
            return i % 10 == 3 ? throw new InvalidOperationException($"piece {i}") : i;
        })).ToList();

        for (var i = 0; i < pieces.Count; i++)
        {
            if (i % 10 == 3)
            {
                Assert.Equal($"piece {i}", (await Assert.ThrowsAsync<InvalidOperationException>(() => pieces[i])).Message);
            }
            else
            {
                Assert.Equal(i, await pieces[i]);
            }
        }

        Assert.Equal(54, await ScalarAsync<long>("SELECT COUNT(*) FROM retention_run"));
        Assert.Equal(0, await ScalarAsync<long>("SELECT COUNT(*) FROM retention_run WHERE cutoff % 10 = 3"));
    }

    [EngineFact]
    public async Task One_that_breaks_a_rule_of_the_tables_fails_alone()
    {
        var good = Database.WriteAsync((connection, transaction) => connection.ExecuteAsync(Run, new { i = 1 }, transaction));
        var bad = Database.WriteAsync((connection, transaction) => connection.ExecuteAsync(Orphan, transaction: transaction));
        var after = Database.WriteAsync((connection, transaction) => connection.ExecuteAsync(Run, new { i = 2 }, transaction));

        await good;
        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => bad);
        await after;
        Assert.Equal(2, await ScalarAsync<long>("SELECT COUNT(*) FROM retention_run"));
    }

    [EngineFact]
    public async Task A_statement_that_failed_once_works_the_next_time()
    {
        for (var i = 0; i < 3; i++)
        {
            await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => Requests.InsertAsync(Request($"bad-{i}") with { ServiceTime = null! }));
            Assert.Equal(InsertOutcome.Stored, (await Requests.InsertAsync(Request($"good-{i}"))).Outcome);
        }

        Assert.Equal(3, (await Requests.CountByStateAsync(new(), default))[RequestState.Received]);
    }

    [EngineFact]
    public async Task What_was_told_is_there_after_a_restart()
    {
        var ids = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => Requests.InsertAsync(Request($"session-{i}"))));

        await ReopenAsync();

        foreach (var (_, id) in ids)
        {
            Assert.NotNull(await Requests.FindAsync(id, default));
        }
    }

    [EngineFact]
    public async Task What_was_queued_is_written_before_the_database_closes()
    {
        var queued = Enumerable.Range(0, 300).Select(i => Requests.InsertAsync(Request($"session-{i}"))).ToList();

        await ReopenAsync();

        Assert.All(queued, insert => Assert.True(insert.IsCompletedSuccessfully));
        Assert.Equal(300, (await Requests.CountByStateAsync(new(), default))[RequestState.Received]);
    }

    [EngineFact]
    public async Task Nothing_is_taken_when_it_is_closed()
    {
        await Database.DisposeAsync();

        await Assert.ThrowsAsync<InvalidOperationException>(() => Requests.InsertAsync(Request()));
        await Assert.ThrowsAsync<InvalidOperationException>(() => Requests.FindAsync(1, default));
    }

    [EngineFact]
    public async Task A_reader_sees_what_is_committed_while_the_writer_is_at_work()
    {
        await Requests.InsertAsync(Request());
        var inside = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var write = Database.WriteAsync(async (connection, transaction) =>
        {
            await connection.ExecuteAsync("UPDATE customs_request SET reason = 'not yet'", transaction: transaction);
            inside.SetResult();
            await goOn.Task;
            return true;
        });
        await inside.Task;

        Assert.Equal("", (await Requests.FindBySessionAsync("session-1", default))!.Reason);
        goOn.SetResult();
        await write;
        Assert.Equal("not yet", (await Requests.FindBySessionAsync("session-1", default))!.Reason);
    }

    /// <summary>For engines that know connections that cannot write; SQL Server does not.</summary>
    private protected async Task AReaderCannotWriteAsync() =>
        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => Database.ReadAsync(connection => connection.ExecuteAsync(Run, new { i = 1 }), default));

    private const string Run = "INSERT INTO retention_run (started_at, dry_run, cutoff, payments, requests, held) VALUES (0, 1, @i, 0, 0, 0)";
    private const string Orphan = "INSERT INTO request_event (request_id, occurred_at, state, failure, reason, attempt) VALUES (4711, 0, 'received', 'none', '', 0)";
}

public sealed class SqliteWriteTests : WriteCompliance<SqliteEngine>
{
    [EngineFact]
    public Task A_reader_cannot_write() => AReaderCannotWriteAsync();
}

public sealed class PostgresWriteTests : WriteCompliance<PostgresEngine>
{
    [EngineFact]
    public Task A_reader_cannot_write() => AReaderCannotWriteAsync();
}

public sealed class SqlServerWriteTests : WriteCompliance<SqlServerEngine>;
