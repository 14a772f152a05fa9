using Erp.Customs.Contracts;
using Erp.Customs.Module.Storage;
using Erp.Customs.Tests.Storage;
using Erp.Customs.Tests.Storage.TSql;
using Erp.Customs.Tests.Support;

namespace Erp.Customs.Tests.Alerts;

/// <summary>The table of alerts, for every engine: grouping, claims, what is kept and for how long.</summary>
public abstract class AlertTableCompliance<TEngine> : StoreTest<TEngine> where TEngine : TestEngine, new()
{
    private static readonly TimeSpan Group = TimeSpan.FromSeconds(60);

    private AlertTable Table => new(Database, Time);

    [EngineFact]
    public async Task The_first_is_due_at_once_and_those_that_follow_go_together_when_the_time_is_over()
    {
        await RaiseAsync("SO1");
        var first = Assert.Single(await DueAsync());
        Assert.Equal((1, "SO1", "why SO1"), (first.Alerts, first.Subject, Assert.Single(first.Lines)));

        await RaiseAsync("SO2");
        Time.Advance(TimeSpan.FromSeconds(30));
        await RaiseAsync("SO3");
        Assert.Equal([first.Id], (await DueAsync()).Select(message => message.Id));

        Time.Advance(TimeSpan.FromSeconds(30));
        var both = (await DueAsync())[1];
        Assert.Equal((2, "SO2"), (both.Alerts, both.Subject));
        Assert.Equal(["why SO2", "SO3：why SO3 | SO3: why SO3"], both.Lines);
        Assert.Equal(TimeSpan.FromSeconds(30), both.LastRaisedAt - both.RaisedAt);
    }

    [EngineFact]
    public async Task After_a_quiet_time_the_next_is_due_at_once_again()
    {
        await RaiseAsync("SO1");
        await RaiseAsync("SO2");
        Time.Advance(Group + Group);
        await RaiseAsync("SO3");
        Assert.Equal([1, 1, 1], (await DueAsync()).Select(message => message.Alerts));
    }

    [EngineFact]
    public async Task Another_kind_merchant_or_channel_is_not_alike()
    {
        await RaiseAsync("SO1");
        await Table.RaiseAsync(Alert("SO1") with { Merchant = "guangzhou" }, null, ["ops"], Group);
        await Table.RaiseAsync(Alert("SO1") with { Kind = AlertKind.PushesStopped }, null, ["ops"], Group);
        await Table.RaiseAsync(Alert("SO1"), null, ["ops", "boss"], Group);
        Assert.Equal(["ops", "ops", "ops", "boss"], (await DueAsync()).Select(message => message.Channel));
    }

    [EngineFact]
    public async Task Of_a_flood_every_one_is_counted_and_ten_have_a_line()
    {
        await Task.WhenAll(Enumerable.Range(0, 50).Select(number => Task.Run(() => RaiseAsync($"SO{number}"))));
        Time.Advance(Group);
        var due = await DueAsync();
        Assert.Equal([1, 49], due.Select(message => message.Alerts));
        Assert.Equal([1, 10], due.Select(message => message.Lines.Count));
    }

    [EngineFact]
    public async Task What_is_on_its_way_is_joined_by_nothing()
    {
        await RaiseAsync("SO1");
        await RaiseAsync("SO2");
        Time.Advance(Group);
        var second = (await Table.ClaimAsync((await DueAsync())[1], Lease))!;
        await RaiseAsync("SO3");
        Assert.Equal((1, 1), (second.Alerts, (await Table.FindAsync(second.Id, default))!.Alerts));
        Assert.Equal(3, await CountAsync());
    }

    [EngineFact]
    public async Task One_of_many_takes_a_message()
    {
        await RaiseAsync("SO1");
        var due = Assert.Single(await DueAsync());
        var claims = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => Table.ClaimAsync(due, Lease))));
        var claimed = Assert.Single(claims, claim => claim is not null);
        Assert.Equal(1, claimed!.Attempts);
        Assert.Empty(await DueAsync());
    }

    [EngineFact]
    public async Task A_message_whose_sender_died_is_due_again_and_shows_it()
    {
        await RaiseAsync("SO1");
        var dead = (await Table.ClaimAsync(Assert.Single(await DueAsync()), Lease))!;
        await ReopenAsync();
        Time.Advance(Lease);
        var again = (await Table.ClaimAsync(Assert.Single(await DueAsync()), Lease))!;
        await Table.EndAsync(dead, AlertOutcome.Failed, null, "too late");
        await Table.EndAsync(again, AlertOutcome.Sent, null, "");
        await Table.EndAsync(again, AlertOutcome.Failed, null, "twice");
        var message = (await Table.FindAsync(again.Id, default))!;
        Assert.Equal((AlertOutcome.Sent, 2, "", Time.GetUtcNow(), null), (message.Outcome, message.Attempts, message.Error, message.EndedAt, message.NextAttemptAt));
    }

    [EngineFact]
    public async Task The_last_that_a_channel_was_asked_to_take_is_found()
    {
        foreach (var (order, outcome) in new[] { ("SO1", AlertOutcome.Failed), ("SO2", AlertOutcome.Sent) })
        {
            await RaiseAsync(order, group: TimeSpan.Zero);
            await Table.EndAsync((await Table.ClaimAsync(Assert.Single(await DueAsync()), Lease))!, outcome, null, "");
        }

        await RaiseAsync("SO3");
        Assert.Equal("SO2", Assert.Single(await Table.LastTriedAsync(default)).Subject);
    }

    [EngineFact]
    public async Task They_are_found_by_everything_that_a_screen_asks_for()
    {
        await RaiseAsync("SO1", group: TimeSpan.Zero);
        await Table.EndAsync((await Table.ClaimAsync(Assert.Single(await DueAsync()), Lease))!, AlertOutcome.Failed, null, "坏 | bad");
        Time.Advance(TimeSpan.FromDays(1));
        await Table.RaiseAsync(new Alert(AlertKind.PushesStopped, "", NoticeLevel.Warning, "stopped", "why"), "/customs/admin", ["boss"], Group);

        async Task<string> Found(AlertSearch search) => string.Join(' ', (await Table.SearchAsync(search, new ListPage(10), default)).Select(message => message.Subject));
        Assert.Equal("stopped SO1", await Found(new()));
        Assert.Equal("SO1", await Found(new() { Outcome = AlertOutcome.Failed }));
        Assert.Equal("stopped", await Found(new() { Channel = "boss" }));
        Assert.Equal("SO1", await Found(new() { Level = NoticeLevel.Alarm }));
        Assert.Equal("SO1", await Found(new() { Merchant = "ningbo" }));
        Assert.Equal("stopped", await Found(new() { From = Time.GetUtcNow() }));
        Assert.Equal("SO1", await Found(new() { Until = Time.GetUtcNow() }));
        Assert.Equal("SO1", (await Table.SearchAsync(new(), new ListPage(1, Before: 2), default)).Single().Subject);
        var counts = await Table.CountByOutcomeAsync(new() { Outcome = AlertOutcome.Sent }, default);
        Assert.Equal((1, 0, 1), (counts[AlertOutcome.Waiting], counts[AlertOutcome.Sent], counts[AlertOutcome.Failed]));
    }

    [EngineFact]
    public async Task What_is_old_goes_but_what_waits_does_not()
    {
        await RaiseAsync("SO1", group: TimeSpan.Zero);
        await Table.EndAsync((await Table.ClaimAsync(Assert.Single(await DueAsync()), Lease))!, AlertOutcome.Sent, null, "");
        await RaiseAsync("SO2", group: TimeSpan.Zero);
        Time.Advance(TimeSpan.FromDays(180));
        Assert.Equal(0, await Table.EraseAsync(Time.GetUtcNow() - TimeSpan.FromDays(180), 10));
        Assert.Equal(1, await Table.EraseAsync(Time.GetUtcNow() - TimeSpan.FromDays(179), 10));
        Assert.Equal("SO2", Assert.Single(await DueAsync()).Subject);
    }

    [EngineFact]
    public async Task What_waits_for_a_channel_that_is_gone_is_given_up()
    {
        await RaiseAsync("SO1");
        Assert.Equal(0, await Table.GiveUpAsync(Time.GetUtcNow(), ["boss"], "gone"));
        Time.Advance(Group);
        Assert.Equal(0, await Table.GiveUpAsync(Time.GetUtcNow(), ["boss", "ops"], "gone"));
        Assert.Equal(1, await Table.GiveUpAsync(Time.GetUtcNow(), ["boss"], "gone"));
        var message = (await Table.SearchAsync(new(), new ListPage(1), default)).Single();
        Assert.Equal((AlertOutcome.Failed, "gone", null), (message.Outcome, message.Error, message.NextAttemptAt));
    }

    [EngineFact]
    public async Task Long_and_strange_words_stay_one_line_each()
    {
        var hostile = "订单\n\r\0" + new string('长', 400) + " | order\n" + string.Concat(Enumerable.Repeat("😀", 200));
        await Table.RaiseAsync(new Alert(AlertKind.RequestNeedsPerson, "", NoticeLevel.Alarm, hostile, hostile), null, ["ops"], Group);
        var message = Assert.Single(await DueAsync());
        var line = Assert.Single(message.Lines);
        Assert.Equal(message.Subject, line);
        Assert.DoesNotContain(line, char.IsControl);
        var halves = line.Split(" | ");
        Assert.Equal((300, '…'), (halves[0].Length, halves[0][^1]));
        Assert.InRange(halves[1].Length, 299, 300);
        Assert.EndsWith("😀…", halves[1], StringComparison.Ordinal);
    }

    private static Alert Alert(string order) => new(AlertKind.RequestNeedsPerson, "ningbo", NoticeLevel.Alarm, order, "why " + order);

    private Task RaiseAsync(string order, TimeSpan? group = null) => Table.RaiseAsync(Alert(order), null, ["ops"], group ?? Group);

    private Task<IReadOnlyList<AlertMessage>> DueAsync() => Table.DueAsync(100, default);

    private async Task<long> CountAsync() => await ScalarAsync<long>("SELECT COUNT(*) FROM alert_message");
}

public sealed class SqliteAlertTableTests : AlertTableCompliance<SqliteEngine>;

public sealed class PostgresAlertTableTests : AlertTableCompliance<PostgresEngine>;

public sealed class SqlServerAlertTableTests : AlertTableCompliance<SqlServerEngine>;

public sealed class TSqlAlertTableTests : AlertTableCompliance<TSqlEngine>;
