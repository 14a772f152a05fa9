using Erp.Customs.Contracts;
using Erp.Customs.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Erp.Customs.Tests.Upload;

public class When_the_ERP_is_asked_for_an_order
{
    [Fact]
    public async Task Should_deliver_its_payment_through_the_same_door_as_any()
    {
        var orders = new TestOrders(TestOrders.Knows(CustomsWorld.Payment("T1", "SO1", "SO2")));
        await using var world = await StartAsync(orders);

        var status = await world.AnswerAsync("SO1");

        Assert.Equal(CustomsWorld.Ningbo, status.Merchant);
        Assert.Equal(("SO1", null), orders.Asked.Single());
        Assert.Equal("T1", (await world.Services.FindOrderAsync("SO2", merchant: null, CancellationToken.None))!.PayTransactionId);
        await world.AnswerAsync("SO2");
        Assert.Single(orders.Asked);
    }

    [Fact]
    public async Task Should_be_told_whose_order_it_is_where_the_address_told_us()
    {
        var orders = new TestOrders(TestOrders.Knows(CustomsWorld.Payment("T1", "SO1")));
        await using var world = await StartAsync(orders);
        var (sessionId, _) = await world.AskAsync("SO1", path: "/customs/ningbo/platDataOpen");
        await world.WaitAsync(sessionId, "accepted");
        Assert.Equal(("SO1", CustomsWorld.Ningbo), orders.Asked.Single());
    }

    [Fact]
    public async Task Should_be_asked_again_until_it_knows()
    {
        var orders = new TestOrders(TestOrders.KnowsNothing, TestOrders.Knows(CustomsWorld.Payment("T1", "SO1")));
        await using var world = await StartAsync(orders);
        await world.AnswerAsync("SO1");
        Assert.Equal(2, orders.Asked.Count);
    }

    [Fact]
    public async Task Should_be_told_why_its_payment_was_not_taken()
    {
        var wrong = CustomsWorld.Payment("T1", "SO1");
        wrong["verDept"] = "9";
        var orders = new TestOrders(TestOrders.Knows(wrong), TestOrders.Knows(CustomsWorld.Payment("T1", "SO1")));
        await using var world = await StartAsync(orders);

        var (sessionId, _) = await world.AskAsync("SO1");

        var waiting = await world.WaitAsync(sessionId, status => status.State == "waiting_data");
        Assert.Contains("未能入库", waiting.Reason, StringComparison.Ordinal);
        Assert.Contains("verDept", waiting.Reason, StringComparison.Ordinal);
        await world.WaitAsync(sessionId, "accepted");
    }

    [Fact]
    public async Task Should_not_be_believed_when_it_gives_the_payment_of_another_order()
    {
        var orders = new TestOrders(TestOrders.Knows(CustomsWorld.Payment("T1", "another")));
        await using var world = await StartAsync(orders);
        var (sessionId, _) = await world.AskAsync("SO1");
        await world.WaitAsync(sessionId, "waiting_data");
        Assert.Empty(world.Customs.Log.FindSession(sessionId)!.Uploads);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Should_be_asked_again_when_it_throws(bool atOnce)
    {
        var orders = new TestOrders(
            _ => atOnce ? throw new InvalidOperationException("张三 13900001111") : Task.FromException<PaymentDelivery?>(new InvalidOperationException("张三 13900001111")),
            TestOrders.Knows(CustomsWorld.Payment("T1", "SO1")));
        await using var world = await StartAsync(orders);
        var (sessionId, _) = await world.AskAsync("SO1");
        var waiting = await world.WaitAsync(sessionId, "waiting_data");
        Assert.Contains("ERP", waiting.Reason, StringComparison.Ordinal);
        await world.WaitAsync(sessionId, "accepted");
        Assert.DoesNotContain("13900001111", waiting.Reason + world.Log.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_be_asked_again_when_it_does_not_answer()
    {
        var time = new ManualTime(TimeProvider.System.GetUtcNow());
        var orders = new TestOrders(TestOrders.Hangs, TestOrders.Knows(CustomsWorld.Payment("T1", "SO1")));
        await using var world = await CustomsWorld.StartAsync(services: services => services.AddSingleton<IOrderSource>(orders).AddSingleton<TimeProvider>(time));
        var (sessionId, _) = await world.AskAsync("SO1");

        await world.WaitAsync(sessionId, status =>
        {
            // Ten seconds are over for the module in less.
            if (!orders.Asked.IsEmpty)
            {
                time.Advance(TimeSpan.FromSeconds(1));
            }

            return status.State == "accepted";
        });

        Assert.Equal(2, orders.Asked.Count);
    }

    private static Task<CustomsWorld> StartAsync(TestOrders orders) => CustomsWorld.StartAsync(services: services => services.AddSingleton<IOrderSource>(orders));
}
