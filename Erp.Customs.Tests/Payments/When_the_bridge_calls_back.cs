using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Erp.Customs.Contracts;
using Erp.Customs.Simulator;
using Erp.Customs.Tests.Hosting;
using Erp.Customs.Tests.Support;

namespace Erp.Customs.Tests.Payments;

public class When_the_bridge_calls_back
{
    [Theory]
    [InlineData(BridgeCallbackShape.Form)]
    [InlineData(BridgeCallbackShape.Literal)]
    [InlineData(BridgeCallbackShape.Json)]
    public async Task Should_answer_ok_and_ask_GetOrder_at_once(BridgeCallbackShape shape)
    {
        await using var world = await CustomsWorld.StartAsync();
        world.Customs.Bridge.PollsUntilPaid = 1000;
        await world.PushedAsync(CustomsWorld.Push("SO1"));
        await world.WaitForPushAsync("SO1", "pushed");
        world.Customs.Bridge.Pay(CustomsWorld.NingboAtBridge, "SO1");

        Assert.Equal((200, "ok"), await world.Customs.Bridge.CallBackAsync(world.CallbackAddress, "SO1", shape));

        Assert.Equal("bridge", (await world.WaitForPushAsync("SO1", status => status.Archived is not null)).Archived);
    }

    [Fact]
    public async Task Should_believe_nothing_that_a_forged_one_says()
    {
        await using var world = await CustomsWorld.StartAsync();
        world.Customs.Bridge.PollsUntilPaid = 1000;
        await world.PushedAsync(CustomsWorld.Push("SO1"));
        var before = await world.WaitForPushAsync("SO1", "pushed");

        Assert.Equal((200, "ok"), await world.Customs.Bridge.CallBackAsync(world.CallbackAddress, "SO1", paymentNo: "FORGED"));
        var after = await world.WaitForPushAsync("SO1", status => status.Polls > before.Polls && status.NextAttemptAt > before.NextAttemptAt);

        Assert.Equal(("pushed", (string?)null, (string?)null), (after.State, after.PaymentNo, after.Archived));
        Assert.Null(await world.Services.FindOrderAsync("SO1", null, default));
    }

    [Fact]
    public async Task Should_answer_ok_to_anything_and_only_count_it()
    {
        await using var world = await CustomsWorld.StartAsync();
        using var figures = new Figures(world);
        foreach (var body in new[]
        {
            "data={\"order_no\":\"NOBODY-KNOWS\",\"payment_no\":\"1\",\"result\":\"T\",\"result_msg\":\"已支付+已报关\"}",
            "",
            "data=",
            "data=%7B",
            "{\"order_no\":7",
            "{\"order_no\":\"\"}",
            "<xml/>",
            "data=" + new string('x', 70_000),
        })
        {
            using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            using var response = await world.Http.PostAsync(world.CallbackAddress, content);
            Assert.Equal((HttpStatusCode.OK, "ok"), (response.StatusCode, await response.Content.ReadAsStringAsync()));
        }

        using var bytes = new ByteArrayContent([0xFF, 0xFE, 0x00]);
        using var answer = await world.Http.PostAsync(world.CallbackAddress, bytes);
        Assert.Equal("ok", await answer.Content.ReadAsStringAsync());
        Assert.Null(await world.Services.FindPushAsync("NOBODY-KNOWS", null, default));
        Assert.Empty(world.Customs.Bridge.Lines);
        Assert.Equal(1, figures.Sums["erp.customs.bridge.callbacks order=unknown"]);
        Assert.Equal(8, figures.Sums["erp.customs.bridge.callbacks order=unreadable"]);
    }

    [Fact]
    public async Task Should_find_a_payment_that_a_push_without_an_answer_led_to()
    {
        await using var world = await CustomsWorld.StartAsync();
        world.Customs.Bridge.Set(new BridgeMood { Kind = BridgeMoodKind.CutAfter });
        world.Customs.Bridge.Set(new BridgeMood { Kind = BridgeMoodKind.Status, Times = 1000 });
        await world.PushedAsync(CustomsWorld.Push("SO1"));
        await world.WaitForPushAsync("SO1", "waiting_retry");

        var done = await world.PaidAsync("SO1");

        Assert.Equal("bridge", done.Archived);
        await world.AnswerAsync("SO1");
    }

    [Fact]
    public async Task Should_ask_about_every_merchants_order_of_that_number()
    {
        var settings = CustomsWorld.AtBridge(CustomsWorld.Guangzhou, "广州商户");
        settings["Customs:OrderNumbersOverlap"] = "true";
        await using var world = await CustomsWorld.StartAsync(settings);
        world.Customs.Bridge.PollsUntilPaid = 1000;
        foreach (var merchant in (string[])[CustomsWorld.Ningbo, CustomsWorld.Guangzhou])
        {
            var push = CustomsWorld.Push("SO1");
            push["merchant"] = merchant;
            await world.PushedAsync(push);
        }

        await StandsAsync(CustomsWorld.Ningbo, status => status.State == "pushed");
        await StandsAsync(CustomsWorld.Guangzhou, status => status.State == "pushed");
        world.Customs.Bridge.Pay("广州商户", "SO1");
        Assert.Null(await world.Services.FindPushAsync("SO1", null, default));

        Assert.Equal((200, "ok"), await world.Customs.Bridge.CallBackAsync(world.CallbackAddress, "SO1"));

        // It names no merchant: GetOrder tells whose order was paid.
        await StandsAsync(CustomsWorld.Guangzhou, status => status.Archived == "bridge");
        Assert.Equal("pushed", (await StandsAsync(CustomsWorld.Ningbo, status => status.Polls > 0)).State);

        Task<PushStatus> StandsAsync(string merchant, Func<PushStatus, bool> until) => Waiting.ForAsync(
            async () => (await world.Services.FindPushAsync("SO1", merchant, default))!, until);
    }

    [Fact]
    public async Task Should_take_so_many_in_a_second_and_no_more()
    {
        await using var world = await CustomsWorld.StartAsync();
        var statuses = new ConcurrentBag<HttpStatusCode>();

        // 200 are taken at once and 20 in each tenth of a second after that; as many as it takes to meet the limit.
        await Parallel.ForEachAsync(Enumerable.Range(0, 5000), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (_, cancellationToken) =>
        {
            if (!statuses.Contains(HttpStatusCode.TooManyRequests))
            {
                using var content = new StringContent("data=");
                using var response = await world.Http.PostAsync(world.CallbackAddress, content, cancellationToken);
                statuses.Add(response.StatusCode);
            }
        });

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.TooManyRequests], statuses.Distinct().Order());
        Assert.True(statuses.Count(status => status == HttpStatusCode.OK) >= 200);
        Assert.Equal((200, "ok"), await Waiting.ForAsync(() => world.Customs.Bridge.CallBackAsync(world.CallbackAddress, "SO1"), answer => answer.Status == 200));
    }

    [Fact]
    public async Task Should_keep_only_so_many_of_one_order()
    {
        await using var world = await CustomsWorld.StartAsync();
        world.Customs.Bridge.PollsUntilPaid = 100_000;
        await world.PushedAsync(CustomsWorld.Push("SO1"));
        await world.WaitForPushAsync("SO1", "pushed");
        for (var i = 0; i < 120; i++)
        {
            Assert.Equal((200, "ok"), await world.Customs.Bridge.CallBackAsync(world.CallbackAddress, "SO1", paymentNo: "FORGED"));
        }

        await world.App.StopAsync();
        Assert.Equal(100, (await Kept.ReadAsync(world, "SO1")).Count(one => one.Kind == "callback"));
    }
}
