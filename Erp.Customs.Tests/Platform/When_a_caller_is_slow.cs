using Erp.Customs.Module.Platform;
using Erp.Customs.Tests.Support;

namespace Erp.Customs.Tests.Platform;

public class When_a_caller_is_slow
{
    [Fact]
    public async Task Should_cut_off_who_sends_a_byte_a_second()
    {
        await using var world = await CustomsWorld.StartAsync();
        await using var raw = await RawHttp.ConnectAsync(world.Http.BaseAddress!);
        var body = AskedAnswer.OpenReq("SO1", "session-1");
        await raw.WriteAsync($"POST {AskedAnswer.Path} HTTP/1.1\r\nHost: erp\r\nContent-Length: {body.Length}\r\n\r\n");
        using var dripping = new CancellationTokenSource();
        var drip = DripAsync(raw, body, dripping.Token);

        var (status, _, answer) = await raw.ReadAsync();
        var rest = await raw.ReadToEndAsync();
        await dripping.CancelAsync();
        await drip;

        Assert.Equal((200, OpenReqCode.Unreadable), (status, AskedAnswer.Read(answer).Code));
        Assert.Equal("", rest);
        Assert.Equal(0, await world.RequestsAsync());
        Assert.Equal(OpenReqCode.Accepted, (await AskedAnswer.PostAsync(world, body)).Code);
    }

    private static async Task DripAsync(RawHttp raw, string body, CancellationToken cancellationToken)
    {
        using var second = new PeriodicTimer(TimeSpan.FromSeconds(1));
        try
        {
            foreach (var character in body)
            {
                await raw.WriteAsync(character.ToString());
                await second.WaitForNextTickAsync(cancellationToken);
            }
        }
        catch (Exception closed) when (closed is IOException or OperationCanceledException)
        {
            // Cut off, as it should be.
            return;
        }

        Assert.Fail("The whole body was taken, a byte a second.");
    }
}
