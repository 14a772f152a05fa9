using Erp.Customs.Module.Payments;
using Erp.Customs.Tests.Support;

namespace Erp.Customs.Tests.Payments;

public class BridgeScheduleTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(20, 10)]
    [InlineData(600, 300)]
    [InlineData((72 * 3600) - 1, 300)]
    public void The_next_question_comes_after_half_of_what_was_waited_between_a_second_and_five_minutes(int waited, int next)
    {
        var time = new ManualTime();
        var since = time.GetUtcNow();
        time.Advance(TimeSpan.FromSeconds(waited));

        var delays = Enumerable.Range(0, 100).Select(_ => (new BridgeSchedule(time).NextQuestion(since)!.Value - time.GetUtcNow()).TotalSeconds).ToList();

        Assert.All(delays, delay => Assert.InRange(delay, next * 0.8, next * 1.2));
        Assert.True(delays.Distinct().Count() > 1, "What failed together comes back together.");
    }

    [Fact]
    public void After_three_days_nothing_is_asked_any_more()
    {
        var time = new ManualTime();
        var since = time.GetUtcNow();
        time.Advance(TimeSpan.FromHours(72));
        Assert.Null(new BridgeSchedule(time).NextQuestion(since));
    }
}
