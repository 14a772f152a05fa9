using Erp.Customs.Module.Diagnostics;
using Erp.Customs.Module.Storage;
using Erp.Customs.Tests.Support;

namespace Erp.Customs.Tests.Storage;

/// <summary>What days were like, for every engine: by China's calendar, by outcome, summed up once they are over.</summary>
public abstract class DayCompliance<TEngine> : StoreTest<TEngine> where TEngine : TestEngine, new()
{
    private DayTable Table => new(Database);

    private DaySums Sums => new(Table, Time);

    [EngineFact]
    public async Task A_day_is_counted_by_outcome_from_midnight_to_midnight_in_China()
    {
        // 23:59:59.999 and 00:00:00 in China.
        var midnight = DayTable.Begin(DayTable.Of(Time.GetUtcNow()).AddDays(1));
        Time.Advance(midnight - Time.GetUtcNow() - TimeSpan.FromMilliseconds(1));
        await EndAsync("before", RequestState.Accepted, 10);
        await Requests.InsertAsync(Request("test") with { Purpose = RequestPurpose.Test });
        var day = DayTable.Of(midnight);
        for (var number = 0; number < 19; number++)
        {
            await EndAsync($"quick {number}", RequestState.Accepted, 70);
        }

        await EndAsync("slow", RequestState.Accepted, 12_345);
        await EndAsync("refused", RequestState.Rejected, 70);
        await EndAsync("used", RequestState.SessionUsed, 70);
        await EndAsync("person", RequestState.NeedsPerson, 70);
        await Requests.InsertAsync(Request("open"));
        await Archive.AppendAsync(Delivery());

        var counted = await Table.CountAsync(day.AddDays(-1), day, default);

        Assert.Equal([new DaySum(day.AddDays(-1), 1, 0, 0, 0, TimeSpan.Zero, 0), new DaySum(day, 20, 2, 1, 1, TimeSpan.FromMilliseconds(50), 1)], counted);
        Assert.Equal(24, counted[1].Requests);
        Assert.Equal(midnight - TimeSpan.FromMilliseconds(1), (await Requests.FindBySessionAsync("before", default))!.ReceivedAt);
        Assert.Equal([(FailureClass.CustomsRejected, 3L)], await Requests.FailuresAsync(midnight, default));
        Assert.Empty(await Requests.FailuresAsync(midnight.AddDays(1), default));
        Assert.Equal((await Requests.FindBySessionAsync("open", default))!.ReceivedAt, await Requests.OldestOpenAsync(default));
    }

    [EngineFact]
    public async Task Days_that_are_over_are_summed_up_once_and_today_is_counted()
    {
        await EndAsync("first", RequestState.Accepted, 70);
        var first = DayTable.Of(Time.GetUtcNow());
        Assert.Empty(await Table.SummedAsync(first.AddDays(-30), default));
        Assert.Equal([first.AddDays(-1), first], (await Sums.LastAsync(default)).Select(day => day.Day));

        Time.Advance(TimeSpan.FromDays(1));
        await Sums.RunAsync(default);
        await EndAsync("second", RequestState.Rejected, 70);
        var days = await Sums.LastAsync(default);

        Assert.Equal(DaySums.Days, days.Count);
        Assert.Equal(Sums.Shown, days.Select(day => day.Day));
        Assert.Equal((1L, 0L, TimeSpan.FromMilliseconds(50)), (days[^2].Accepted, days[^2].Refused, days[^2].P95));
        Assert.Equal((0L, 1L), (days[^1].Accepted, days[^1].Refused));

        // What is summed up is not counted again on the same day, and anew on the next.
        await Requests.InsertAsync(Request("late") with { ReceivedAt = DayTable.Begin(first) });
        await Sums.RunAsync(default);
        Assert.Equal(0, (await Sums.LastAsync(default))[^2].Unfinished);
        Time.Advance(TimeSpan.FromDays(1));
        await Sums.RunAsync(default);
        Assert.Equal(1, (await Sums.LastAsync(default))[^3].Unfinished);
    }

    private async Task EndAsync(string sessionId, RequestState state, int milliseconds)
    {
        var received = Time.GetUtcNow();
        var request = await ClaimedAsync(sessionId);
        Time.Advance(TimeSpan.FromMilliseconds(milliseconds));
        await Requests.ChangeAsync(request.Id, request.Fence, To(state) with { Failure = state == RequestState.Accepted ? FailureClass.None : FailureClass.CustomsRejected });
        Assert.Equal(received, request.ReceivedAt);
    }
}

public sealed class SqliteDayTests : DayCompliance<SqliteEngine>;

public sealed class PostgresDayTests : DayCompliance<PostgresEngine>;

public sealed class SqlServerDayTests : DayCompliance<SqlServerEngine>;
