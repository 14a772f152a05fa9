using System.Text.Json.Nodes;
using Erp.Customs.Contracts;
using Erp.Customs.Simulator;
using Erp.Customs.Tests.Hosting;
using Erp.Customs.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Erp.Customs.Tests.Alerts;

/// <summary>From what happens to what the robots get: grouped, retried, never lost, holding nothing up.</summary>
public class When_people_must_know
{
    [Fact]
    public async Task Should_hear_of_the_first_at_once_and_of_those_that_follow_in_one_message()
    {
        await using var robots = await Robots.StartAsync();
        await using var world = await CustomsWorld.StartAsync(Settings(robots, ("GroupSeconds", "4")));
        using var figures = new Figures(world);
        await RejectAsync(world, "SO1");
        var first = (await robots.WaitAsync(1))[0];
        Assert.Contains("订单 SO1", first.Text, StringComparison.Ordinal);
        for (var number = 2; number <= 5; number++)
        {
            await RejectAsync(world, $"SO{number}");
        }

        var both = await robots.WaitAsync(2);
        Assert.Contains("（另有同类 3 条）", both[1].Text, StringComparison.Ordinal);
        Assert.All(Enumerable.Range(2, 4), number => Assert.Contains($"SO{number}", both[1].Text, StringComparison.Ordinal));
        await Waiting.ForAsync(() => world.SqlAsync("SELECT COUNT(*) FROM alert_message WHERE outcome = 'sent' AND error = ''"), count => count is 2L);
        // The figure grows after the row is saved.
        await Waiting.ForAsync(() => Task.FromResult(figures.Sums.GetValueOrDefault("erp.customs.alerts channel=dingtalk outcome=sent")), sent => sent == 2);
    }

    [Fact]
    public async Task Should_not_be_held_up_by_a_channel_that_is_down_which_is_tried_again_and_shows_as_yellow()
    {
        await using var robots = await Robots.StartAsync();
        await using var smtp = new SmtpServer { Fault = ("MAIL", "451 later") };
        await using var world = await CustomsWorld.StartAsync(Settings(robots,
            ("Channels:mail:Kind", "email"), ("Channels:mail:Host", "127.0.0.1"), ("Channels:mail:Port", $"{smtp.Port}"), ("Channels:mail:From", "a@example.cn"), ("Channels:mail:To", "b@example.cn")));
        await RejectAsync(world, "SO1");
        await robots.WaitAsync(1);
        var light = await Waiting.ForAsync(() => LightAsync(world), light => light.Light == SelfCheckLight.Yellow);
        Assert.Contains("mail 最近一次发送失败：SMTP 451", light.Sentence, StringComparison.Ordinal);

        smtp.Fault = null;
        await Waiting.ForAsync(() => Task.FromResult(smtp.Mails.Count), count => count == 1);
        Assert.Equal(SelfCheckLight.Green, (await Waiting.ForAsync(() => LightAsync(world), light => light.Light == SelfCheckLight.Green)).Light);
        Assert.Equal(2L, await world.SqlAsync("SELECT attempts FROM alert_message WHERE channel = 'mail'"));
        Assert.Single(robots.Calls);
    }

    [Fact]
    public async Task Should_still_hear_of_it_when_the_process_died_before_it_was_sent()
    {
        var folder = Directory.CreateTempSubdirectory("erp-customs-").FullName;
        try
        {
            await using var robots = await Robots.StartAsync();
            robots.Fault = _ => (500, "");
            await using (var world = await CustomsWorld.StartAsync(Settings(robots), folder: folder))
            {
                await RejectAsync(world, "SO1");
                await robots.WaitAsync(1);
                // As a kill in the middle of a sending leaves it.
                await Waiting.ForAsync(() => world.SqlAsync("SELECT COUNT(*) FROM alert_message WHERE ended_at IS NOT NULL"), count => count is 1L);
                await world.SqlAsync("UPDATE alert_message SET next_attempt_at = 1, attempts = 1, ended_at = NULL, error = ''");
            }

            robots.Fault = _ => null;
            var before = robots.Calls.Count;
            await using (var world = await CustomsWorld.StartAsync(Settings(robots), folder: folder))
            {
                Assert.Contains("SO1", (await robots.WaitAsync(before + 1))[^1].Text, StringComparison.Ordinal);
                await Waiting.ForAsync(() => world.SqlAsync("SELECT outcome FROM alert_message"), outcome => outcome is "sent");
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Should_tell_each_channel_what_it_asked_for_and_the_log_what_nobody_takes()
    {
        await using var robots = await Robots.StartAsync();
        await using var world = await CustomsWorld.StartAsync(Settings(robots, ("Channels:ops:Level", "alarm"), ("Channels:ops:Language", "en")));
        world.Customs.Bridge.Set(new BridgeMood { Kind = BridgeMoodKind.Code, Code = "9908" });
        await world.PushedAsync(CustomsWorld.Push("SO1"));
        await Waiting.ForAsync(() => Task.FromResult(world.Log.All), log => log.Contains("Alert push_needs_person of ningbo, 1 of them", StringComparison.Ordinal));
        Assert.Empty(robots.Calls);
        await RejectAsync(world, "SO2");
        Assert.StartsWith("[Alarm] A request of customs needs a person", (await robots.WaitAsync(1))[0].Text, StringComparison.Ordinal);
        Assert.Equal("log", await world.SqlAsync("SELECT channel FROM alert_message WHERE kind = 'push_needs_person'"));
    }

    [Fact]
    public async Task Should_not_fail_a_request_when_it_cannot_even_be_written_down()
    {
        await using var world = await CustomsWorld.StartAsync();
        await world.SqlAsync("ALTER TABLE alert_message RENAME TO gone");
        await RejectAsync(world, "SO1");
        await Waiting.ForAsync(() => Task.FromResult(world.Log.All), log => log.Contains("could not be written down", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Should_be_told_by_the_host_once_for_each_group()
    {
        var host = new Host();
        await using var world = await CustomsWorld.StartAsync(services: services => services.AddSingleton<INotifier>(host));
        await RejectAsync(world, "SO1");
        await RejectAsync(world, "SO2");
        await Waiting.ForAsync(() => Task.FromResult(host.Notices.Count), count => count == 1);
        await world.SqlAsync("UPDATE alert_message SET next_attempt_at = 1 WHERE outcome = 'waiting'");
        await Waiting.ForAsync(() => Task.FromResult(host.Notices.Count), count => count == 2);
        Assert.Equal((NoticeLevel.Alarm, "/customs/admin"), (host.Notices[1].Level, host.Notices[1].Path));
    }

    /// <summary>A DingTalk robot called ops, and what is added.</summary>
    internal static Dictionary<string, string?> Settings(Robots robots, params (string Name, string Value)[] more)
    {
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Customs:Alerts:Channels:ops:Kind"] = "dingtalk",
            ["Customs:Alerts:Channels:ops:Url"] = robots.DingTalk,
            ["Customs:Alerts:Channels:ops:Secret"] = Robots.DingTalkSecret,
        };
        foreach (var (name, value) in more)
        {
            settings["Customs:Alerts:" + name] = value;
        }

        return settings;
    }

    /// <summary>Customs ask and refuse the answer.</summary>
    internal static async Task RejectAsync(CustomsWorld world, string order)
    {
        await world.DeliveredAsync(CustomsWorld.Payment("T" + order, order));
        var sessionId = Caller.NewSessionId();
        world.Customs.Faults.Set(Fault.Reply("20000", "上传失败") with { SessionId = sessionId });
        await world.AskAsync(order, sessionId);
        await world.WaitAsync(sessionId, "rejected");
    }

    private static async Task<SelfCheck> LightAsync(CustomsWorld world) => (await world.Modules.CheckAsync("Erp.Customs", default)).Single(check => check.NameEn == "Alert channels");

    private sealed class Host : INotifier
    {
        public List<Notice> Notices { get; } = [];

        public Task NotifyAsync(Notice notice, CancellationToken cancellationToken)
        {
            Notices.Add(notice);
            return Task.CompletedTask;
        }
    }
}
