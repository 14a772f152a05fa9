using System.Net;

namespace Erp.Customs.Tests.Hosting;

public sealed class When_the_module_screen_is_used(HostWithUsers host) : IClassFixture<HostWithUsers>
{
    private const string Screen = "/admin/modules";

    [Fact]
    public async Task It_shows_switches_and_shows_again_without_a_restart()
    {
        using var admin = await host.SignedInAsync("admin");
        var page = await admin.GetStringAsync(Screen);
        Assert.Contains("示例模块", page, StringComparison.Ordinal);
        Assert.Contains("供装载器的测试使用。", page, StringComparison.Ordinal);
        Assert.Contains("1.0.0", page, StringComparison.Ordinal);
        Assert.Contains("<span class=\"tag good\">运行中</span>", page, StringComparison.Ordinal);
        Assert.Contains("light green", page, StringComparison.Ordinal);
        Assert.Contains("sample.view", page, StringComparison.Ordinal);

        page = await PressAsync(admin, "Disable");
        Assert.Contains("「示例模块」已停用", page, StringComparison.Ordinal);
        Assert.Contains("<span class=\"tag off\">已停用</span>", page, StringComparison.Ordinal);
        using var refused = await admin.GetAsync("/sample/api/version");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Contains("请先启用", await PressAsync(admin, "Remove"), StringComparison.Ordinal);

        Assert.Contains("「示例模块」已启用", await PressAsync(admin, "Enable"), StringComparison.Ordinal);
        Assert.StartsWith("1.0.0", await admin.GetStringAsync("/sample/api/version"), StringComparison.Ordinal);
        Assert.Contains("不能卸载「示例模块」：示例数据须保留", await PressAsync(admin, "Remove"), StringComparison.Ordinal);

        await admin.GetStringAsync(Screen + "?lang=en");
        Assert.Contains("must not be uninstalled: the sample&#x27;s data must stay", await PressAsync(admin, "Remove"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Buttons_need_the_permission_and_a_token()
    {
        using var clerk = await host.SignedInAsync("clerk");
        using var denied = await clerk.PostFormAsync("/", Screen + "?handler=Disable", ("id", TestErp.Sample));
        Assert.Equal("/denied", denied.Headers.Location?.OriginalString);

        using var admin = await host.SignedInAsync("admin");
        using var forged = await admin.PostAsync(Screen + "?handler=Disable", new FormUrlEncodedContent([new("id", TestErp.Sample)]));
        Assert.Equal(HttpStatusCode.BadRequest, forged.StatusCode);

        using var unknown = await admin.PostFormAsync(Screen, Screen + "?handler=Disable", ("id", "Not.There"));
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    private static async Task<string> PressAsync(HttpClient admin, string button)
    {
        using var pressed = await admin.PostFormAsync(Screen, Screen + "?handler=" + button, ("id", TestErp.Sample));
        Assert.Equal(Screen, pressed.Headers.Location?.OriginalString);
        return await admin.GetStringAsync(Screen);
    }
}
