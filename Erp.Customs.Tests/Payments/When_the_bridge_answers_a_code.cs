using System.Net;
using Erp.Customs.Contracts;
using Erp.Customs.Simulator;
using Erp.Customs.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Erp.Customs.Tests.Payments;

public class When_the_bridge_answers_a_code
{
    [Fact]
    public async Task Should_take_9905_after_a_timeout_for_its_own_push_and_confirm_it()
    {
        await using var world = await CustomsWorld.StartAsync(new(StringComparer.Ordinal) { ["Customs:Bridge:Timeout"] = "1" });
        world.Customs.Bridge.Set(new BridgeMood { Kind = BridgeMoodKind.Late, DelayMs = 20_000 });
        await world.PushedAsync(CustomsWorld.Push("SO1"));

        var done = await world.WaitForPushAsync("SO1", status => status.Archived is not null);

        Assert.Equal(2, done.Attempts);
        Assert.Empty(done.Flags);
        Assert.Equal(["0000", "9905"], world.Customs.Bridge.LinesOf("SO1", "PushOrder").Select(line => line.Code));
        Assert.All(world.Customs.Bridge.Lines, line => Assert.Equal("SO1", line.OrderNo));
    }

    [Theory]
    [InlineData(BridgeMoodKind.CutAfter, "9905")]
    [InlineData(BridgeMoodKind.CutBefore, "0000")]
    [InlineData(BridgeMoodKind.Garbage, "0000")]
    [InlineData(BridgeMoodKind.Status, "0000")]
    [InlineData(BridgeMoodKind.Redirect, "0000")]
    [InlineData(BridgeMoodKind.OtherOrder, "9905")]
    public async Task Should_push_the_same_order_again_until_it_is_taken(BridgeMoodKind kind, string second)
    {
        await using var world = await CustomsWorld.StartAsync();
        world.Customs.Bridge.Set(new BridgeMood { Kind = kind });
        await world.PushedAsync(CustomsWorld.Push("SO1"));

        var waiting = await world.WaitForPushAsync("SO1", "waiting_retry");
        Assert.NotNull(waiting.NextAttemptAt);
        Assert.NotEmpty(waiting.Reason);
        await world.WaitForPushAsync("SO1", status => status.State is "pushed" or "confirming" or "done");

        var pushes = world.Customs.Bridge.LinesOf("SO1", "PushOrder");
        Assert.Equal(second, pushes[1].Code);
        Assert.Equal(pushes[0].Data, pushes[1].Data);
        await world.PaidAsync("SO1");
    }

    [Fact]
    public async Task Should_flag_an_order_that_the_bridge_had_before()
    {
        await using var world = await CustomsWorld.StartAsync();
        world.Customs.Bridge.Set(new BridgeMood { Kind = BridgeMoodKind.Code, Code = "9905" });
        await world.PushedAsync(CustomsWorld.Push("SO1"));

        var confirming = await world.WaitForPushAsync("SO1", "confirming");

        Assert.Contains("existed_before", confirming.Flags);
        Assert.Contains("existed_before", (await world.PaidAsync("SO1")).Flags);
    }

    [Fact]
    public async Task Should_take_9906_as_done_and_get_the_payment()
    {
        await using var world = await CustomsWorld.StartAsync();
        world.Customs.Bridge.Pay(CustomsWorld.NingboAtBridge, "SO1");
        await world.PushedAsync(CustomsWorld.Push("SO1"));

        var done = await world.WaitForPushAsync("SO1", status => status.Archived is not null);

        Assert.Equal("9906", Assert.Single(world.Customs.Bridge.LinesOf("SO1", "PushOrder")).Code);
        Assert.Equal((PaymentBridge.PaymentNo("SO1"), 1), (done.PaymentNo, done.Polls));
        await world.AnswerAsync("SO1");
    }

    [Theory]
    [InlineData("9908")]
    [InlineData("9999")]
    [InlineData("1234")]
    public async Task Should_give_an_unlisted_code_to_a_person(string code)
    {
        var told = new Notices();
        await using var world = await CustomsWorld.StartAsync(services: services => services.AddSingleton<INotifier>(told));
        world.Customs.Bridge.Set(new BridgeMood { Kind = BridgeMoodKind.Code, Code = code });
        await world.PushedAsync(CustomsWorld.Push("SO1"));

        var left = await world.WaitForPushAsync("SO1", "needs_person");

        Assert.Equal(code, left.Code);
        Assert.Contains(code, left.Reason, StringComparison.Ordinal);
        Assert.Null(left.NextAttemptAt);
        Assert.Contains("SO1", (await told.FirstAsync()).Subject, StringComparison.Ordinal);
        Assert.Single(world.Customs.Bridge.LinesOf("SO1"));
    }

    [Theory]
    [InlineData("9909")]
    [InlineData("9910")]
    public async Task Should_push_again_after_a_fault_of_the_bridge(string code)
    {
        await using var world = await CustomsWorld.StartAsync();
        world.Customs.Bridge.Set(new BridgeMood { Kind = BridgeMoodKind.Code, Code = code });
        await world.PushedAsync(CustomsWorld.Push("SO1"));

        var waiting = await world.WaitForPushAsync("SO1", "waiting_retry");
        Assert.Equal(code, waiting.Code);
        var pushed = await world.WaitForPushAsync("SO1", "pushed");

        Assert.Equal(2, pushed.Attempts);
    }

    [Theory]
    [InlineData("9901")]
    [InlineData("9902")]
    [InlineData("9903")]
    [InlineData("9904")]
    [InlineData("9907")]
    [InlineData("9916")]
    public async Task Should_leave_a_data_error_to_be_corrected_and_pushed_again_with_A(string code)
    {
        await using var world = await CustomsWorld.StartAsync();
        world.Customs.Bridge.Set(new BridgeMood { Kind = BridgeMoodKind.Code, Code = code });
        await world.PushedAsync(CustomsWorld.Push("SO1"));
        var left = await world.WaitForPushAsync("SO1", "data_error");
        Assert.Equal((code, (DateTimeOffset?)null), (left.Code, left.NextAttemptAt));

        using var update = await world.PushAsync(CustomsWorld.Push("SO1", "U", 90m));
        Assert.Equal(HttpStatusCode.Conflict, update.StatusCode);
        using var same = await world.PushAsync(CustomsWorld.Push("SO1"));
        Assert.Equal(HttpStatusCode.OK, same.StatusCode);
        await world.PushedAsync(CustomsWorld.Push("SO1", "A", 90m));
        await world.PaidAsync("SO1");

        Assert.Equal(["A", "A"], world.Customs.Bridge.LinesOf("SO1", "PushOrder").Select(line => line.Data[18..19]));
        Assert.Equal(90m, (await world.Services.FindOrderAsync("SO1", null, default))!.TotalAmount);
    }

    [Theory]
    [InlineData("9911", "欠费")]
    [InlineData("9912", "签约")]
    public async Task Should_stop_the_merchant_until_a_person_reopens_it(string code, string words)
    {
        var told = new Notices();
        await using var world = await CustomsWorld.StartAsync(services: services => services.AddSingleton<INotifier>(told));
        world.Customs.Bridge.Set(new BridgeMood { Kind = BridgeMoodKind.Code, Code = code });
        await world.PushedAsync(CustomsWorld.Push("SO1"));
        var stopped = await world.WaitForPushAsync("SO1", "waiting_retry");
        Assert.True(stopped.MerchantStopped);
        Assert.Contains(words, stopped.Reason, StringComparison.Ordinal);
        var notice = await told.FirstAsync();
        Assert.Equal(NoticeLevel.Alarm, notice.Level);
        Assert.Contains(CustomsWorld.Ningbo, notice.Subject, StringComparison.Ordinal);
        Assert.Contains(await world.Modules.CheckAsync("Erp.Customs", default), check => check.Light == SelfCheckLight.Red && check.Sentence.Contains(words, StringComparison.Ordinal));

        await world.PushedAsync(CustomsWorld.Push("SO2"));
        await Task.Delay(1500);
        Assert.Single(world.Customs.Bridge.Lines);
        Assert.Equal("pending", (await world.Services.FindPushAsync("SO2", null, default))!.State);

        using var reopened = await world.SendAsync(HttpMethod.Post, "/customs/api/merchants/ningbo/reopen-pushes");
        using var again = await world.SendAsync(HttpMethod.Post, "/customs/api/merchants/ningbo/reopen-pushes");
        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NotFound), (reopened.StatusCode, again.StatusCode));
        await world.PaidAsync("SO1");
        Assert.False((await world.PaidAsync("SO2")).MerchantStopped);
    }

    [Fact]
    public async Task Should_still_ask_about_what_a_stopped_merchant_has_pushed()
    {
        await using var world = await CustomsWorld.StartAsync();
        await world.PushedAsync(CustomsWorld.Push("SO1"));
        await world.WaitForPushAsync("SO1", "pushed");
        world.Customs.Bridge.Set(new BridgeMood { Kind = BridgeMoodKind.Code, Code = "9911", OrderNo = "SO2" });
        await world.PushedAsync(CustomsWorld.Push("SO2"));
        await world.WaitForPushAsync("SO2", "waiting_retry");

        Assert.Equal("done", (await world.PaidAsync("SO1")).State);
    }

    [Theory]
    [InlineData("9911", "data_error")]
    [InlineData("9912", "needs_person")]
    [InlineData("9913", "needs_person")]
    [InlineData("9914", "needs_person")]
    [InlineData("9915", "needs_person")]
    [InlineData("9917", "needs_person")]
    public async Task Should_read_a_declaration_code_as_one_of_declaration(string code, string state)
    {
        await using var world = await CustomsWorld.StartAsync();
        foreach (var (order, mood) in new[]
        {
            ("SO-customs", new BridgeMood { Kind = BridgeMoodKind.CustomsMsg, Message = code + "实名认证异常", Times = 100 }),
            ("SO-payment", new BridgeMood { Kind = BridgeMoodKind.PaymentMsg, Message = $"[{code}] 失败", Times = 100 }),
            ("SO-code", new BridgeMood { Kind = BridgeMoodKind.Code, Code = code, Call = "get", Times = 100 }),
        })
        {
            world.Customs.Bridge.Set(mood with { OrderNo = order });
            await world.PushedAsync(CustomsWorld.Push(order));
            var left = await world.WaitForPushAsync(order, status => status.State is "data_error" or "needs_person");
            Assert.Equal((state, code), (left.State, left.Code));
            Assert.False(left.MerchantStopped);
        }
    }

    [Fact]
    public async Task Should_notice_that_an_order_for_a_person_was_paid_all_the_same()
    {
        await using var world = await CustomsWorld.StartAsync();
        world.Customs.Bridge.Set(new BridgeMood { Kind = BridgeMoodKind.CustomsMsg, Message = "9915银联风险受限" });
        await world.PushedAsync(CustomsWorld.Push("SO1"));
        var left = await world.WaitForPushAsync("SO1", "needs_person");
        Assert.NotNull(left.NextAttemptAt);

        await world.WaitForPushAsync("SO1", status => status.Archived is not null);
    }

    [Theory]
    [InlineData(BridgeMoodKind.Revoked, "revoked_but_declared")]
    [InlineData(BridgeMoodKind.BlankForPlus, null)]
    [InlineData(BridgeMoodKind.Padded, null)]
    public async Task Should_count_as_paid_and_declared_however_it_is_written(BridgeMoodKind kind, string? flag)
    {
        await using var world = await CustomsWorld.StartAsync();
        world.Customs.Bridge.PollsUntilPaid = 0;
        world.Customs.Bridge.Set(new BridgeMood { Kind = kind, Call = "get" });
        await world.PushedAsync(CustomsWorld.Push("SO1"));

        var done = await world.WaitForPushAsync("SO1", status => status.Archived is not null);

        Assert.Equal(1, done.Polls);
        Assert.Equal(flag is null ? [] : [flag], done.Flags);
        Assert.Equal(flag is null ? "2" : "10", done.PaymentStatus);
        await world.AnswerAsync("SO1");
    }

    [Fact]
    public async Task Should_read_padded_answers_to_a_push()
    {
        await using var world = await CustomsWorld.StartAsync();
        world.Customs.Bridge.Set(new BridgeMood { Kind = BridgeMoodKind.Padded });
        await world.PushedAsync(CustomsWorld.Push("SO1"));
        Assert.Equal(1, (await world.WaitForPushAsync("SO1", "pushed")).Attempts);
    }

    [Theory]
    [InlineData(BridgeMoodKind.Garbage)]
    [InlineData(BridgeMoodKind.Status)]
    [InlineData(BridgeMoodKind.OtherOrder)]
    public async Task Should_ask_again_when_GetOrder_has_no_answer(BridgeMoodKind kind)
    {
        await using var world = await CustomsWorld.StartAsync();
        world.Customs.Bridge.PollsUntilPaid = 0;
        world.Customs.Bridge.Set(new BridgeMood { Kind = kind, Call = "get" });
        await world.PushedAsync(CustomsWorld.Push("SO1"));

        var done = await world.WaitForPushAsync("SO1", status => status.Archived is not null);

        Assert.Equal(2, done.Polls);
    }
}

/// <summary>A host that remembers what it was told.</summary>
internal sealed class Notices : INotifier
{
    private readonly TaskCompletionSource<Notice> _first = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task NotifyAsync(Notice notice, CancellationToken cancellationToken)
    {
        _first.TrySetResult(notice);
        return Task.CompletedTask;
    }

    public Task<Notice> FirstAsync() => _first.Task.WaitAsync(TimeSpan.FromSeconds(10));
}
