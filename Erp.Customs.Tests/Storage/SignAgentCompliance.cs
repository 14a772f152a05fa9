using Erp.Customs.Module.Storage;
using Erp.Customs.Tests.Storage.TSql;
using Erp.Customs.Tests.Support;

namespace Erp.Customs.Tests.Storage;

/// <summary>Texts that wait for a sign agent, and the agents, on every engine.</summary>
public abstract class SignAgentCompliance<TEngine> : StoreTest<TEngine> where TEngine : TestEngine, new()
{
    private static readonly TimeSpan Life = TimeSpan.FromSeconds(25);

    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(1);

    private SignJobTable Jobs => new(Database, Time);

    private SignAgentTable Agents => new(Database, Time);

    [EngineFact]
    public async Task A_text_goes_to_one_of_many_and_the_longest_waiting_goes_first()
    {
        await Jobs.AddAsync("b", "ningbo", [1, 2], Life);
        await Jobs.AddAsync("c", "ningbo", [3], Life + Life);
        await Jobs.AddAsync("a", "guangzhou", [4], Life);
        Assert.Equal("b", await Jobs.FreeAsync("ningbo", default));

        var leased = await Task.WhenAll(Enumerable.Range(0, 20).Select(number => Task.Run(() => Jobs.LeaseAsync("b", $"pc-{number}", Lease))));
        var job = Assert.Single(leased, one => one is not null)!;
        Assert.Equal(("b", 1L), (job.Id, job.Fence));
        Assert.Equal([1, 2], job.Request);
        Assert.Equal("c", await Jobs.FreeAsync("ningbo", default));
        Assert.Null(await Jobs.FreeAsync("beijing", default));
    }

    [EngineFact]
    public async Task An_answer_counts_once_and_only_from_who_holds_the_text()
    {
        await Jobs.AddAsync("a", "ningbo", [1], Life);
        var first = (await Jobs.LeaseAsync("a", "pc-1", TimeSpan.Zero))!;
        await PassAsync();
        var second = (await Jobs.LeaseAsync("a", "pc-2", Lease))!;
        Assert.Equal(2, second.Fence);

        Assert.False(await Jobs.AnswerAsync("a", first.Fence, "pc-1", [9]));
        Assert.False(await Jobs.TakeAsync("a", first.Fence, "pc-1"));
        Assert.False(await Jobs.AnswerAsync("a", second.Fence, "pc-1", [9]));
        Assert.Null(await Jobs.FindAnswerAsync("a", default));
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(number => Task.Run(() => Jobs.AnswerAsync("a", second.Fence, "pc-2", [(byte)number]))));
        Assert.Single(answers, used => used);
        Assert.NotNull(await Jobs.FindAnswerAsync("a", default));
        Assert.False(await Jobs.TakeAsync("a", second.Fence, "pc-2"));
        Assert.Null(await Jobs.FreeAsync("ningbo", default));

        await Jobs.RemoveAsync("a");
        Assert.Equal(0, await CountAsync());
    }

    [EngineFact]
    public async Task An_answer_at_the_node_that_waits_takes_the_text_away()
    {
        await Jobs.AddAsync("a", "ningbo", [1], Life);
        var job = (await Jobs.LeaseAsync("a", "pc-1", Lease))!;
        Assert.True(await Jobs.TakeAsync("a", job.Fence, "pc-1"));
        Assert.False(await Jobs.TakeAsync("a", job.Fence, "pc-1"));
        Assert.Equal(0, await CountAsync());
    }

    [EngineFact]
    public async Task A_text_for_which_nobody_waits_is_given_to_nobody_and_swept()
    {
        await Jobs.AddAsync("a", "ningbo", [1], Short);
        await Jobs.AddAsync("b", "ningbo", [1], Life);
        await PassAsync();
        Assert.Equal("b", await Jobs.FreeAsync("ningbo", default));
        Assert.Null(await Jobs.LeaseAsync("a", "pc-1", Lease));
        Assert.Equal(1, await Jobs.SweepAsync());
        Assert.Equal(1, await CountAsync());
    }

    [EngineFact]
    public async Task A_wrong_PIN_keeps_every_text_of_its_merchant_from_every_agent()
    {
        await Jobs.AddAsync("a", "ningbo", [1], Life);
        await Jobs.AddAsync("b", "guangzhou", [1], Life);
        await StopAsync();
        Assert.Null(await Jobs.FreeAsync("ningbo", default));
        Assert.Null(await Jobs.LeaseAsync("a", "pc-2", Lease));
        Assert.Equal("b", await Jobs.FreeAsync("guangzhou", default));

        await Requests.ReopenAsync("ningbo", "clerk", "reopened");
        Assert.NotNull(await Jobs.LeaseAsync("a", "pc-2", Lease));
    }

    [EngineFact]
    public async Task Where_one_process_works_a_start_leaves_no_text_of_the_last_one()
    {
        await Jobs.AddAsync("a", "ningbo", [1], Life);
        await ReopenAsync();
        await Jobs.RemoveOfEarlierBootsAsync();
        Assert.Equal(Database.BootNumber > 0 ? 0 : 1, await CountAsync());
    }

    [EngineFact]
    public async Task An_agent_is_known_by_its_last_sign_of_life()
    {
        Assert.Empty(await Agents.ListAsync(default));
        Assert.False(await Agents.SawAsync("ningbo", "pc-1", Standing(""), closed: false));
        Assert.False(await Agents.SawAsync("ningbo", "pc-1", Standing("读卡器 | reader") with { CertNo = "01691f7f", Scheme = "RSA-SHA1", Subject = "CN=宁波海淘", NotBefore = Time.GetUtcNow(), NotAfter = Time.GetUtcNow().AddDays(1) }, closed: false));
        await Agents.SawAsync("guangzhou", "pc-1", Standing(""), closed: false);

        var all = await Agents.ListAsync(default);

        Assert.Equal(["guangzhou", "ningbo"], all.Select(agent => agent.Merchant));
        Assert.Equal(("pc-1", "01691f7f", "CN=宁波海淘", "读卡器 | reader", null), (all[1].Name, all[1].Standing.CertNo, all[1].Standing.Subject, all[1].Standing.Error, all[1].ClosedAt));
        Assert.Equal(Time.GetUtcNow().AddDays(1), all[1].Standing.NotAfter);
        Assert.InRange(all[1].Silence, TimeSpan.Zero, TimeSpan.FromSeconds(30));
    }

    [EngineFact]
    public async Task An_agent_that_met_a_wrong_PIN_stays_closed_until_a_person_reopens_its_merchant()
    {
        await Agents.SawAsync("ningbo", "pc-1", Standing(""), closed: false);
        await Agents.CloseAsync("ningbo", "pc-1");
        await StopAsync();
        var closedAt = Time.GetUtcNow();
        Time.Advance(TimeSpan.FromMinutes(1));
        Assert.False(await Agents.SawAsync("ningbo", "pc-1", Standing("PIN"), closed: true));
        Assert.Equal(closedAt, Assert.Single(await Agents.ListAsync(default)).ClosedAt);

        Assert.True(await Requests.ReopenAsync("ningbo", "clerk", "reopened"));
        Assert.True(await Agents.SawAsync("ningbo", "pc-1", Standing("PIN"), closed: true));
        Assert.False(await Agents.SawAsync("ningbo", "pc-1", Standing(""), closed: false));
        Assert.Null(Assert.Single(await Agents.ListAsync(default)).ClosedAt);

        // Another wrong PIN after that is another closure.
        Time.Advance(TimeSpan.FromMinutes(1));
        Assert.False(await Agents.SawAsync("ningbo", "pc-1", Standing("PIN"), closed: true));
        await StopAsync();
        Assert.False(await Agents.SawAsync("ningbo", "pc-1", Standing("PIN"), closed: true));
    }

    private static AgentStanding Standing(string error) => new() { Version = "1", Machine = "PC", Kind = "EportClient", Error = error };

    private Task StopAsync() => Requests.StopSignerAsync("ningbo", SignerStop.Agents, "PIN", [SignerStop.Agents], (_, _) => Task.CompletedTask, (_, _) => Task.CompletedTask);

    private Task<long> CountAsync() => ScalarAsync<long>("SELECT CAST(COUNT(*) AS BIGINT) FROM sign_job");

    /// <summary>A moment passes, by whichever clock leases are measured.</summary>
    private async Task PassAsync()
    {
        Time.Advance(TimeSpan.FromMilliseconds(20));
        await Task.Delay(20);
    }
}

public sealed class SqliteSignAgentTests : SignAgentCompliance<SqliteEngine>;

public sealed class PostgresSignAgentTests : SignAgentCompliance<PostgresEngine>;

public sealed class SqlServerSignAgentTests : SignAgentCompliance<SqlServerEngine>;

public sealed class TSqlSignAgentTests : SignAgentCompliance<TSqlEngine>;
