using System.Text;
using Erp.Customs.Contracts;
using Erp.Customs.Module;
using Erp.Customs.Module.Admin.Exports;
using Erp.Customs.Tests.Hosting;
using Erp.Customs.Tests.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using MiniExcelLibs;

namespace Erp.Customs.Tests.Admin;

/// <summary>导出: what stands on the screen as a file, masked as there, and nothing in it that a sheet would run.</summary>
public sealed class When_lists_are_exported : IDisposable
{
    private const string Requests = "/customs/admin/requests";
    private const string Clerk = ScreenUser.Act + " customs.export";

    private readonly string _folder = Directory.CreateTempSubdirectory("erp-customs-exports-").FullName;
    private readonly ManualTime _time = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("xlsx")]
    [InlineData("csv")]
    public async Task Should_hand_out_the_filtered_requests_in_the_columns_of_the_screen(string format)
    {
        await using var world = await ScreenUser.WorldAsync();
        await When_customs_requests_are_listed.RejectedAsync(world, "SO1", "收款账号 13817494910 有误");
        await world.DeliveredAsync(CustomsWorld.Payment("T2", "SO2"));
        await world.AnswerAsync("SO2");
        using var clerk = new ScreenUser(world, Clerk);

        var (name, content) = await clerk.DownloadAsync(Requests, Requests + "?handler=Export", ("state", "rejected"), ("format", format));

        Assert.Matches($@"^海关请求-\d{{8}}-\d{{6}}\.{format}$", name);
        var row = Assert.Single(Read(content, format));
        Assert.Equal(["接收时间", "订单编号", "商户", "支付企业", "sessionID", "状态", "发送次数", "用时（毫秒）", "下次处理", "海关回执", "说明"], row.Keys);
        Assert.Equal(("SO1", "ningbo", "支付宝", "被退回", "1"), (row["订单编号"], row["商户"], row["支付企业"], row["状态"], row["发送次数"]));
        Assert.Equal("20000 收款账号 *********** 有误", row["海关回执"]);
        Assert.Matches(@"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$", row["接收时间"]);
        var english = Read((await clerk.DownloadAsync(Requests, Requests + "?handler=Export&lang=en", ("format", format))).Content, format);
        Assert.Equal(["Accepted", "Rejected"], english.Select(one => one["State"]));
    }

    [Fact]
    public async Task Should_hand_out_the_chosen_ones_alone_and_say_what_is_wrong()
    {
        await using var world = await ScreenUser.WorldAsync();
        await world.AskAsync("SO1");
        await world.AskAsync("SO2");
        using var clerk = new ScreenUser(world, Clerk);
        var rows = Read((await clerk.DownloadAsync(Requests, Requests + "?handler=ExportChosen", ("id", "2"), ("format", "csv"))).Content, "csv");
        Assert.Equal("SO2", Assert.Single(rows)["订单编号"]);

        Assert.Contains("未选择任何请求，未作任何更改", await clerk.SendAsync(Requests, Requests + "?handler=ExportChosen", ("format", "csv")), StringComparison.Ordinal);
        Assert.Contains("导出格式须为 xlsx 或 csv，未导出", await clerk.SendAsync(Requests, Requests + "?handler=Export", ("format", "exe")), StringComparison.Ordinal);
        Assert.Contains("没有可导出的行", await clerk.SendAsync(Requests, Requests + "?handler=Export", ("format", "csv"), ("order", "none")), StringComparison.Ordinal);
        Assert.Contains("筛选条件有误", await clerk.SendAsync(Requests, Requests + "?handler=Export", ("format", "csv"), ("from", "nonsense")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_hand_out_payments_and_pushed_orders_too()
    {
        await using var world = await ScreenUser.WorldAsync();
        await world.DeliveredAsync(CustomsWorld.Payment("T1", "SO1", "SO2"));
        await world.PushedAsync(CustomsWorld.Push("SO3"));
        using var clerk = new ScreenUser(world, Clerk);

        const string payments = "/customs/admin/orders";
        var paid = Read((await clerk.DownloadAsync(payments, payments + "?handler=Export", ("order", "SO1 SO2"), ("format", "xlsx"))).Content, "xlsx");
        Assert.Equal([("SO1", "T1", "100.1"), ("SO2", "T1", "100.1")], paid.Select(row => (row["订单编号"], row["交易流水号"], row["金额"])));

        const string pushes = payments + "/pushes";
        var pushed = Assert.Single(Read((await clerk.DownloadAsync(pushes, pushes + "?handler=Export", ("format", "csv"))).Content, "csv"));
        Assert.Equal(("SO3", "张**"), (pushed["订单编号"], pushed["报关人"]));
        Assert.DoesNotContain("张三", string.Join('|', pushed.Values), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("+86", "'+86")]
    [InlineData("-1", "'-1")]
    [InlineData("@cmd", "'@cmd")]
    [InlineData("\t=1", "'\t=1")]
    [InlineData("\r=1", "'\r=1")]
    [InlineData("SO1=2", "SO1=2")]
    [InlineData("a\u0001b", "a\uFFFDb")]
    [InlineData("奶粉😀", "奶粉😀")]
    [InlineData("", "")]
    public async Task Should_quote_what_a_sheet_would_take_for_a_formula(string text, string cell)
    {
        Assert.Equal(cell, ExportFormat.Cell(text));
        Assert.Equal("\uFFFD", ExportFormat.Cell("\uD83D"));
        using var file = new MemoryStream();
        await ExportFormat.Find("xlsx")!.WriteAsync(List([[text]]), file, _ => { }, default);
        Assert.Equal(cell.ReplaceLineEndings("\n"), (Assert.Single(Read(file.ToArray(), "xlsx"))["列"] ?? "").ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task Should_go_on_in_the_background_with_progress_and_keep_the_file_for_its_owner_for_a_day()
    {
        await using var runs = Runs();
        var desk = new ExportDesk(runs, _time);
        var release = new TaskCompletionSource();
        var long1 = List(Enumerable.Range(1, 10_001).Select(number => (object?[])[$"={number}"]), release.Task);

        var (file, sentence, goesOn) = await desk.HandOutAsync(long1, ExportFormat.Find("csv"), "王五", default);

        Assert.Equal((null, true), (file, goesOn));
        Assert.Contains("正在后台导出", sentence, StringComparison.Ordinal);
        var run = await Waiting.ForAsync(() => Task.FromResult(Assert.Single(runs.Of("王五"))), one => one.Rows > 0);
        Assert.True(run.IsOpen);
        release.SetResult();
        await Waiting.ForAsync(() => Task.FromResult(run.State), state => state == ExportState.Done);
        Assert.Equal(10_001, run.Rows);
        Assert.Empty(runs.Of("李四"));
        Assert.False(runs.Remove(run.Id, "李四"));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(run.File));
        }

        var rows = Read(await File.ReadAllBytesAsync(run.File), "csv");
        Assert.Equal((10_001, "'=10001"), (rows.Count, rows[^1]["列"]));
        _time.Advance(TimeSpan.FromDays(1));
        Assert.Empty(runs.Of("王五"));
        Assert.False(File.Exists(run.File));
    }

    [Fact]
    public async Task Should_bound_how_many_one_user_has_and_end_one_that_is_not_wanted()
    {
        await using var runs = Runs();
        var never = new TaskCompletionSource();
        var list = List([["a"], ["b"]], never.Task);
        foreach (var _ in Enumerable.Range(0, ExportRuns.MostOfOne))
        {
            Assert.Null(runs.Begin(list, ExportFormat.All[0], "王五"));
        }

        Assert.Contains("您已有 5 个导出在进行", runs.Begin(list, ExportFormat.All[0], "王五"), StringComparison.Ordinal);
        Assert.Null(runs.Begin(list, ExportFormat.All[0], "李四"));
        var first = runs.Of("王五")[^1];
        Assert.True(runs.Remove(first.Id, "王五"));
        never.SetResult();
        await Waiting.ForAsync(() => Task.FromResult(runs.Of("王五")), all => all.All(run => !run.IsOpen));
        Assert.Equal(4, runs.Of("王五").Count(run => run.State == ExportState.Done));

        // One that is done makes room.
        Assert.Null(runs.Begin(list, ExportFormat.All[0], "王五"));
        Assert.Equal(ExportRuns.MostOfOne, runs.Of("王五").Count);
    }

    [Fact]
    public async Task Should_say_that_one_could_not_be_written_and_leave_nothing_of_it()
    {
        await using var runs = Runs();
        var broken = new ExportList("list", ["列"], 20_000, _ => throw new InvalidDataException("broken"));
        Assert.Null(runs.Begin(broken, ExportFormat.All[0], "王五"));
        var run = await Waiting.ForAsync(() => Task.FromResult(runs.Of("王五")[0]), one => !one.IsOpen);
        Assert.Equal(ExportState.Failed, run.State);
        Assert.Contains("InvalidDataException", run.Problem, StringComparison.Ordinal);
        Assert.False(File.Exists(run.File));
    }

    [Fact]
    public async Task Should_remove_what_an_earlier_start_left_and_say_so()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "exports"));
        await File.WriteAllTextAsync(Path.Combine(_folder, "exports", "left"), "left");
        await using (Runs())
        {
            Assert.False(Directory.Exists(Path.Combine(_folder, "exports")));
        }

        await using var world = await ScreenUser.WorldAsync();
        using var clerk = new ScreenUser(world, Clerk);
        using var gone = await clerk.GetAsync("/customs/admin/exports?handler=File&id=4711");
        Assert.Equal("/customs/admin/exports", gone.Headers.Location?.OriginalString);
        Assert.Contains("系统重启后也会清除；请回到列表重新导出", await clerk.TextAsync("/customs/admin/exports"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_be_fetched_on_its_page_by_who_asked_for_it_alone()
    {
        await using var world = await ScreenUser.WorldAsync();
        var runs = world.Modules.Find<ExportRuns>()!;
        Assert.Null(runs.Begin(List([["a"]]), ExportFormat.All[1], "王五"));
        var run = await Waiting.ForAsync(() => Task.FromResult(runs.Of("王五")[0]), one => !one.IsOpen);
        using var owner = new ScreenUser(world, Clerk);
        using var other = new ScreenUser(world, Clerk, "李四");

        Assert.Contains("已完成", await owner.TextAsync("/customs/admin/exports"), StringComparison.Ordinal);
        using var file = await owner.GetAsync($"/customs/admin/exports?handler=File&id={run.Id}");
        Assert.Equal("text/csv", file.Content.Headers.ContentType!.MediaType);
        Assert.Equal("a", Assert.Single(Read(await file.Content.ReadAsByteArrayAsync(), "csv"))["列"]);
        Assert.DoesNotContain(run.Id, await other.TextAsync("/customs/admin/exports"), StringComparison.Ordinal);
        using var refused = await other.GetAsync($"/customs/admin/exports?handler=File&id={run.Id}");
        Assert.Equal(System.Net.HttpStatusCode.Found, refused.StatusCode);
        Assert.Contains("没有这个导出", await other.SendAsync(Requests, "/customs/admin/exports?handler=Remove", ("id", run.Id)), StringComparison.Ordinal);
        Assert.Contains("已取消或删除该导出", await owner.SendAsync("/customs/admin/exports", "/customs/admin/exports?handler=Remove", ("id", run.Id)), StringComparison.Ordinal);
        Assert.False(File.Exists(run.File));
    }

    private ExportRuns Runs() => new(
        new ModuleContext(new ModuleManifest("Erp.Customs", "海关", "Customs", "1.0.0", "", "", "x.dll", "X", ModuleManifest.ContractsVersion), _folder, _folder, new ConfigurationBuilder().Build()), _time, NullLogger<ExportRuns>.Instance);

    /// <summary>A list of one column; what is behind its first row waits.</summary>
    private static ExportList List(IEnumerable<object?[]> rows, Task? until = null)
    {
        var all = rows.ToList();
        return new("list", ["列"], all.Count, _ => RowsAsync());

        async IAsyncEnumerable<IReadOnlyList<object?>> RowsAsync()
        {
            foreach (var (at, row) in all.Index())
            {
                if (at > 0 && until is not null)
                {
                    await until;
                }

                yield return row;
            }
        }
    }

    private static List<Dictionary<string, string?>> Read(byte[] content, string format)
    {
        if (format == "csv")
        {
            Assert.Equal(Encoding.UTF8.GetPreamble(), content[..3]);
        }

        using var file = new MemoryStream(content);
        return [.. file.Query(useHeaderRow: true, excelType: format == "csv" ? ExcelType.CSV : ExcelType.XLSX).Cast<IDictionary<string, object?>>()
            .Select(row => row.ToDictionary(cell => cell.Key, cell => cell.Value is null ? null : Convert.ToString(cell.Value, System.Globalization.CultureInfo.InvariantCulture), StringComparer.Ordinal))];
    }
}
