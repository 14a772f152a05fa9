using Erp.Customs.Reliability.World;
using Microsoft.Data.Sqlite;

namespace Erp.Customs.Tests.Hosting;

public sealed class When_the_demo_runs : IDisposable
{
    private readonly TestFolders _folders = new();

    public void Dispose() => _folders.Dispose();

    [Fact]
    public async Task Should_have_everything_accepted_again_and_again_and_see_a_changed_byte()
    {
        var first = await DemoAsync();
        Assert.True(first.ExitCode == 0, first.Out + first.Error);
        Assert.Contains("24/24 新增 new 24，已有 known 0", first.Out, StringComparison.Ordinal);
        Assert.Contains("4/4 新增 new 4，已有 known 0", first.Out, StringComparison.Ordinal);
        Assert.Equal(30, Accepted(first.Out));

        var second = await DemoAsync();
        Assert.True(second.ExitCode == 0, second.Out + second.Error);
        Assert.Contains("24/24 新增 new 0，已有 known 24", second.Out, StringComparison.Ordinal);
        Assert.Contains("4/4 新增 new 0，已有 known 4", second.Out, StringComparison.Ordinal);
        Assert.Equal(30, Accepted(second.Out));

        await using (var database = new SqliteConnection($"Data Source={Path.Combine(_folders.Data, "Erp.Customs", "customs.db")};Pooling=False"))
        {
            await database.OpenAsync();
            using var tamper = database.CreateCommand();
            tamper.CommandText = "UPDATE payment SET response = CAST(response || x'20' AS BLOB) WHERE id = 3";
            Assert.Equal(1, await tamper.ExecuteNonQueryAsync());
        }

        var third = await DemoAsync();
        Assert.Equal(1, third.ExitCode);
        Assert.Contains("payment 3 response", third.Error, StringComparison.Ordinal);
        Assert.Contains("SHA-256", third.Error.Split('\n').Single(line => line.Contains("needs_person", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_is_brought_up_to_date_once_and_said_so_before()
    {
        var would = await MigrateAsync("--dry-run");
        Assert.True(would.ExitCode == 0, would.Error);
        Assert.Contains("would apply", would.Out, StringComparison.Ordinal);
        Assert.Contains("0001_", would.Out, StringComparison.Ordinal);
        Assert.Contains("applied", (await MigrateAsync()).Out, StringComparison.Ordinal);
        Assert.Contains("up to date", (await MigrateAsync()).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_setting_is_named_in_one_sentence()
    {
        var (exitCode, _, error) = await HostProgram.RunAsync(null, "migrate", "--data", _folders.Data);
        Assert.Equal(1, exitCode);
        Assert.Contains("Customs:Upload:Url", error, StringComparison.Ordinal);
        Assert.Single(error.Trim().Split('\n'));
    }

    private static int Accepted(string output) => output.Split('\n').Count(line => line.Contains("  accepted  ", StringComparison.Ordinal));

    private Task<(int ExitCode, string Out, string Error)> DemoAsync() =>
        HostProgram.RunAsync(null, "demo", "--exit", "--urls", "http://127.0.0.1:0", "--data", _folders.Data);

    private Task<(int ExitCode, string Out, string Error)> MigrateAsync(params string[] more) => HostProgram.RunAsync(
        null,
        ["migrate", .. more, "--data", _folders.Data, "--Customs:Upload:Url", "http://127.0.0.1:1/", "--Customs:Merchants:m:EbpCode", "1", "--Customs:Merchants:m:Signing:Kind", "KeyFile", "--Customs:Merchants:m:Signing:KeyFile", "none.pem"]);
}
