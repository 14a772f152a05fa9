using Erp.Customs.Module.Jobs;
using Erp.Customs.Simulator;
using Erp.Customs.Tests.Support;

namespace Erp.Customs.Tests.Upload;

public class When_two_drive_the_same_request
{
    [Fact]
    public async Task Should_be_sent_once_however_many_workers_take_it_up_at_once()
    {
        await using var world = await CustomsWorld.StartAsync();
        world.Customs.Faults.Set(Fault.Delayed(TimeSpan.FromMilliseconds(200)));
        await world.DeliveredAsync(CustomsWorld.Payment("T1", "SO1"));
        var (sessionId, _) = await world.AskAsync("SO1");
        var work = world.Modules.Find<IUploadWork>()!;

        var again = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => work.RunAsync(1, CancellationToken.None))));

        await world.WaitAsync(sessionId, "accepted");
        Assert.All(again, Assert.Null);
        Assert.Single(world.Customs.Log.FindSession(sessionId)!.Uploads);
        Assert.Equal(1L, await world.SqlAsync("SELECT COUNT(*) FROM upload_attempt"));
    }

    [Fact]
    public async Task Should_be_sent_once_however_often_it_is_handed_to_the_engine()
    {
        await using var world = await CustomsWorld.StartAsync();
        await world.DeliveredAsync(CustomsWorld.Payment("T1", "SO1"));
        world.Customs.Faults.Set(Fault.Delayed(TimeSpan.FromMilliseconds(200)));
        var engine = world.Modules.Find<IUploadEngine>()!;
        var relay = world.Modules.Find<UploadRelay>()!;
        var (sessionId, _) = await world.AskAsync("SO1");

        await Task.WhenAll(Enumerable.Range(0, 50).Select(async _ =>
        {
            relay.Offer(1);
            await engine.EnqueueAsync(1, TimeProvider.System.GetUtcNow(), CancellationToken.None);
        }));

        await world.WaitAsync(sessionId, "accepted");
        relay.Offer(1);
        await world.AnswerAsync("SO1");
        Assert.Single(world.Customs.Log.FindSession(sessionId)!.Uploads);
    }
}
