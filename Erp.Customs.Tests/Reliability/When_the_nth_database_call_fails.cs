using Erp.Customs.Contracts;
using Erp.Customs.Reliability.World;
using Erp.Customs.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Erp.Customs.Tests.Reliability;

/// <summary>One request of customs with a database whose n-th call fails, for n = 1 until a whole pass meets no failure any more, in every way that a call can fail.</summary>
public sealed class When_the_nth_database_call_fails
{
    /// <summary>A pass has fewer calls; more would say that it never ends.</summary>
    private const int MostCalls = 200;

    [PostgresTheory]
    [InlineData(DatabaseFailure.Refused)]
    [InlineData(DatabaseFailure.TimedOut)]
    [InlineData(DatabaseFailure.Dropped)]
    [InlineData(DatabaseFailure.DroppedAfterwards)]
    public async Task Should_acknowledge_nothing_without_a_row_and_end_every_row(DatabaseFailure failure)
    {
        var server = await PrivatePostgres.NewDatabaseAsync();
        try
        {
            await using var source = NpgsqlDataSource.Create(server);
            await using var database = new FailingDatabase(source);
            await using var world = await CustomsWorld.StartAsync(services: services => services.AddSingleton<IErpDatabase>(database));
            await world.DeliveredAsync(CustomsWorld.Payment("T1", "SO1"));

            var met = 0;
            for (var call = 1; await PassAsync(world, source, database, call, failure); call++)
            {
                Assert.True(++met < MostCalls);
            }

            Assert.True(met > 10, $"only {met} calls were met");
        }
        finally
        {
            await PrivatePostgres.DropDatabaseAsync(server);
        }
    }

    /// <returns>Whether the failure came.</returns>
    private static async Task<bool> PassAsync(CustomsWorld world, NpgsqlDataSource source, FailingDatabase database, int call, DatabaseFailure failure)
    {
        database.Arm(call, failure);
        var (sessionId, answer) = await world.AskAsync("SO1");
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (database.IsArmed && await StateAsync(source, sessionId) is not ("accepted" or null))
        {
            await Task.Delay(5, limit.Token);
        }

        var came = !database.IsArmed;
        database.Disarm();
        if (await StateAsync(source, sessionId) is null)
        {
            Assert.False(answer.IsAcknowledged, $"call {call}: acknowledged without a row");
            return came;
        }

        // A worker that could not save anything holds its lease; nobody need wait here until it ends.
        while (await StateAsync(source, sessionId) is not ("accepted" or "session_used" or "needs_person" or "rejected"))
        {
            await using var time = source.CreateCommand("UPDATE customs_request SET lease_until = 0 WHERE lease_until IS NOT NULL");
            await time.ExecuteNonQueryAsync(limit.Token);
            await Task.Delay(20, limit.Token);
        }

        var session = world.Customs.Log.FindSession(sessionId)!;
        var state = await StateAsync(source, sessionId);
        Assert.True(session.AcceptedCount == 1, $"call {call}: accepted {session.AcceptedCount} times, {state}");
        Assert.Single(session.PayloadHashes);
        // Where the answer could not be saved, customs say of the second upload that the session was used: a person sees it.
        Assert.True(state is "accepted" or "session_used", $"call {call}: {state}");
        return came;
    }

    private static async Task<string?> StateAsync(NpgsqlDataSource source, string sessionId)
    {
        await using var command = source.CreateCommand("SELECT state FROM customs_request WHERE session_id = $1");
        command.Parameters.AddWithValue(sessionId);
        return (string?)await command.ExecuteScalarAsync();
    }
}

/// <summary>Skipped, with the reason, where there is no PostgreSQL.</summary>
public sealed class PostgresTheoryAttribute : TheoryAttribute
{
    public PostgresTheoryAttribute() => Skip = PrivatePostgres.Absent;
}
