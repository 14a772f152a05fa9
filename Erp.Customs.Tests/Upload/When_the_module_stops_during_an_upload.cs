using Erp.Customs.Simulator;
using Erp.Customs.Tests.Support;

namespace Erp.Customs.Tests.Upload;

public class When_the_module_stops_during_an_upload
{
    [Fact]
    public async Task Should_wait_for_the_answer_to_what_is_on_its_way()
    {
        await using var world = await CustomsWorld.StartAsync();
        world.Customs.Faults.Set(Fault.Delayed(TimeSpan.FromMilliseconds(400)));
        await world.DeliveredAsync(CustomsWorld.Payment("T1", "SO1"));
        var (sessionId, _) = await world.AskAsync("SO1");
        await world.WaitAsync(sessionId, "sending");

        await world.Modules.DisableAsync("Erp.Customs", CancellationToken.None);

        Assert.Equal("accepted", await world.SqlAsync("SELECT state FROM customs_request"));
        Assert.Equal("10000", await world.SqlAsync("SELECT customs_code FROM upload_attempt"));
        await world.Modules.EnableAsync("Erp.Customs", CancellationToken.None);
        Assert.Equal(1, (await world.WaitAsync(sessionId, "accepted")).Attempts);
        Assert.Single(world.Customs.Log.FindSession(sessionId)!.Uploads);
    }

    [Fact]
    public async Task Should_let_go_of_a_request_that_waits_for_the_ERP_and_take_it_up_again_at_once()
    {
        var orders = new TestOrders(TestOrders.Hangs, TestOrders.Knows(CustomsWorld.Payment("T1", "SO1")));
        await using var world = await CustomsWorld.StartAsync(services: services => Microsoft.Extensions.DependencyInjection.ServiceCollectionServiceExtensions.AddSingleton<Contracts.IOrderSource>(services, orders));
        var (sessionId, _) = await world.AskAsync("SO1");
        await world.WaitAsync(sessionId, _ => !orders.Asked.IsEmpty);

        await world.Modules.DisableAsync("Erp.Customs", CancellationToken.None);
        await world.Modules.EnableAsync("Erp.Customs", CancellationToken.None);

        await world.WaitAsync(sessionId, "accepted");
    }
}
