using Erp.Customs.Contracts;
using Erp.Customs.Module.Signing;
using Erp.Customs.Reliability.World;
using Erp.Customs.Tests.Signing.Agents;
using Erp.Customs.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Erp.Customs.Tests.Admin;

/// <summary>签名与证书: each merchant's signer, its agents, the button that tries it and the one that reopens it.</summary>
public class When_signers_are_looked_at
{
    private const string Page = "/customs/admin/signing";

    [Fact]
    public async Task Should_show_each_merchant_with_its_agents_and_try_its_signer()
    {
        await using var world = await WorldAsync();
        using var clerk = new ScreenUser(world.World, ScreenUser.Act);
        var before = await clerk.TextAsync(Page);
        Assert.Contains("从未连接", before, StringComparison.Ordinal);
        Assert.Contains("60 秒内没有签名代理连接", before, StringComparison.Ordinal);
        Assert.Contains("KeyFile", before, StringComparison.Ordinal);

        await world.AgentAsync();
        await world.SeenAsync(agent => agent.Standing.CertNo is not null);
        var page = await clerk.TextAsync(Page);
        Assert.Contains(world.Control.Card.CertNo, page, StringComparison.Ordinal);
        Assert.Contains(Environment.MachineName, page, StringComparison.Ordinal);
        Assert.Matches("1,09[0-9]", page);
        Assert.DoesNotContain("重新启用", page, StringComparison.Ordinal);

        var tried = await clerk.SendAsync(Page, Page + "?handler=Test", ("merchant", "ningbo"));
        Assert.Matches($"ningbo Agent 签名并验证成功：SM2-SM3，证书编号 {world.Control.Card.CertNo}，有效期 .*，用时 [0-9,]+ 毫秒", tried);
        Assert.Contains("没有这个商户，未签名", await clerk.SendAsync(Page, Page + "?handler=Test", ("merchant", "beijing")), StringComparison.Ordinal);
        Assert.Contains("未作任何更改", await clerk.SendAsync(Page, Page + "?handler=Reopen", ("merchant", "ningbo")), StringComparison.Ordinal);
        Assert.Contains("Last sign of life", await clerk.TextAsync(Page + "?lang=en"), StringComparison.Ordinal);

        using var reader = new ScreenUser(world.World, ScreenUser.View);
        Assert.DoesNotContain("测试签名", await reader.TextAsync(Page), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_show_a_wrong_PIN_and_let_a_person_reopen_the_merchant()
    {
        await using var world = await WorldAsync();
        await world.AgentAsync(pin: "13572468");
        using var clerk = new ScreenUser(world.World, ScreenUser.Act);

        var tried = await clerk.SendAsync(Page, Page + "?handler=Test", ("merchant", "ningbo"));
        Assert.Contains("PIN 有误", tried, StringComparison.Ordinal);
        Assert.Contains("重新启用", tried, StringComparison.Ordinal);
        using var reader = new ScreenUser(world.World, ScreenUser.View);
        Assert.DoesNotContain("重新启用", await reader.TextAsync(Page), StringComparison.Ordinal);

        AgentProgram.Prepare(world.FolderOf("pc-1"), world.ModuleAddress, AgentWorld.TokenOf("pc-1"), world.Control, AgentWorld.Pin);
        Assert.Contains("已重新启用 ningbo", await clerk.SendAsync(Page, Page + "?handler=Reopen", ("merchant", "ningbo")), StringComparison.Ordinal);
        await world.SeenAsync(agent => agent.ClosedAt is null && agent.Standing.Error.Length == 0);
        Assert.NotEmpty((await world.World.Modules.Find<Signers>()!.Of("ningbo")[0].SignAsync(Erp.Customs.Tests.Signing.TestCards.Request, CancellationToken.None)).SignValue);
    }

    private static Task<AgentWorld> WorldAsync() => AgentWorld.StartAsync(services: services => services.AddSingleton<IErpUsers>(new HeaderUsers()));
}
