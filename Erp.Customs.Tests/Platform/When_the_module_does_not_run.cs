using Erp.Customs.Contracts.Hosting;
using Erp.Customs.Module.Platform;
using Erp.Customs.Tests.Support;

namespace Erp.Customs.Tests.Platform;

public class When_the_module_does_not_run
{
    private static readonly string Good = AskedAnswer.OpenReq("SO1", "session-1");

    [Fact]
    public async Task Should_tell_customs_to_come_again_while_it_is_switched_off_and_take_them_afterwards()
    {
        await using var world = await CustomsWorld.StartAsync();
        await world.Modules.DisableAsync("Erp.Customs", CancellationToken.None);
        foreach (var path in new[] { "/customs/platDataOpen", "/customs/ningbo/platDataOpen", "/customs/PLATDATAOPEN", "/customs/platDataOpen/" })
        {
            Assert.Equal((path, OpenReqCode.Failed), (path, (await AskedAnswer.PostAsync(world, Good, path)).Code));
        }

        Assert.Equal(OpenReqCode.Failed, (await AskedAnswer.SendAsync(world, HttpMethod.Get, AskedAnswer.Path, content: null)).Code);
        Assert.Equal(0, await world.RequestsAsync());

        Assert.Equal(ModuleState.Running, (await world.Modules.EnableAsync("Erp.Customs", CancellationToken.None)).State);
        Assert.Equal(OpenReqCode.Accepted, (await AskedAnswer.PostAsync(world, Good)).Code);
        Assert.Equal(1, await world.RequestsAsync());
    }

    [Fact]
    public async Task Should_tell_the_ERP_so_in_its_own_form()
    {
        await using var world = await CustomsWorld.StartAsync();
        await world.Modules.DisableAsync("Erp.Customs", CancellationToken.None);
        using var refused = await world.DeliverAsync(CustomsWorld.Payment("T1", "SO1"));
        Assert.Equal(503, (int)refused.StatusCode);
        Assert.Contains("模块已停用", (string?)(await System.Text.Json.Nodes.JsonNode.ParseAsync(await refused.Content.ReadAsStreamAsync()))!["error"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_keep_what_was_acknowledged_while_it_is_switched_off_and_answer_it_afterwards()
    {
        await using var world = await CustomsWorld.StartAsync();
        var (sessionId, _) = await world.AskAsync("SO1");
        await world.WaitAsync(sessionId, "waiting_data");
        await world.Modules.DisableAsync("Erp.Customs", CancellationToken.None);
        Assert.Equal(1, await world.RequestsAsync());
        await world.Modules.EnableAsync("Erp.Customs", CancellationToken.None);
        await world.DeliveredAsync(CustomsWorld.Payment("T1", "SO1"));
        await world.WaitAsync(sessionId, "accepted");
    }

    [Theory]
    [InlineData("Customs:Upload:Url", null, "customs.chinaport.gov.cn", "swapptest.singlewindow.cn")]
    [InlineData("Customs:RequestsPerSecond", "many", "1", "1000000")]
    [InlineData("Customs:Merchants:ningbo:Signing:Kind", "Card", "KeyFile", "KeyFile")]
    public async Task Should_show_the_wrong_setting_and_tell_customs_to_come_again(string setting, string? value, string allowed, string more)
    {
        await using var world = await CustomsWorld.StartAsync(new(StringComparer.Ordinal) { [setting] = value }, mayFail: true);
        Assert.Equal(ModuleState.Failed, world.Module.State);
        Assert.Contains(setting, world.Module.Sentence, StringComparison.Ordinal);
        Assert.Contains(allowed, world.Module.Sentence, StringComparison.Ordinal);
        Assert.Contains(more, world.Module.Sentence, StringComparison.Ordinal);
        Assert.Equal(OpenReqCode.Failed, (await AskedAnswer.PostAsync(world, Good)).Code);
    }
}
