using System.Net;
using System.Text.Json.Nodes;
using Erp.Customs.Contracts;
using Erp.Customs.Module.Diagnostics;
using Erp.Customs.Tests.Admin;
using Erp.Customs.Tests.Hosting;
using Erp.Customs.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Erp.Customs.Tests.Archive;

/// <summary>Sealing, checkpoints and verification as an ERP meets them.</summary>
public class When_the_archive_is_sealed
{
    private const string Never = "0 0 0 1 1 ? 2099";

    [Fact]
    public async Task Should_go_on_by_itself_and_leave_a_checkpoint_at_the_stop()
    {
        string folder;
        await using (var world = await CustomsWorld.StartAsync(new Dictionary<string, string?> { ["Customs:Archive:SealingCron"] = "* * * * * ?" }))
        {
            folder = Directory.CreateTempSubdirectory("erp-customs-checkpoints-").FullName;
            await world.DeliveredAsync(CustomsWorld.Payment("PT1", "SO1"));
            await world.AnswerAsync("SO1");
            Assert.StartsWith("""{"code":"10000","message":"","serviceTime":""", (string?)await world.SqlAsync("SELECT answer FROM customs_request"), StringComparison.Ordinal);
            await Waiting.ForAsync(() => world.SqlAsync("SELECT COUNT(*) FROM evidence WHERE kind IN ('payment', 'payment_version', 'customs_request', 'envelope', 'upload_attempt')"), count => count is 5L);

            using var answer = await world.SendAsync(HttpMethod.Post, "/customs/api/verify-archive");
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            var verification = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
            Assert.True(verification["isClean"]!.GetValue<bool>(), verification.ToJsonString());
            Assert.Contains(await world.Modules.CheckAsync("Erp.Customs", default), check => check is { NameEn: "Archive sealing", Light: SelfCheckLight.Green });

            await world.SqlAsync("UPDATE payment SET response_charset = 'gbk'");
            using var again = await world.SendAsync(HttpMethod.Post, "/customs/api/verify-archive?from=1&to=2");
            var finding = Assert.Single(JsonNode.Parse(await again.Content.ReadAsStringAsync())!["findings"]!.AsArray())!;
            Assert.Equal(("changed", await world.SqlAsync("SELECT number FROM evidence WHERE kind = 'payment'")), (finding["kind"]!.GetValue<string>(), finding["number"]!.GetValue<long>()));

            await world.Modules.DisableAsync("Erp.Customs", default);
            foreach (var file in Directory.GetFiles(Path.Combine(Path.GetDirectoryName(world.DatabaseFile)!, "checkpoints")))
            {
                File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
            }
        }

        try
        {
            Assert.Contains("payment=1", JsonNode.Parse(await File.ReadAllTextAsync(Assert.Single(Directory.GetFiles(folder))))!["statement"]!.GetValue<string>(), StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Should_tell_people_when_records_wait_too_long()
    {
        var time = new ManualTime(TimeProvider.System.GetUtcNow());
        await using var world = await CustomsWorld.StartAsync(
            new Dictionary<string, string?> { ["Customs:Archive:SealingCron"] = Never, ["Customs:Archive:CheckpointCron"] = Never }, services => services.AddSingleton<TimeProvider>(time));
        var watch = world.Modules.Find<IEnumerable<IHostedService>>()!.OfType<SealingWatch>().Single();
        await world.DeliveredAsync(CustomsWorld.Payment("PT1", "SO1"));
        await watch.LookAsync(default);
        Assert.Equal(0L, await TellingsAsync());

        time.Jump(TimeSpan.FromMinutes(11));
        await watch.LookAsync(default);
        // The one on the clock looks too; whoever was first tells.
        await Waiting.ForAsync(TellingsAsync, count => count is 1L);
        await watch.LookAsync(default);

        Assert.Equal(1L, await TellingsAsync());
        var sealing = (await world.Modules.CheckAsync("Erp.Customs", default)).Single(check => check.NameEn == "Archive sealing");
        Assert.True(sealing.Light == SelfCheckLight.Red, sealing.SentenceEn);

        Task<object?> TellingsAsync() => world.SqlAsync("SELECT COUNT(*) FROM alert_message WHERE kind = 'archive_unsealed' AND level = 'alarm'");
    }

    [Fact]
    public async Task Should_be_verified_from_a_screen()
    {
        await using var world = await ScreenUser.WorldAsync(new() { ["Customs:Archive:SealingCron"] = "* * * * * ?" });
        await world.DeliveredAsync(CustomsWorld.Payment("PT1", "SO1"));
        await Waiting.ForAsync(() => world.SqlAsync("SELECT COUNT(*) FROM evidence"), count => count is 2L);
        using var clerk = new ScreenUser(world, ScreenUser.Act);
        Assert.Contains("验证全部", await clerk.TextAsync("/customs/admin/evidence"), StringComparison.Ordinal);

        Assert.Contains("已开始验证", await clerk.SendAsync("/customs/admin/evidence", "/customs/admin/evidence?handler=Verify", ("resume", "false")), StringComparison.Ordinal);
        var whole = await Waiting.ForAsync(() => clerk.TextAsync("/customs/admin/evidence"), page => page.Contains("编号 1 至 2", StringComparison.Ordinal));
        Assert.Contains("完好", whole, StringComparison.Ordinal);

        await world.SqlAsync("UPDATE payment SET response_charset = 'gbk'");
        await clerk.SendAsync("/customs/admin/evidence", "/customs/admin/evidence?handler=Verify", ("resume", "false"));
        var broken = await Waiting.ForAsync(() => clerk.TextAsync("/customs/admin/evidence?lang=en"), page => page.Contains("number 1: payment 1: the record is not what was sealed", StringComparison.Ordinal));
        Assert.Contains("1 findings", broken, StringComparison.Ordinal);
        using var reader = new ScreenUser(world, ScreenUser.View);
        Assert.DoesNotContain("验证全部", await reader.TextAsync("/customs/admin/evidence"), StringComparison.Ordinal);
    }
}
