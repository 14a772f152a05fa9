using System.Net;
using Erp.Customs.Simulator;
using Erp.Customs.Tests.Support;

namespace Erp.Customs.Tests.Payments;

public class When_an_order_is_updated
{
    [Fact]
    public async Task Should_be_refused_before_it_was_added()
    {
        await using var world = await CustomsWorld.StartAsync();
        using var response = await world.PushAsync(CustomsWorld.Push("SO1", "U"));
        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
        Assert.Empty(world.Customs.Bridge.Lines);
    }

    [Theory]
    [InlineData("0000")]
    [InlineData("9905")]
    public async Task Should_be_pushed_with_U_after_the_bridge_took_it(string taken)
    {
        await using var world = await CustomsWorld.StartAsync();
        world.Customs.Bridge.PollsUntilPaid = 1000;
        if (taken == "9905")
        {
            world.Customs.Bridge.Set(new BridgeMood { Kind = BridgeMoodKind.CutAfter });
        }

        await world.PushedAsync(CustomsWorld.Push("SO1"));
        await world.WaitForPushAsync("SO1", status => status.State is "pushed" or "confirming");
        using var added = await world.PushAsync(CustomsWorld.Push("SO1", "A", 90m));
        Assert.Equal(HttpStatusCode.Conflict, added.StatusCode);

        await world.PushedAsync(CustomsWorld.Push("SO1", "U", 90m));
        await world.WaitForPushAsync("SO1", status => status is { State: "pushed", Operation: "U" });
        await world.PaidAsync("SO1");

        Assert.Contains("\"OperationType\":\"U\"", world.Customs.Bridge.LinesOf("SO1", "PushOrder")[^1].Data, StringComparison.Ordinal);
        Assert.Equal(90m, (await world.Services.FindOrderAsync("SO1", null, default))!.TotalAmount);
        await world.AnswerAsync("SO1");
    }

    [Fact]
    public async Task Should_be_corrected_with_U_after_the_identity_check_failed()
    {
        await using var world = await CustomsWorld.StartAsync();
        world.Customs.Bridge.PollsUntilPaid = 1000;
        world.Customs.Bridge.Set(new BridgeMood { Kind = BridgeMoodKind.CustomsMsg, Message = "9911实名认证异常" });
        await world.PushedAsync(CustomsWorld.Push("SO1"));
        await world.WaitForPushAsync("SO1", "data_error");
        var corrected = CustomsWorld.Push("SO1", "U");
        corrected["receiverName"] = "张三丰";

        await world.PushedAsync(corrected);
        await world.PaidAsync("SO1");

        Assert.Contains("张三丰", world.Customs.Bridge.LinesOf("SO1", "PushOrder")[^1].Data, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_be_refused_after_9906_and_when_it_is_done()
    {
        await using var world = await CustomsWorld.StartAsync();
        world.Customs.Bridge.Set(new BridgeMood { Kind = BridgeMoodKind.Code, Code = "9906", OrderNo = "SO1" });
        await world.PushedAsync(CustomsWorld.Push("SO1"));
        await world.WaitForPushAsync("SO1", "confirming");
        await world.PushedAsync(CustomsWorld.Push("SO2"));
        await world.PaidAsync("SO2");

        foreach (var (order, operation) in new[] { ("SO1", "U"), ("SO1", "A"), ("SO2", "U"), ("SO2", "A") })
        {
            using var response = await world.PushAsync(CustomsWorld.Push(order, operation, 90m));
            Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
        }
    }

    [Fact]
    public async Task Should_keep_the_first_push_as_evidence_when_the_update_came_too_late()
    {
        await using var world = await CustomsWorld.StartAsync();
        world.Customs.Bridge.PollsUntilPaid = 1000;
        await world.PushedAsync(CustomsWorld.Push("SO1"));
        await world.WaitForPushAsync("SO1", "pushed");
        world.Customs.Bridge.Pay(CustomsWorld.NingboAtBridge, "SO1");
        await world.PushedAsync(CustomsWorld.Push("SO1", "U", 90m));

        var done = await world.WaitForPushAsync("SO1", status => status.Archived is not null);

        Assert.Contains("update_not_taken", done.Flags);
        Assert.Equal(100m, (await world.Services.FindOrderAsync("SO1", null, default))!.TotalAmount);
    }

    [Fact]
    public async Task Should_overtake_a_question_that_is_under_way()
    {
        await using var world = await CustomsWorld.StartAsync();
        world.Customs.Bridge.PollsUntilPaid = 1000;
        world.Customs.Bridge.Set(new BridgeMood { Kind = BridgeMoodKind.Late, Call = "get", DelayMs = 1000 });
        await world.PushedAsync(CustomsWorld.Push("SO1"));
        await world.WaitForPushAsync("SO1", status => status.Polls == 1);

        await world.PushedAsync(CustomsWorld.Push("SO1", "U", 90m));

        // The answer to the question is kept, and decides nothing any more.
        await world.WaitForPushAsync("SO1", status => status is { State: "pushed", Operation: "U", Attempts: 2 });
        Assert.Contains(world.Log.Lines, line => line.Contains("it was changed or taken over meanwhile", StringComparison.Ordinal));
        await world.PaidAsync("SO1");
        Assert.Equal(90m, (await world.Services.FindOrderAsync("SO1", null, default))!.TotalAmount);
    }

    [Fact]
    public async Task Should_not_overtake_a_push_that_may_have_arrived()
    {
        await using var world = await CustomsWorld.StartAsync();
        world.Customs.Bridge.Set(new BridgeMood { Kind = BridgeMoodKind.Status, Times = 100 });
        await world.PushedAsync(CustomsWorld.Push("SO1"));
        await world.WaitForPushAsync("SO1", "waiting_retry");

        using var response = await world.PushAsync(CustomsWorld.Push("SO1", "A", 90m));

        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
    }
}
