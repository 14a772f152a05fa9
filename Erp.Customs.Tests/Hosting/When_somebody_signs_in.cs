using System.Net;

namespace Erp.Customs.Tests.Hosting;

public sealed class When_somebody_signs_in(HostWithUsers host) : IClassFixture<HostWithUsers>
{
    [Fact]
    public async Task A_right_password_gives_a_cookie_that_scripts_and_other_sites_do_not_get()
    {
        using var browser = host.Program.Browser();
        using var response = await browser.SignInAsync("ADMIN", returnUrl: "/admin/modules?x=1");

        Assert.Equal("/admin/modules?x=1", response.Headers.Location?.OriginalString);
        var cookie = response.Headers.GetValues("Set-Cookie").Single(header => header.StartsWith("erp.session=", StringComparison.Ordinal));
        Assert.Contains("; httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("; samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains(">admin<", await browser.GetStringAsync("/"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("clerk", "wrong password")]
    [InlineData("nobody", Screens.Password)]
    [InlineData("broken", Screens.Password)]
    public async Task A_wrong_name_or_password_gives_one_and_the_same_sentence(string name, string password)
    {
        using var browser = host.Program.Browser();
        using var response = await browser.SignInAsync(name, password);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains("用户名或口令不正确。", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.False(response.Headers.TryGetValues("Set-Cookie", out var cookies) && cookies.Any(cookie => cookie.StartsWith("erp.session", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("https://elsewhere.example/")]
    [InlineData("//elsewhere.example/")]
    public async Task Addresses_elsewhere_are_not_followed(string returnUrl)
    {
        using var browser = host.Program.Browser();
        using var response = await browser.SignInAsync("guest", returnUrl: returnUrl);
        Assert.Equal("/", response.Headers.Location?.OriginalString);
    }

    [Fact]
    public async Task Guessing_is_braked_also_for_a_name_that_does_not_exist()
    {
        using var browser = host.Program.Browser();
        for (var attempt = 0; attempt < 5; attempt++)
        {
            using var wrong = await browser.SignInAsync("mallory", "guess " + attempt);
            Assert.Equal(HttpStatusCode.OK, wrong.StatusCode);
        }

        using var braked = await browser.SignInAsync("Mallory ", "guess 6");
        Assert.Equal(HttpStatusCode.TooManyRequests, braked.StatusCode);
        Assert.Contains("尝试次数过多", await braked.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_without_a_token_is_refused()
    {
        using var browser = host.Program.Browser();
        using var response = await browser.PostAsync("/login", new FormUrlEncodedContent([new("name", "admin"), new("password", Screens.Password)]));
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task Signing_out_takes_a_form_and_not_a_link()
    {
        using var browser = await host.SignedInAsync("clerk");
        using var link = await browser.GetAsync("/logout");
        using var still = await browser.GetAsync("/");
        Assert.Equal(HttpStatusCode.OK, still.StatusCode);

        using var form = await browser.PostFormAsync("/", "/logout");
        using var gone = await browser.GetAsync("/");
        Assert.Equal("/login?returnUrl=%2F", gone.Headers.Location?.OriginalString);
    }

    [Fact]
    public async Task A_module_knows_who_it_is_and_sends_others_to_the_sign_in()
    {
        using var stranger = host.Program.Browser();
        using var refused = await stranger.GetAsync("/sample/api/closed?a=1");
        Assert.Equal(HttpStatusCode.Found, refused.StatusCode);
        Assert.Equal("/login?returnUrl=%2Fsample%2Fapi%2Fclosed%3Fa%3D1", refused.Headers.Location?.OriginalString);

        using var clerk = await host.SignedInAsync("clerk");
        Assert.Equal("clerk", await clerk.GetStringAsync("/sample/api/closed?a=1"));
    }

    [Fact]
    public async Task A_screen_without_its_permission_is_denied_and_not_in_the_menu()
    {
        using var clerk = await host.SignedInAsync("clerk");
        using var modules = await clerk.GetAsync("/admin/modules");
        Assert.Equal("/denied", modules.Headers.Location?.OriginalString);
        using var denied = await clerk.GetAsync("/denied");
        Assert.Equal(HttpStatusCode.Forbidden, denied.StatusCode);

        var home = await clerk.GetStringAsync("/");
        Assert.Contains("href=\"/sample\"", home, StringComparison.Ordinal);
        Assert.DoesNotContain("/admin/modules", home, StringComparison.Ordinal);
        using var guest = await host.SignedInAsync("guest");
        Assert.DoesNotContain("href=\"/sample\"", await guest.GetStringAsync("/"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_say_what_a_browser_may_do_with_them()
    {
        using var browser = host.Program.Browser();
        using var page = await browser.GetAsync("/login");
        var policy = Assert.Single(page.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("script-src 'self'; style-src 'self'", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'self'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(page.Headers.GetValues("X-Content-Type-Options")));
        Assert.False(page.Headers.Contains("Server"));
        var html = await page.Content.ReadAsStringAsync();
        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
        Assert.DoesNotContain("style=", html, StringComparison.Ordinal);
        Assert.Contains("table", await browser.GetStringAsync("/site.css"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_language_that_was_chosen_is_remembered()
    {
        using var browser = host.Program.Browser();
        Assert.Contains("<html lang=\"zh-CN\">", await browser.GetStringAsync("/login"), StringComparison.Ordinal);
        Assert.Contains("<h1>Sign in</h1>", await browser.GetStringAsync("/login?lang=en"), StringComparison.Ordinal);
        Assert.Contains("<html lang=\"en\">", await browser.GetStringAsync("/login"), StringComparison.Ordinal);
        Assert.Contains("<h1>登录</h1>", await browser.GetStringAsync("/login?lang=zh-CN"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_module_gets_secrets_from_the_hosts_files()
    {
        using var browser = host.Program.Browser();
        Assert.Equal("sesame", await browser.GetStringAsync("/sample/api/secret"));
    }

    [Fact]
    public async Task A_page_that_is_not_there_says_so()
    {
        using var browser = await host.SignedInAsync("guest");
        using var page = await browser.GetAsync("/nowhere");
        Assert.Equal(HttpStatusCode.NotFound, page.StatusCode);
        Assert.Contains("页面不存在", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}
