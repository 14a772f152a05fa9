using Erp.Customs.Module.Storage;
using Erp.Customs.Tests.Support;

namespace Erp.Customs.Tests.Storage;

/// <summary>Whose time runs out, and how long customs waited, for every engine.</summary>
public abstract class DeadlineCompliance<TEngine> : StoreTest<TEngine> where TEngine : TestEngine, new()
{
    [EngineFact]
    public async Task A_request_half_of_whose_time_is_gone_is_told_once()
    {
        var first = (await Requests.InsertAsync(Request("s1"))).Id;
        Time.Advance(TimeSpan.FromSeconds(59));
        var second = (await Requests.InsertAsync(Request("s2"))).Id;
        Assert.Empty(await Requests.TakeAlarmsAsync(10, Nothing, default));

        Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal([first], await AlarmsAsync());
        Assert.Empty(await AlarmsAsync());

        Time.Advance(TimeSpan.FromSeconds(59));
        await ReopenAsync();
        Assert.Equal([second], await AlarmsAsync());
    }

    [EngineFact]
    public async Task Many_are_given_out_by_their_deadline_and_each_to_one_who_asks()
    {
        var ids = new List<long>();
        for (var number = 0; number < 30; number++)
        {
            ids.Add((await Requests.InsertAsync(Request($"s{number}") with { Deadline = Time.GetUtcNow().AddSeconds(120 - number) })).Id);
        }

        Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(ids[^1], Assert.Single(await Requests.TakeAlarmsAsync(1, Nothing, default)).Id);
        var told = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(AlarmsAsync)));

        Assert.Equal(ids.SkipLast(1).Order(), told.SelectMany(one => one).Order());
    }

    [EngineFact]
    public async Task Nothing_is_told_of_what_has_ended_is_a_test_or_is_in_a_persons_hands()
    {
        var ended = await ClaimedAsync("s1");
        await Requests.ChangeAsync(ended.Id, ended.Fence, To(RequestState.Accepted));
        await Requests.InsertAsync(Request("s2") with { Purpose = RequestPurpose.Test });
        var requeued = await ClaimedAsync("s3");
        await Requests.ChangeAsync(requeued.Id, requeued.Fence, To(RequestState.NeedsPerson));
        Assert.True(await Requests.StartOverAsync((await Requests.FindAsync(requeued.Id, default))!, To(RequestState.Received, Time.GetUtcNow()), "王五"));
        Time.Advance(TimeSpan.FromHours(1));

        Assert.Empty(await AlarmsAsync());
    }

    [EngineFact]
    public async Task How_long_customs_waited_is_counted_for_what_they_accepted_since_a_time()
    {
        Assert.Null(await Requests.ElapsedAsync(Time.GetUtcNow(), default));
        await EndAsync("old", 90_000);
        Time.Advance(TimeSpan.FromDays(1));
        var since = Time.GetUtcNow();
        for (var number = 1; number <= 98; number++)
        {
            await EndAsync($"s{number}", number);
        }

        await EndAsync("slow", 12_345);
        await EndAsync("slowest", 61_999);
        await EndAsync("refused", 70_000, RequestState.Rejected);
        await EndAsync("test", 80_000, purpose: RequestPurpose.Test);

        Assert.Equal(
            new ElapsedFigures(100, TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(95), TimeSpan.FromSeconds(12)), await Requests.ElapsedAsync(since, default));
        Assert.Equal(101, (await Requests.ElapsedAsync(since.AddDays(-2), default))!.Count);
    }

    private static AlsoWrite Nothing(IReadOnlyList<CustomsRequest> late) => (_, _) => Task.CompletedTask;

    private async Task<List<long>> AlarmsAsync() => [.. (await Requests.TakeAlarmsAsync(100, Nothing, default)).Select(request => request.Id)];

    private async Task EndAsync(string session, int milliseconds, RequestState state = RequestState.Accepted, RequestPurpose purpose = RequestPurpose.Customs)
    {
        var (_, id) = await Requests.InsertAsync(Request(session) with { Purpose = purpose });
        var request = (await Requests.ClaimAsync(id, TimeSpan.FromHours(1)))!;
        Time.Advance(TimeSpan.FromMilliseconds(milliseconds));
        Assert.True(await Requests.ChangeAsync(request.Id, request.Fence, To(state)));
    }
}

public sealed class SqliteDeadlineTests : DeadlineCompliance<SqliteEngine>;

public sealed class PostgresDeadlineTests : DeadlineCompliance<PostgresEngine>;

public sealed class SqlServerDeadlineTests : DeadlineCompliance<SqlServerEngine>;
