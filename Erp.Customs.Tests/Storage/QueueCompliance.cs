using Erp.Customs.Module.Storage;
using Erp.Customs.Tests.Storage.TSql;
using Erp.Customs.Tests.Support;

namespace Erp.Customs.Tests.Storage;

/// <summary>The length of the queue, for every engine.</summary>
public abstract class QueueCompliance<TEngine> : StoreTest<TEngine> where TEngine : TestEngine, new()
{
    [EngineFact]
    public async Task Counts_what_is_due_and_held_by_nobody_and_how_long_the_oldest_has_been()
    {
        Assert.Equal(new DueRequests(0, TimeSpan.Zero), await Requests.QueueAsync(default));
        await Requests.InsertAsync(Request("session-1"));
        Time.Advance(TimeSpan.FromSeconds(30));
        var (_, second) = await Requests.InsertAsync(Request("session-2"));
        Assert.Equal(new DueRequests(2, TimeSpan.FromSeconds(30)), await Requests.QueueAsync(default));

        var held = await Requests.ClaimAsync(second, Lease);
        Assert.Equal(1, (await Requests.QueueAsync(default)).Count);
        await Requests.ChangeAsync(second, held!.Fence, To(RequestState.WaitingSigner, Time.GetUtcNow().AddHours(1)));
        Assert.Equal(1, (await Requests.QueueAsync(default)).Count);
    }
}

public sealed class SqliteQueueTests : QueueCompliance<SqliteEngine>;

public sealed class PostgresQueueTests : QueueCompliance<PostgresEngine>;

public sealed class SqlServerQueueTests : QueueCompliance<SqlServerEngine>;

public sealed class TSqlQueueTests : QueueCompliance<TSqlEngine>;
