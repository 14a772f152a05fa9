using Erp.Customs.Module.Storage;
using Erp.Customs.Tests.Support;

namespace Erp.Customs.Tests.Storage;

/// <summary>The tables that screens write: the operation log, changed settings, published templates; for every engine.</summary>
public abstract class ScreenTablesCompliance<TEngine> : StoreTest<TEngine> where TEngine : TestEngine, new()
{
    [EngineFact]
    public async Task An_operation_is_found_by_who_what_result_and_time_and_goes_with_its_term()
    {
        var table = new OperationTable(Database);
        var began = Time.GetUtcNow();
        await table.AddAsync(new(began, "王五", "Requests/Requests.Retry", "海关请求：重试 | Retry", "1,2", OperationResult.Done, "成功 2 | 2 done"));
        Time.Advance(TimeSpan.FromHours(1));
        var refused = new NewOperation(Time.GetUtcNow(), "O'Neil", "Settings/Settings.Save", "参数设置：保存 | Save", "", OperationResult.Refused, "没有操作权限 | Not allowed");
        await table.AddAsync(refused);

        Assert.Equal([refused], await FindAsync(new()));
        Assert.Equal([refused], await FindAsync(new() { Person = "O'Neil" }));
        Assert.Equal([refused], await FindAsync(new() { Action = "Settings/Settings.Save", Result = OperationResult.Refused }));
        Assert.Equal([refused], await FindAsync(new() { From = began.AddMinutes(1) }));
        Assert.Empty(await FindAsync(new() { Until = began }));
        var counts = await table.CountByResultAsync(new() { Result = OperationResult.Done }, default);
        Assert.Equal((1L, 0L, 1L), (counts[OperationResult.Done], counts[OperationResult.Failed], counts[OperationResult.Refused]));
        Assert.Equal(2, (await table.SearchAsync(new(), new ListPage(10), default)).Count);

        await table.EraseAsync(began.AddMilliseconds(1));
        Assert.Equal("O'Neil", (await table.SearchAsync(new(), new ListPage(10), default)).Single().What.Person);

        async Task<IEnumerable<NewOperation>> FindAsync(OperationSearch search) => (await table.SearchAsync(search, new ListPage(1), default)).Select(one => one.What);
    }

    [EngineFact]
    public async Task The_newest_change_of_a_setting_counts_and_nobody_changes_what_he_has_not_seen()
    {
        var table = new SettingTable(Database);
        Assert.Equal((0, 0L), Of(await table.ReadAsync(default)));
        Assert.True(await table.AddAsync([Change("Customs:Deadline", "120", "90"), Change("Customs:Retention:Years", "3", "5")], seen: 0));
        var first = await table.ReadAsync(default);
        Assert.Equal((2, 2L), Of(first));

        Assert.False(await table.AddAsync([Change("Customs:Deadline", "120", "60")], seen: 0));
        Assert.True(await table.AddAsync([Change("Customs:Deadline", "90", null)], first.Number));

        var now = await table.ReadAsync(default);
        Assert.Equal("5", Assert.Single(now.Values, one => one.Key == "Customs:Retention:Years").Value);
        Assert.Equal((1, 3L), Of(now));
        Assert.Equal(["Customs:Deadline", "Customs:Retention:Years"], (await table.HistoryAsync(new ListPage(2), default)).Select(one => one.What.Name));
        Assert.Equal(3, await table.CountAsync(default));
        Assert.Equal(Change("Customs:Deadline", "90", null), (await table.FindAsync(3, default))!.What);
        Assert.Null(await table.FindAsync(4, default));

        static (int, long) Of(StoredSettings settings) => (settings.Values.Count, settings.Number);
    }

    [EngineFact]
    public async Task Two_who_publish_the_same_version_of_a_template_publish_it_once()
    {
        var table = new TemplateTable(Database);
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 4).Select(number => Task.Run(() => table.AddAsync(Version(1, $"文本 {number}")))));
        Assert.Single(outcomes, added => added);
        Assert.False(await table.AddAsync(Version(3, "later")));
        Assert.True(await table.AddAsync(Version(2, "{{ head.guid }}")));
        Assert.True(await table.AddAsync(Version(1, "lists") with { Name = "179/lists" }));

        Assert.Equal([Version(2, "{{ head.guid }}"), Version(1, "lists") with { Name = "179/lists" }], await table.NewestAsync(default));
        Assert.Equal([2L, 1L], (await table.HistoryAsync("179/head", default)).Select(one => one.Version));
        Assert.Empty(await table.HistoryAsync("cbt/edata", default));
    }

    private NewSetting Change(string name, string old, string? changed) => new(name, old, changed, Time.GetUtcNow(), "王五", "联调需要");

    private PublishedTemplate Version(long version, string text) => new("179/head", version, text, new string('a', 64), "", Time.GetUtcNow(), "王五", "原因");
}

public sealed class SqliteScreenTablesTests : ScreenTablesCompliance<SqliteEngine>;

public sealed class PostgresScreenTablesTests : ScreenTablesCompliance<PostgresEngine>;

public sealed class SqlServerScreenTablesTests : ScreenTablesCompliance<SqlServerEngine>;
