using Erp.Customs.Module.Storage;
using Erp.Customs.Tests.Support;

namespace Erp.Customs.Tests.Storage;

/// <summary>Storing and finding customs' requests, for every engine.</summary>
public abstract class InsertCompliance<TEngine> : StoreTest<TEngine> where TEngine : TestEngine, new()
{
    [EngineFact]
    public async Task A_request_is_stored_due_at_once_with_its_first_event()
    {
        var request = Request(merchant: "ningbo");

        var (outcome, id) = await Requests.InsertAsync(request);

        Assert.Equal(InsertOutcome.Stored, outcome);
        Assert.Equal(
            new CustomsRequest
            {
                Id = id,
                SessionId = "session-1",
                OrderNo = "order-1",
                Merchant = "ningbo",
                Purpose = RequestPurpose.Customs,
                ReceivedAt = request.ReceivedAt,
                Deadline = request.Deadline,
                State = RequestState.Received,
                Failure = FailureClass.None,
                Reason = "",
                Attempts = 0,
                NextAttemptAt = request.ReceivedAt,
                Fence = 0,
            },
            await Requests.FindAsync(id, default));
        Assert.Equal([new RequestEvent(id, request.ReceivedAt, RequestState.Received, FailureClass.None, "", 0)], await Requests.EventsAsync(id, default));
        Assert.Equal([id], await Requests.DueAsync(10, default));
    }

    [EngineTheory]
    [InlineData(null, null, nameof(InsertOutcome.Repeated))]
    [InlineData("ningbo", "ningbo", nameof(InsertOutcome.Repeated))]
    [InlineData("ningbo", null, nameof(InsertOutcome.Repeated))]
    [InlineData(null, "ningbo", nameof(InsertOutcome.Repeated))]
    [InlineData("ningbo", "hangzhou", nameof(InsertOutcome.OtherOrder))]
    public async Task The_same_session_again_leaves_the_first_as_it_was(string? first, string? second, string expected)
    {
        var (_, id) = await Requests.InsertAsync(Request(merchant: first));
        var before = await Requests.FindAsync(id, default);
        Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal((Enum.Parse<InsertOutcome>(expected), id), await Requests.InsertAsync(Request(merchant: second)));
        Assert.Equal(before, await Requests.FindAsync(id, default));
        Assert.Single(await Requests.EventsAsync(id, default));
    }

    [EngineFact]
    public async Task The_same_session_for_another_order_is_told_apart()
    {
        var (_, id) = await Requests.InsertAsync(Request());

        Assert.Equal((InsertOutcome.OtherOrder, id), await Requests.InsertAsync(Request(orderNo: "order-2")));
        Assert.Equal((InsertOutcome.OtherOrder, id), await Requests.InsertAsync(Request(orderNo: "ORDER-1")));
        Assert.Equal(InsertOutcome.Stored, (await Requests.InsertAsync(Request(sessionId: "SESSION-1"))).Outcome);
    }

    [EngineFact]
    public async Task Many_at_once_for_one_session_give_one_row()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Task.Run(() => Requests.InsertAsync(Request()))));

        Assert.Single(results, result => result.Outcome == InsertOutcome.Stored);
        Assert.Equal(199, results.Count(result => result.Outcome == InsertOutcome.Repeated));
        Assert.Single(results.Select(result => result.Id).Distinct());
        Assert.Single(await Requests.SearchAsync(new(), new(10), default));
    }

    [EngineFact]
    public async Task Many_at_once_for_many_sessions_are_all_there()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 500).Select(i => Task.Run(() => Requests.InsertAsync(Request($"session-{i}", $"order-{i % 7}")))));

        Assert.All(results, result => Assert.Equal(InsertOutcome.Stored, result.Outcome));
        Assert.Equal(500, results.Select(result => result.Id).Distinct().Count());
        Assert.Equal(500, (await Requests.CountByStateAsync(new(), default))[RequestState.Received]);
    }

    [EngineFact]
    public async Task Requests_are_found_by_session_order_and_age()
    {
        for (var i = 1; i <= 3; i++)
        {
            await Requests.InsertAsync(Request($"session-{i}", i == 2 ? "order-2" : "order-1"));
        }

        Assert.Equal("session-2", (await Requests.FindBySessionAsync("session-2", default))!.SessionId);
        Assert.Null(await Requests.FindBySessionAsync("session-4", default));
        Assert.Null(await Requests.FindAsync(4, default));
        Assert.Equal(["session-3", "session-1"], (await Requests.FindByOrderAsync("order-1", default)).Select(request => request.SessionId));
        Assert.Equal(["session-3", "session-2"], (await Requests.SearchAsync(new(), new(2), default)).Select(request => request.SessionId));
    }

    [EngineFact]
    public async Task Every_state_is_counted_also_those_without_a_request()
    {
        await ClaimedAsync();

        var counts = await Requests.CountByStateAsync(new(), default);

        Assert.Equal(Enum.GetValues<RequestState>().Order(), counts.Keys.Order());
        Assert.Equal(1, counts[RequestState.Received]);
        Assert.Equal(1, counts.Values.Sum());
    }

    [EngineFact]
    public async Task Odd_characters_come_back_as_they_went_in()
    {
        const string Odd = "'; DROP TABLE customs_request; --\u3000\u2028😀";

        await Requests.InsertAsync(Request(Odd, Odd));

        Assert.Equal(Odd, (await Requests.FindBySessionAsync(Odd, default))!.OrderNo);
    }
}

public sealed class SqliteInsertTests : InsertCompliance<SqliteEngine>;

public sealed class PostgresInsertTests : InsertCompliance<PostgresEngine>;

public sealed class SqlServerInsertTests : InsertCompliance<SqlServerEngine>;
