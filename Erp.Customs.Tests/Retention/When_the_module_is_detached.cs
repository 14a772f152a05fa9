using Erp.Customs.Contracts;
using Erp.Customs.Contracts.Hosting;
using Erp.Customs.Tests.Support;

namespace Erp.Customs.Tests.Retention;

/// <summary>停用并保留档案, and the refusal to uninstall before it.</summary>
public class When_the_module_is_detached
{
    private const string Id = "Erp.Customs";

    [Fact]
    public async Task Should_leave_an_archive_that_is_verified_and_read_without_the_module_running()
    {
        await using var world = await CustomsWorld.StartAsync();
        await world.DeliveredAsync(CustomsWorld.Payment("T1", "SO1"));
        await world.AnswerAsync("SO1");

        var sentence = await world.Modules.DetachAsync(Id, CancellationToken.None);

        Assert.Contains("档案保留在 " + world.DatabaseFile, sentence, StringComparison.Ordinal);
        Assert.Equal(ModuleState.Disabled, world.Module.State);
        var told = await File.ReadAllTextAsync(Path.Combine(Path.GetDirectoryName(world.DatabaseFile)!, "ARCHIVE.txt"));
        Assert.Contains("仍有 1 笔支付记录", told, StringComparison.Ordinal);
        Assert.Contains("archive verify --data", told, StringComparison.Ordinal);

        var (verification, order) = await world.Modules.ReadAsync<ICustoms, (ArchiveVerification, OrderStatus?)>(
            Id, async customs => (await customs.VerifyArchiveAsync(new ArchiveRange(), progress: null, CancellationToken.None), await customs.FindOrderAsync("SO1", null, CancellationToken.None)), CancellationToken.None);
        Assert.True(verification.IsClean, string.Join('\n', verification.Findings));
        Assert.True(verification.Checked > 5);
        Assert.True(verification.LastCheckpoint > 0);
        Assert.Equal("T1", order?.PayTransactionId);
        Assert.Equal(ModuleState.Disabled, world.Module.State);

        Assert.Equal(ModuleState.Running, (await world.Modules.EnableAsync(Id, CancellationToken.None)).State);
        Assert.NotNull(await world.Services.FindOrderAsync("SO1", null, CancellationToken.None));
        await Assert.ThrowsAsync<ModuleConfigurationException>(() => world.Modules.ReadAsync<ICustoms, int>(Id, _ => Task.FromResult(1), CancellationToken.None));
    }

    [Fact]
    public async Task Should_not_be_uninstalled_while_a_hold_stands_or_a_request_is_open()
    {
        await using var world = await CustomsWorld.StartAsync();
        Assert.Null(await world.Modules.WhyKeepAsync(Id, CancellationToken.None));
        var old = CustomsWorld.Payment("T1", "SO1");
        old["tradingTime"] = "2019-11-11T00:00:01+08:00";
        await world.DeliveredAsync(old);
        Assert.Null(await world.Modules.WhyKeepAsync(Id, CancellationToken.None));

        using (var told = await world.SendAsync(HttpMethod.Post, "/customs/api/orders/SO1/end", new System.Text.Json.Nodes.JsonObject { ["merchant"] = "ningbo", ["kind"] = "after_sales", ["endedAt"] = "2026-11-20T00:00:01+08:00" }))
        {
            Assert.Equal(System.Net.HttpStatusCode.NoContent, told.StatusCode);
        }

        var why = await world.Modules.WhyKeepAsync(Id, CancellationToken.None);
        Assert.Contains("仍有 1 笔支付记录", why, StringComparison.Ordinal);
        Assert.Contains("2029-11-21 期满", why, StringComparison.Ordinal);
        Assert.Contains("the last record on 2029-11-21", why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("kind", "returned", "2026-11-20T00:00:01+08:00", "ningbo")]
    [InlineData("endedAt", "delivered", "soon", "ningbo")]
    [InlineData("merchant", "delivered", "2026-11-20T00:00:01+08:00", "nobody")]
    public async Task Should_name_what_is_wrong_with_the_end_of_an_order(string field, string kind, string endedAt, string merchant)
    {
        await using var world = await CustomsWorld.StartAsync();
        using var refused = await world.SendAsync(HttpMethod.Post, "/customs/api/orders/SO1/end", new System.Text.Json.Nodes.JsonObject { ["merchant"] = merchant, ["kind"] = kind, ["endedAt"] = endedAt });
        Assert.Equal(System.Net.HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains(field, await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(0L, await world.SqlAsync("SELECT COUNT(*) FROM order_end"));
    }
}
