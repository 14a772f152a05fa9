using System.Collections.Concurrent;
using Erp.Customs.Contracts;
using Erp.Customs.Simulator;
using Erp.Customs.Tests.Hosting;
using Erp.Customs.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Erp.Customs.Tests.Upload;

public class When_the_people_are_told
{
    [Fact]
    public async Task Should_hear_of_a_request_that_only_they_can_move_and_of_no_other()
    {
        var people = new People();
        await using var world = await StartAsync(people);
        await world.DeliveredAsync(CustomsWorld.Payment("T1", "SO1"));
        await world.AnswerAsync("SO1");
        world.Customs.Faults.Set(Fault.Reply("20000", "上传失败：收款人张三有误"));

        await world.AnswerAsync("SO1", "rejected");

        // The state is saved a moment before they are told of it.
        await Waiting.ForAsync(() => Task.FromResult(people.Notices.Count), told => told > 0);
        var notice = Assert.Single(people.Notices);
        Assert.Equal((NoticeLevel.Alarm, "/customs/admin"), (notice.Level, notice.Path));
        Assert.Contains("SO1", notice.Subject, StringComparison.Ordinal);
        Assert.Contains("20000", notice.Text, StringComparison.Ordinal);
        // What customs write may name a person: it stands on the screen, not in a message that goes who knows where.
        Assert.DoesNotContain("张三", notice.Text + notice.Subject, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_not_hold_anything_up_when_they_cannot_be_reached()
    {
        await using var world = await StartAsync(new People { Throws = true });
        await world.DeliveredAsync(CustomsWorld.Payment("T1", "SO1"));
        world.Customs.Faults.Set(Fault.Reply("20000", "上传失败"));
        await world.AnswerAsync("SO1", "rejected");
        await world.AnswerAsync("SO1");
        Assert.DoesNotContain("13900001111", world.Log.All, StringComparison.Ordinal);
    }

    private static Task<CustomsWorld> StartAsync(People people) => CustomsWorld.StartAsync(services: services => services.AddSingleton<INotifier>(people));

    private sealed class People : INotifier
    {
        public bool Throws { get; init; }

        public ConcurrentQueue<Notice> Notices { get; } = new();

        public Task NotifyAsync(Notice notice, CancellationToken cancellationToken)
        {
            Notices.Enqueue(notice);
            return Throws ? throw new InvalidOperationException("mail to 13900001111 bounced") : Task.CompletedTask;
        }
    }
}
