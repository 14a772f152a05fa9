using System.Net;
using System.Text.RegularExpressions;
using Erp.Customs.Contracts;
using Erp.Customs.Contracts.Hosting;
using Erp.Customs.Module;
using Erp.Customs.Module.Admin.Settings;
using Erp.Customs.Tests.Hosting;
using Erp.Customs.Tests.Support;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Erp.Customs.Tests.Admin;

/// <summary>参数设置: shown in words, changed with everything checked, in force from the next start.</summary>
public class When_a_setting_is_changed
{
    internal const string Screen = "/customs/admin/settings";
    internal const string MaySet = "customs.view customs.settings";

    [Fact]
    public async Task Should_show_all_settings_with_their_source_and_no_secret()
    {
        await using var world = await ScreenUser.WorldAsync(new()
        {
            ["Customs:Deadline"] = "100",
            ["Customs:Alerts:Channels:ops:Kind"] = "webhook",
            ["Customs:Alerts:Channels:ops:Url"] = "http://127.0.0.1:9/hook?token=CANARY-TOKEN",
            ["Customs:Alerts:Channels:ops:Secret"] = "CANARY-SECRET",
        });
        using var reader = new ScreenUser(world, ScreenUser.View);

        var page = await reader.TextAsync(Screen);

        Assert.Matches("(?s)data-setting=\"Customs:Deadline\">.*?<td class=\"wrap\">100 秒 *</td>\\s*<td class=\"wrap\">120 秒</td>\\s*<td class=\"nowrap\">宿主配置</td>", page);
        Assert.Matches("(?s)data-setting=\"Customs:Retention:Years\">.*?<td class=\"wrap\">3 年 *</td>\\s*<td class=\"wrap\">3 年</td>\\s*<td class=\"nowrap\">默认</td>", page);
        Assert.Matches("(?s)data-setting=\"Customs:Archive:Key\">.*?已设置", page);
        Assert.Contains("ops：最低级别", page, StringComparison.Ordinal);
        Assert.Contains("演练环境", page, StringComparison.Ordinal);
        Assert.DoesNotContain("CANARY", page, StringComparison.Ordinal);
        Assert.DoesNotContain(CustomsWorld.Password, page, StringComparison.Ordinal);
        Assert.DoesNotContain(CustomsWorld.ArchiveKey, page, StringComparison.Ordinal);
        Assert.DoesNotContain("name=\"Customs:", page, StringComparison.Ordinal);
        Assert.Contains("Answer due after receipt", await reader.TextAsync(Screen + "?lang=en"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_wait_for_the_restart_count_from_it_and_outlive_the_next_start()
    {
        var folder = Directory.CreateTempSubdirectory("erp-customs-settings-").FullName;
        try
        {
            await using (var world = await WorldAsync(folder))
            {
                using var operatorUser = new ScreenUser(world, MaySet);
                var page = await operatorUser.SendAsync(Screen, Screen + "?handler=Save", Deadline("90"));
                Assert.Contains("已保存，待生效：应答时限（自接收起） 120 → 90", page, StringComparison.Ordinal);
                // Data that is not there by the deadline is a person's matter: that waits with it.
                Assert.Contains("待生效 2", page, StringComparison.Ordinal);
                Assert.Equal(120, world.Modules.Find<CustomsOptions>()!.Deadline.TotalSeconds);

                using var restart = await operatorUser.PostAsync(Screen + "?handler=Restart", await operatorUser.TokenAsync(Screen));
                Assert.Equal(HttpStatusCode.Found, restart.StatusCode);
                await Waiting.ForAsync(() => Task.FromResult(world.Modules.Find<CustomsOptions>()?.Deadline.TotalSeconds), seconds => seconds is 90);
                page = await operatorUser.TextAsync(Screen);
                Assert.Matches("(?s)data-setting=\"Customs:Deadline\">.*?<td class=\"wrap\">90 秒 *</td>.*?本页", page);
                Assert.DoesNotContain("id=\"waiting\"", page, StringComparison.Ordinal);
                Assert.Matches("(?s)id=\"history\".*王五.*应答时限.*120.*90.*联调需要", page);
            }

            await using var again = await WorldAsync(folder);
            Assert.Equal(90, again.Modules.Find<CustomsOptions>()!.Deadline.TotalSeconds);
            using var other = new ScreenUser(again, MaySet);
            Assert.Contains("已保存，待生效：应答时限（自接收起） 90 → 120", await other.SendAsync(Screen, Screen + "?handler=PutBack", ("id", "1"), ("number", "1"), ("reason", "恢复")), StringComparison.Ordinal);
            Assert.Equal(DBNull.Value, await again.SqlAsync("SELECT new_value FROM setting_change WHERE id = 2"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        static Task<CustomsWorld> WorldAsync(string folder) => CustomsWorld.StartAsync(services: services => services.AddSingleton<IErpUsers>(new HeaderUsers()), folder: folder);
    }

    [Theory]
    [InlineData("upload", "Customs:Deadline", "120", "soon", "设置 Customs:Deadline 的值“soon”有误")]
    [InlineData("retention", "Customs:Retention:Years", "3", "2", "3 至 100 的整数")]
    [InlineData("retention", "Customs:Retention:Cron", "0 15 3 * * ?", "every day", "Quartz cron 表达式")]
    [InlineData("retention", "Customs:Retention:TimeZone", "", "Mars/Olympus", "本机所知的时区")]
    [InlineData("retry", "Customs:Retry:Unknown:Most", "60", "0", "Customs:Retry:Unknown:Most")]
    [InlineData("upload", "Customs:Deadline", "120", "120", "没有改动，未保存")]
    [InlineData("upload", "Customs:Upload:Url", "x", "https://evil.example/", "没有改动，未保存")]
    public async Task Should_be_refused_in_one_sentence_at_the_field_and_change_nothing(string group, string name, string was, string value, string sentence)
    {
        await using var world = await ScreenUser.WorldAsync();
        using var operatorUser = new ScreenUser(world, MaySet);

        var (status, page) = await PostedAsync(operatorUser, ("group", group), ("number", "0"), ("was:" + name, was), (name, value), ("reason", "试试"));

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains(sentence, page, StringComparison.Ordinal);
        if (sentence.Contains("设置", StringComparison.Ordinal) && was != value && name != "Customs:Upload:Url")
        {
            Assert.Contains("aria-invalid=\"true\"", page, StringComparison.Ordinal);
        }

        Assert.Equal(0L, await world.SqlAsync("SELECT COUNT(*) FROM setting_change"));
        Assert.Equal("failed", await world.SqlAsync("SELECT result FROM operation"));
    }

    [Fact]
    public async Task Should_need_a_reason_and_be_checked_together_with_all_others()
    {
        await using var world = await ScreenUser.WorldAsync();
        using var operatorUser = new ScreenUser(world, MaySet);
        var (_, page) = await PostedAsync(operatorUser, [.. Deadline("90")[..^1], ("reason", " ")]);
        Assert.Contains("请填写修改原因", page, StringComparison.Ordinal);

        // Each alone would be right.
        (_, page) = await PostedAsync(
            operatorUser, ("group", "retry"), ("number", "0"), ("reason", "试试"), ("was:Customs:Retry:Unknown:Least", "1"), ("Customs:Retry:Unknown:Least", "50"),
            ("was:Customs:Retry:Unknown:Most", "60"), ("Customs:Retry:Unknown:Most", "40"));
        Assert.Contains("50 至 86400 的整数", page, StringComparison.Ordinal);
        Assert.Equal(0L, await world.SqlAsync("SELECT COUNT(*) FROM setting_change"));
    }

    [Fact]
    public async Task Should_be_told_that_somebody_else_has_changed_settings_meanwhile()
    {
        await using var world = await ScreenUser.WorldAsync();
        using var first = new ScreenUser(world, MaySet);
        using var second = new ScreenUser(world, MaySet, "李四");
        await second.SendAsync(Screen, Screen + "?handler=Save", Deadline("90"));

        var (_, page) = await PostedAsync(first, ("group", "retention"), ("number", "0"), ("was:Customs:Retention:Years", "3"), ("Customs:Retention:Years", "5"), ("reason", "集团要求"));

        Assert.Contains("其间参数已被他人修改", page, StringComparison.Ordinal);
        Assert.Contains("最近由 李四", page, StringComparison.Ordinal);
        Assert.Equal(1L, await world.SqlAsync("SELECT COUNT(*) FROM setting_change"));
        // What he typed stays, beside the number of the settings as they are now: he may save it knowingly.
        Assert.Contains("name=\"Customs:Retention:Years\" value=\"5\"", page, StringComparison.Ordinal);
        Assert.Contains("name=\"number\" value=\"1\"", page, StringComparison.Ordinal);
        Assert.Contains("保留年限", await first.SendAsync(
            Screen, Screen + "?handler=Save", ("group", "retention"), ("number", "1"), ("was:Customs:Retention:Years", "3"), ("Customs:Retention:Years", "5"), ("reason", "集团要求")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_count_from_the_next_start_where_the_host_offers_no_restart()
    {
        await using var world = await ScreenUser.WorldAsync(services: services => services.AddSingleton<IModuleRestart>(new NoRestart()));
        using var operatorUser = new ScreenUser(world, MaySet);
        var page = await operatorUser.SendAsync(Screen, Screen + "?handler=Save", Deadline("90"));
        Assert.Contains("ERP 未开放从页面重启模块", page, StringComparison.Ordinal);
        Assert.DoesNotContain("handler=Restart", page, StringComparison.Ordinal);

        await world.Modules.DisableAsync("Erp.Customs", CancellationToken.None);
        await world.Modules.EnableAsync("Erp.Customs", CancellationToken.None);

        Assert.Equal(90, world.Modules.Find<CustomsOptions>()!.Deadline.TotalSeconds);
    }

    [Fact]
    public async Task Should_not_bring_back_a_channel_that_the_host_has_no_more()
    {
        var folder = Directory.CreateTempSubdirectory("erp-customs-settings-").FullName;
        try
        {
            await using (var world = await WorldAsync(folder, "webhook"))
            {
                using var operatorUser = new ScreenUser(world, MaySet);
                await operatorUser.SendAsync(
                    Screen, Screen + "?handler=Save", ("group", "alerts"), ("number", "0"), ("was:Customs:Alerts:Channels:ops:Level", "warning"), ("Customs:Alerts:Channels:ops:Level", "alarm"), ("reason", "太吵"));
            }

            await using (var without = await WorldAsync(folder, kind: null))
            {
                Assert.Equal(ModuleState.Running, without.Module.State);
                Assert.Empty(without.Modules.Find<CustomsOptions>()!.Alerts.Channels);
            }

            await using var with = await WorldAsync(folder, "webhook");
            Assert.Equal(NoticeLevel.Alarm, with.Modules.Find<CustomsOptions>()!.Alerts.Channels.Single().Level);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        static Task<CustomsWorld> WorldAsync(string folder, string? kind) => CustomsWorld.StartAsync(
            new()
            {
                ["Customs:Alerts:Channels:ops:Kind"] = kind,
                ["Customs:Alerts:Channels:ops:Url"] = kind is null ? null : "http://127.0.0.1:9/hook",
                ["Customs:Alerts:Channels:ops:Secret"] = kind is null ? null : "secret",
            },
            services => services.AddSingleton<IErpUsers>(new HeaderUsers()), folder);
    }

    [Fact]
    public void Should_have_a_default_for_everything_that_can_be_changed_and_that_the_reader_takes()
    {
        var defaults = new CustomsOptions { UploadUrl = new Uri("http://127.0.0.1/"), Merchants = new Dictionary<string, MerchantOptions>(StringComparer.Ordinal) };
        var entries = SettingCatalogue.Of(defaults).SelectMany(group => group.Entries).ToList();
        Assert.All(entries.Where(entry => entry.IsEditable), entry => Assert.False(entry.IsSecret));
        Assert.Equal(entries.Count, entries.Select(entry => entry.Name).Distinct(StringComparer.Ordinal).Count());
        var spelt = new ConfigurationBuilder().AddInMemoryCollection(
        [
            .. entries.Where(entry => entry.IsEditable).Select(entry => KeyValuePair.Create(entry.Name, (string?)entry.InForce(defaults))),
            new("Customs:Upload:Url", "http://127.0.0.1/"), new("Customs:Merchants:m:EbpCode", "1"), new("Customs:Merchants:m:Signing:Kind", "KeyFile"), new("Customs:Merchants:m:Signing:KeyFile", "k"),
        ]).Build();
        var read = new CustomsOptionsReader(spelt, secrets: null).Read();
        Assert.All(entries.Where(entry => entry.IsEditable), entry => Assert.Equal(entry.InForce(defaults), entry.InForce(read)));
    }

    [Fact]
    public async Task Should_try_the_connection_to_customs()
    {
        await using var world = await ScreenUser.WorldAsync();
        using var operatorUser = new ScreenUser(world, MaySet);
        Assert.Matches(new Regex("127.0.0.1:[0-9]+ 可连接", RegexOptions.None, TimeSpan.FromSeconds(1)), await operatorUser.SendAsync(Screen, Screen + "?handler=Connect"));
    }

    internal static (string, string)[] Deadline(string value) => [("group", "upload"), ("number", "0"), ("was:Customs:Deadline", "120"), ("Customs:Deadline", value), ("reason", "联调需要")];

    private static async Task<(HttpStatusCode Status, string Page)> PostedAsync(ScreenUser user, params (string Name, string Value)[] fields)
    {
        using var answer = await user.PostAsync(Screen + "?handler=Save", await user.TokenAsync(Screen), fields);
        return (answer.StatusCode, WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync()));
    }

    private sealed class NoRestart : IModuleRestart
    {
        public bool IsOffered => false;

        public void Request(string moduleId) => throw new InvalidOperationException("Nobody may ask.");
    }
}
