using Erp.Customs.Simulator;
using Erp.Customs.Tests.Support;

namespace Erp.Customs.Tests.Upload;

public class When_customs_do_not_answer_well
{
    public static TheoryData<string> Transient => ["500", "502", "404", "cut before", "garbage", "redirect", "oversized"];

    [Theory]
    [MemberData(nameof(Transient))]
    public async Task Should_send_the_same_bytes_again_until_they_are_accepted(string fault)
    {
        await using var world = await CustomsWorld.StartAsync();
        world.Customs.Faults.Set(fault switch
        {
            "cut before" => Fault.CutBeforeAccepting(),
            "garbage" => Fault.Garbage(),
            "redirect" => Fault.Redirect(),
            "oversized" => Fault.Oversized(),
            _ => Fault.HttpStatus(int.Parse(fault)),
        });
        await world.DeliveredAsync(CustomsWorld.Payment("T1", "SO1"));

        var status = await world.AnswerAsync("SO1");

        Assert.Equal(2, status.Attempts);
        var session = world.Customs.Log.FindSession(status.SessionId)!;
        Assert.Equal(1, session.AcceptedCount);
        Assert.Single(session.PayloadHashes);
    }

    [Fact]
    public async Task Should_leave_customs_alone_as_long_as_they_ask_and_no_longer_than_is_set()
    {
        await using var world = await CustomsWorld.StartAsync(new(StringComparer.Ordinal) { ["Customs:Retry:CustomsTransient:Most"] = "5" });
        world.Customs.Faults.Set(Fault.HttpStatus(503) with { RetryAfter = 40 });
        world.Customs.Faults.Set(Fault.HttpStatus(429) with { RetryAfter = 3600 });
        await world.DeliveredAsync(CustomsWorld.Payment("T1", "SO1"));
        await world.DeliveredAsync(CustomsWorld.Payment("T2", "SO2"));

        var unavailable = await world.WaitAsync((await world.AskAsync("SO1")).SessionId, status => status.Attempts == 1 && status.State == "unknown");
        var tooMany = await world.WaitAsync((await world.AskAsync("SO2")).SessionId, status => status.Attempts == 1 && status.State == "signed");

        Assert.InRange(unavailable.NextAttemptAt!.Value - unavailable.ReceivedAt, TimeSpan.FromSeconds(40), TimeSpan.FromSeconds(60));
        Assert.InRange(tooMany.NextAttemptAt!.Value - tooMany.ReceivedAt, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(25));
    }

    [Fact]
    public async Task Should_end_as_session_used_when_only_the_answer_was_lost()
    {
        await using var world = await CustomsWorld.StartAsync();
        world.Customs.Faults.Set(Fault.CutAfterAccepting());
        await world.DeliveredAsync(CustomsWorld.Payment("T1", "SO1"));

        var status = await world.AnswerAsync("SO1", "session_used");

        Assert.Equal(2, status.Attempts);
        Assert.Null(status.NextAttemptAt);
        var session = world.Customs.Log.FindSession(status.SessionId)!;
        Assert.Equal(1, session.AcceptedCount);
        Assert.Single(session.PayloadHashes);
    }

    [Fact]
    public async Task Should_be_unknown_when_no_answer_comes_in_time()
    {
        await using var world = await CustomsWorld.StartAsync(new(StringComparer.Ordinal) { ["Customs:Upload:Timeout"] = "1" });
        world.Customs.Faults.Set(Fault.Delayed(TimeSpan.FromSeconds(5)));
        await world.DeliveredAsync(CustomsWorld.Payment("T1", "SO1"));

        var (sessionId, _) = await world.AskAsync("SO1");

        var unknown = await world.WaitAsync(sessionId, "unknown");
        Assert.NotNull(unknown.NextAttemptAt);
    }

    [Fact]
    public async Task Should_wait_as_signed_while_customs_cannot_be_reached()
    {
        await using var world = await CustomsWorld.StartAsync(new(StringComparer.Ordinal) { ["Customs:Upload:Url"] = "http://127.0.0.1:1/ceb2grab/grab/realTimeDataUpload" });
        await world.DeliveredAsync(CustomsWorld.Payment("T1", "SO1"));

        var (sessionId, _) = await world.AskAsync("SO1");

        var waiting = await world.WaitAsync(sessionId, status => status.Attempts > 1 && status.State == "signed");
        Assert.NotNull(waiting.SignedAt);
        Assert.Null(waiting.CustomsCode);
    }

    [Fact]
    public async Task Should_stay_unknown_when_a_later_sending_does_not_arrive()
    {
        await using var world = await CustomsWorld.StartAsync();
        world.Customs.Faults.Set(Fault.HttpStatus(500));
        world.Customs.Faults.Set(Fault.HttpStatus(404) with { Times = 100 });
        await world.DeliveredAsync(CustomsWorld.Payment("T1", "SO1"));

        var (sessionId, _) = await world.AskAsync("SO1");

        // 404 comes from before customs, but the first bytes may have come through.
        await world.WaitAsync(sessionId, status => status.Attempts > 1 && status.State == "unknown");
        Assert.Equal(0L, await world.SqlAsync("SELECT COUNT(*) FROM request_event WHERE state = 'signed' AND attempt > 0"));
        Assert.Equal("perhaps,no", await world.SqlAsync("SELECT group_concat(arrival) FROM (SELECT arrival FROM upload_attempt WHERE number < 3 ORDER BY number)"));
    }

    [Fact]
    public async Task Should_end_as_rejected_with_customs_words()
    {
        await using var world = await CustomsWorld.StartAsync(new(StringComparer.Ordinal) { [$"Customs:Merchants:{CustomsWorld.Ningbo}:EbpCode"] = "9999999999" });
        await world.DeliveredAsync(CustomsWorld.Payment("T1", "SO1"));

        var status = await world.AnswerAsync("SO1", "rejected");

        Assert.Equal("20004", status.CustomsCode);
        Assert.Contains("未在服务系统注册", status.CustomsMessage, StringComparison.Ordinal);
        Assert.Equal(1, status.Attempts);
        Assert.Null(status.NextAttemptAt);
    }
}
