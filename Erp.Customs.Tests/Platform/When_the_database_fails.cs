using Erp.Customs.Module.Platform;
using Erp.Customs.Tests.Support;

namespace Erp.Customs.Tests.Platform;

public class When_the_database_fails
{
    [Fact]
    public async Task Should_not_acknowledge_while_the_table_is_gone()
    {
        await using var world = await CustomsWorld.StartAsync();
        Assert.Equal(OpenReqCode.Accepted, (await AskedAnswer.PostAsync(world, AskedAnswer.OpenReq("SO1", "before"))).Code);
        await world.SqlAsync("ALTER TABLE customs_request RENAME TO gone");

        Assert.Equal(OpenReqCode.Failed, (await AskedAnswer.PostAsync(world, AskedAnswer.OpenReq("SO1", "meanwhile"))).Code);

        await world.SqlAsync("ALTER TABLE gone RENAME TO customs_request");
        Assert.Equal(OpenReqCode.Accepted, (await AskedAnswer.PostAsync(world, AskedAnswer.OpenReq("SO1", "meanwhile"))).Code);
        Assert.Equal(2, await world.RequestsAsync());
    }

    [Theory]
    [InlineData("ABORT", 20, 20)] // a row that cannot be written fails alone
    [InlineData("ROLLBACK", 20, 200)] // a full disk: SQLite takes the whole transaction back, and with it everybody who was committed in the same group
    public async Task Should_acknowledge_exactly_those_that_are_in_the_table(string failure, int least, int most)
    {
        await using var world = await CustomsWorld.StartAsync();
        await world.SqlAsync($"CREATE TRIGGER full BEFORE INSERT ON customs_request WHEN NEW.order_no = 'bad' BEGIN SELECT RAISE({failure}, 'database or disk is full'); END");

        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(async number =>
            (Session: $"session-{number:000}", (await AskedAnswer.PostAsync(world, AskedAnswer.OpenReq(number % 10 == 0 ? "bad" : "SO1", $"session-{number:000}"))).Code)));

        var acknowledged = answers.Where(answer => answer.Code == OpenReqCode.Accepted).Select(answer => answer.Session).Order(StringComparer.Ordinal);
        var stored = await world.SqlAsync("SELECT group_concat(session_id, ',') FROM (SELECT session_id FROM customs_request ORDER BY session_id)");
        Assert.Equal(stored as string ?? "", string.Join(',', acknowledged));
        Assert.All(answers.Where(answer => answer.Code != OpenReqCode.Accepted), answer => Assert.Equal(OpenReqCode.Failed, answer.Code));
        Assert.InRange(answers.Count(answer => answer.Code == OpenReqCode.Failed), least, most);

        await world.SqlAsync("DROP TRIGGER full");
        Assert.Equal(OpenReqCode.Accepted, (await AskedAnswer.PostAsync(world, AskedAnswer.OpenReq("bad", "afterwards"))).Code);
    }

    [Fact]
    public async Task Should_not_acknowledge_while_somebody_holds_the_lock_for_too_long()
    {
        await using var world = await CustomsWorld.StartAsync();
        Task<AskedAnswer> waiting;
        await using (var holder = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={world.DatabaseFile};Pooling=False"))
        {
            await holder.OpenAsync();
            await using var command = holder.CreateCommand();
            command.CommandText = "BEGIN IMMEDIATE";
            await command.ExecuteNonQueryAsync();
            Assert.Equal(OpenReqCode.Failed, (await AskedAnswer.PostAsync(world, AskedAnswer.OpenReq("SO1", "session-1"))).Code);
            waiting = AskedAnswer.PostAsync(world, AskedAnswer.OpenReq("SO1", "session-2"));
        }

        Assert.Equal(OpenReqCode.Accepted, (await waiting).Code);
        Assert.Equal(1, await world.RequestsAsync());
    }

    [Fact]
    public async Task Should_tell_the_ERP_to_come_again_in_its_own_form()
    {
        await using var world = await CustomsWorld.StartAsync();
        await world.SqlAsync("ALTER TABLE payment RENAME TO gone");
        using var refused = await world.DeliverAsync(CustomsWorld.Payment("T1", "SO1"));
        Assert.Equal(503, (int)refused.StatusCode);
        Assert.Contains("稍后重试", await ApiAnswer.ErrorAsync(refused), StringComparison.Ordinal);
        await world.SqlAsync("ALTER TABLE gone RENAME TO payment");
        await world.DeliveredAsync(CustomsWorld.Payment("T1", "SO1"));
    }

    [Fact]
    public async Task Should_go_on_with_what_was_acknowledged_when_it_works_again()
    {
        await using var world = await CustomsWorld.StartAsync();
        await world.DeliveredAsync(CustomsWorld.Payment("T1", "SO1"));
        await world.SqlAsync("ALTER TABLE payment_version RENAME TO gone");
        var (sessionId, answer) = await world.AskAsync("SO1");
        Assert.True(answer.IsAcknowledged, answer.Body);
        var left = await world.WaitAsync(sessionId, status => status.Reason.Length > 0);
        Assert.Contains("SqliteException", left.Reason, StringComparison.Ordinal);

        await world.SqlAsync("ALTER TABLE gone RENAME TO payment_version");
        await world.WaitAsync(sessionId, "accepted");
    }
}
