using System.Collections.Concurrent;
using Erp.Customs.Contracts;
using Erp.Customs.Tests.Hosting;
using Erp.Customs.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Erp.Customs.Tests.Upload;

public class When_half_of_the_time_is_gone
{
    [Fact]
    public async Task Should_be_told_once_and_many_together()
    {
        var people = new People();
        await using var world = await CustomsWorld.StartAsync(new(StringComparer.Ordinal) { ["Customs:Deadline"] = "8" }, services => services.AddSingleton<INotifier>(people));
        await world.DeliveredAsync(CustomsWorld.Payment("T1", "SO0"));
        await world.AnswerAsync("SO0");
        for (var order = 1; order <= 7; order++)
        {
            await world.AskAsync($"SO{order}");
        }

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (await world.SqlAsync("SELECT COUNT(*) FROM customs_request WHERE alarmed_at IS NOT NULL") is not 7L)
        {
            await Task.Delay(50, limit.Token);
        }

        await Waiting.ForAsync(() => Task.FromResult(Told().Sum(Requests)), requests => requests >= 7);
        // Nobody is told again.
        await Task.Delay(TimeSpan.FromSeconds(2.5));
        var told = Told();
        Assert.InRange(told.Count, 1, 3);
        Assert.All(told, notice => Assert.Equal((NoticeLevel.Alarm, "/customs/admin"), (notice.Level, notice.Path)));
        Assert.Contains("waiting_data", told[0].Text, StringComparison.Ordinal);
        Assert.DoesNotContain(told, notice => notice.Subject.Contains("SO0", StringComparison.Ordinal));
        Assert.Equal(7, told.Sum(Requests));

        List<Notice> Told() => [.. people.Notices.Where(notice => notice.Subject.Contains("时限已过半", StringComparison.Ordinal))];

        static int Requests(Notice notice) => int.Parse(notice.Subject.Split('（', '）')[1].Split(' ')[0]);
    }

    private sealed class People : INotifier
    {
        public ConcurrentQueue<Notice> Notices { get; } = new();

        public Task NotifyAsync(Notice notice, CancellationToken cancellationToken)
        {
            Notices.Enqueue(notice);
            return Task.CompletedTask;
        }
    }
}
