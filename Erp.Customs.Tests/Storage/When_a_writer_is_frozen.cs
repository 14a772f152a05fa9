using System.Data.Common;
using Dapper;
using Erp.Customs.Module.Storage;
using Erp.Customs.Reliability.World;

namespace Erp.Customs.Tests.Storage;

/// <summary>A node that is stopped inside a transaction (a paused machine, a debugger) must not hold its rows for as long as it is.</summary>
public sealed class When_a_writer_is_frozen
{
    [PostgresFact]
    public async Task Should_lose_its_locks_and_change_nothing()
    {
        await using var engine = new PostgresEngine();
        await engine.InitializeAsync();
        await engine.TamperAsync("CREATE TABLE held (id BIGINT PRIMARY KEY, who TEXT); INSERT INTO held VALUES (1, 'nobody')");
        await using var frozen = new ServerDatabase(EngineNames.PostgreSql, new Impatient(), engine.Source(), owned: true, engine.Content);
        await using var other = engine.CreateNode();
        await frozen.OpenAsync(default);
        await other.OpenAsync(default);
        var (holds, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        var writing = frozen.WriteAsync(async (connection, transaction) =>
        {
            var taken = await TakeAsync(connection, transaction, "frozen");
            holds.TrySetResult();
            await goOn.Task;
            return taken;
        });
        await holds.Task;

        Assert.Equal(1, await other.WriteAsync((connection, transaction) => TakeAsync(connection, transaction, "other")).WaitAsync(TimeSpan.FromSeconds(20)));
        goOn.SetResult();

        await Assert.ThrowsAnyAsync<DbException>(() => writing);
        Assert.Equal("other", await engine.TamperAsync("SELECT who FROM held"));
        Assert.Equal("SET LOCAL idle_in_transaction_session_timeout = '10s'", new PostgresDialect().BeforeWrites);
    }

    private static Task<int> TakeAsync(DbConnection connection, DbTransaction transaction, string who) =>
        connection.ExecuteAsync("UPDATE held SET who = @who WHERE id = 1 AND who = 'nobody'", new { who }, transaction);

    private sealed class Impatient : PostgresDialect
    {
        public override string BeforeWrites => "SET LOCAL idle_in_transaction_session_timeout = '200ms'";
    }
}

/// <summary>Skipped, with the reason, where there is no PostgreSQL.</summary>
public sealed class PostgresFactAttribute : FactAttribute
{
    public PostgresFactAttribute() => Skip = PrivatePostgres.Absent;
}
