using Erp.Customs.Module.Platform;
using Erp.Customs.Tests.Support;

namespace Erp.Customs.Tests.Platform;

public class When_the_answer_is_read
{
    [Fact]
    public async Task Should_be_the_three_fields_of_the_notice_and_nothing_else()
    {
        await using var world = await CustomsWorld.StartAsync();
        var before = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

        var (_, seen) = await world.AskAsync("SO1");
        var answer = AskedAnswer.Read(seen.Body);

        Assert.Null(seen.Problem);
        Assert.Equal(("10000", ""), (answer.Code, answer.Message));
        Assert.InRange(answer.ServiceTime, before, TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
    }

    [Fact]
    public async Task Should_not_be_kept_by_anybody_on_the_way()
    {
        await using var world = await CustomsWorld.StartAsync();
        using var response = await world.Http.PostAsync(AskedAnswer.Path, AskedAnswer.Form(AskedAnswer.OpenReq("SO1", "session-1")));
        Assert.True(response.Headers.CacheControl!.NoStore);
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.False(response.Headers.Contains("Location"));
        Assert.False(response.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task Should_come_for_each_request_of_a_connection_that_is_kept()
    {
        await using var world = await CustomsWorld.StartAsync();
        await using var raw = await RawHttp.ConnectAsync(world.Http.BaseAddress!);
        var first = AskedAnswer.OpenReq("SO1", "session-1");
        var second = AskedAnswer.OpenReq("SO2", "session-1");
        // Two at once, with the headers spelt as somebody's own HTTP library might.
        await raw.WriteAsync(
            $"POST {AskedAnswer.Path} HTTP/1.1\r\nhOST: erp\r\nCONTENT-length:{first.Length}\r\ncontent-TYPE: application/X-WWW-form-URLencoded\r\nconnection: Keep-Alive\r\n\r\n{first}"
            + $"POST {AskedAnswer.Path} HTTP/1.1\r\nHost:erp\r\ncontent-length: {second.Length}\r\n\r\n{second}");

        var (status, _, body) = await raw.ReadAsync();
        Assert.Equal((200, OpenReqCode.Accepted), (status, AskedAnswer.Read(body).Code));
        (status, _, body) = await raw.ReadAsync();
        Assert.Equal((200, OpenReqCode.SessionOfOtherOrder), (status, AskedAnswer.Read(body).Code));
        Assert.Equal(1, await world.RequestsAsync());
    }

    [Fact]
    public async Task Should_come_to_a_caller_of_HTTP_1_0_too()
    {
        await using var world = await CustomsWorld.StartAsync();
        await using var raw = await RawHttp.ConnectAsync(world.Http.BaseAddress!);
        var body = AskedAnswer.OpenReq("SO1", "session-1");
        await raw.WriteAsync($"POST {AskedAnswer.Path} HTTP/1.0\r\nContent-Length: {body.Length}\r\n\r\n{body}");
        var answer = await raw.ReadToEndAsync();
        Assert.StartsWith("HTTP/1.1 200 ", answer, StringComparison.Ordinal);
        Assert.Equal(OpenReqCode.Accepted, AskedAnswer.Read(answer[(answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..]).Code);
    }
}
