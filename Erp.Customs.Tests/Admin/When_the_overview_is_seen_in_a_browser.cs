using Erp.Customs.Contracts;
using Erp.Customs.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace Erp.Customs.Tests.Admin;

public class When_the_overview_is_seen_in_a_browser
{
    [BrowserTheory]
    [InlineData("zh-CN", "海关")]
    [InlineData("en", "customs")]
    public async Task Should_be_read_by_everybody_and_on_a_telephone(string language, string word)
    {
        await using var world = await CustomsWorld.StartAsync(services: services => services.AddSingleton<IErpUsers>(new HeaderUsers()));
        await world.DeliveredAsync(CustomsWorld.Payment("T1", "SO1"));
        await world.AnswerAsync("SO1");
        await using var browser = await BrowserPage.OpenAsync(world.Http.BaseAddress!, "王五", "customs.view", language);

        await browser.Page.GotoAsync("/customs/admin?lang=" + language);

        await Assertions.Expect(browser.Page.Locator("html")).ToHaveAttributeAsync("lang", language);
        await Assertions.Expect(browser.Page.Locator("h1")).ToContainTextAsync(word);
        await browser.Page.ShouldBeAccessibleAsync();
        await browser.Page.ShouldNotScrollSidewaysAsync();
        await browser.ScreenshotAsync("overview-" + language);
    }
}
