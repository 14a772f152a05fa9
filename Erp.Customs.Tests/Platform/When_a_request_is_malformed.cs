using System.Text;
using Erp.Customs.Module.Platform;
using Erp.Customs.Tests.Support;

namespace Erp.Customs.Tests.Platform;

public sealed class When_a_request_is_malformed : IAsyncLifetime
{
    private const string Path = AskedAnswer.Path;
    private const int Limit = 64 * 1024;

    private static readonly string Good = AskedAnswer.OpenReq("SO1", "session-1");

    private CustomsWorld _world = null!;

    private static readonly (string Name, string Body, string Code)[] Bodies =
    [
        ("nothing", "", OpenReqCode.Unreadable),
        ("prose", "hello", OpenReqCode.Unreadable),
        ("XML", "<openReq><orderNo>SO1</orderNo><sessionID>s</sessionID></openReq>", OpenReqCode.Unreadable),
        ("half of a JSON", """{"orderNo":"SO1","sess""", OpenReqCode.Unreadable),
        ("a field that stands twice", """{"orderNo":"SO1","orderNo":"SO2","sessionID":"s"}""", OpenReqCode.Unreadable),
        ("another form", "a=1&b=2", OpenReqCode.Unreadable),
        ("an empty openReq", "openReq=", OpenReqCode.Unreadable),
        ("brackets", string.Concat(Enumerable.Repeat("{\"openReq\":", 5000)), OpenReqCode.Unreadable),
        ("quotes in quotes", "openReq=" + new string('\\', 20_000) + "\"", OpenReqCode.Unreadable),
        ("no orderNo", """{"sessionID":"s"}""", OpenReqCode.BadOrderNo),
        ("an empty orderNo", AskedAnswer.OpenReq("", "s"), OpenReqCode.BadOrderNo),
        ("a control character in orderNo", AskedAnswer.OpenReq("SO\u00011", "s"), OpenReqCode.BadOrderNo),
        ("no sessionID", """{"orderNo":"SO1"}""", OpenReqCode.BadSessionId),
        ("an empty sessionID", AskedAnswer.OpenReq("SO1", ""), OpenReqCode.BadSessionId),
        ("a sessionID of 129 characters", AskedAnswer.OpenReq("SO1", new string('s', 129)), OpenReqCode.BadSessionId),
        ("a line break in sessionID", AskedAnswer.OpenReq("SO1", "a\r\nb"), OpenReqCode.BadSessionId),
        ("a zero in sessionID", AskedAnswer.OpenReq("SO1", "a\0b"), OpenReqCode.BadSessionId),
        ("a DEL in sessionID", AskedAnswer.OpenReq("SO1", "a\u007fb"), OpenReqCode.BadSessionId),
        ("more than 64 KiB", AskedAnswer.OpenReq("SO1", "s", Limit + 1), OpenReqCode.TooLarge),
    ];

    public async Task InitializeAsync() => _world = await CustomsWorld.StartAsync();

    public async Task DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public async Task Should_answer_every_body_with_its_code_and_store_nothing()
    {
        using var figures = new Figures(_world);
        foreach (var (name, body, code) in Bodies)
        {
            var answer = await AskedAnswer.PostAsync(_world, body);
            Assert.True(answer.Code == code, $"{name}: {answer.Body}");
            Assert.True(answer.Message.Length > 0, name);
            Assert.InRange(int.Parse(answer.Code), 20001, 21000);
        }

        Assert.Equal(0, await _world.RequestsAsync());
        // Nothing stored but a counter.
        var expected = Bodies.GroupBy(row => row.Code, StringComparer.Ordinal).ToDictionary(code => $"erp.customs.platdataopen code={code.Key}", code => (double)code.Count(), StringComparer.Ordinal);
        Assert.Equal(expected, figures.Sums);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("PATCH")]
    [InlineData("OPTIONS")]
    [InlineData("PROPFIND")]
    public async Task Should_not_take_any_method_but_POST(string method)
    {
        var answer = await AskedAnswer.SendAsync(_world, new HttpMethod(method), $"{Path}?{Good}", AskedAnswer.Form(Good));
        Assert.Equal(OpenReqCode.Unreadable, answer.Code);
        Assert.Equal(0, await _world.RequestsAsync());
    }

    [Fact]
    public async Task Should_not_read_the_address_for_a_body()
    {
        var answer = await AskedAnswer.SendAsync(_world, HttpMethod.Post, $"{Path}?{Good}", content: null);
        Assert.Equal(OpenReqCode.Unreadable, answer.Code);
        Assert.Equal(0, await _world.RequestsAsync());
    }

    [Fact]
    public async Task Should_not_read_a_multipart_form()
    {
        using var form = new MultipartFormDataContent { { new StringContent("""{"orderNo":"SO1","sessionID":"s"}"""), "openReq" } };
        Assert.Equal(OpenReqCode.Unreadable, (await AskedAnswer.SendAsync(_world, HttpMethod.Post, Path, form)).Code);
    }

    [Theory]
    [InlineData(new byte[] { 0xFF, 0xFE, 0x7B, 0x00 })]
    [InlineData(new byte[] { 0x1F, 0x8B, 0x08, 0x00 })]
    [InlineData(new byte[] { 0x00 })]
    public async Task Should_not_read_bytes_that_are_no_UTF8_text(byte[] body) =>
        Assert.Equal(OpenReqCode.Unreadable, (await AskedAnswer.SendAsync(_world, HttpMethod.Post, Path, AskedAnswer.Content(body, "application/x-www-form-urlencoded"))).Code);

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/octet-stream")]
    [InlineData("multipart/form-data; boundary=x")]
    [InlineData(null)]
    public async Task Should_not_mind_a_wrong_content_type_where_the_body_is_right(string? contentType)
    {
        // Seen in the wild: JSON bodies under any name. The body tells, the header does not.
        var body = Encoding.UTF8.GetBytes(AskedAnswer.OpenReq("SO1", $"session of {contentType}"));
        Assert.Equal(OpenReqCode.Accepted, (await AskedAnswer.SendAsync(_world, HttpMethod.Post, Path, AskedAnswer.Content(body, contentType))).Code);
        Assert.Equal(1, await _world.RequestsAsync());
    }

    [Fact]
    public async Task Should_take_exactly_64_KiB()
    {
        Assert.Equal(OpenReqCode.Accepted, (await AskedAnswer.PostAsync(_world, AskedAnswer.OpenReq("SO1", "session-1", Limit))).Code);
        Assert.Equal(1, await _world.RequestsAsync());
    }

    [Fact]
    public async Task Should_take_a_sessionID_of_128_characters()
    {
        var sessionId = new string('会', 128);
        Assert.Equal(OpenReqCode.Accepted, (await AskedAnswer.PostAsync(_world, AskedAnswer.OpenReq("SO1", sessionId))).Code);
        Assert.NotNull(await _world.Services.FindRequestAsync(sessionId, CancellationToken.None));
    }

    [Fact]
    public async Task Should_not_wait_for_a_body_that_says_it_is_huge()
    {
        await using var raw = await RawHttp.ConnectAsync(_world.Http.BaseAddress!);
        await raw.WriteAsync($"POST {Path} HTTP/1.1\r\nHost: erp\r\nContent-Length: 4000000000\r\n\r\nopenReq=");
        var (status, _, body) = await raw.ReadAsync();
        Assert.Equal(200, status);
        Assert.InRange(int.Parse(AskedAnswer.Read(body).Code), 20001, 21000);
    }

    [Fact]
    public async Task Should_answer_a_chunk_that_is_none()
    {
        await using var raw = await RawHttp.ConnectAsync(_world.Http.BaseAddress!);
        await raw.WriteAsync($"POST {Path} HTTP/1.1\r\nHost: erp\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello");
        var (status, _, body) = await raw.ReadAsync();
        Assert.Equal((200, OpenReqCode.Unreadable), (status, AskedAnswer.Read(body).Code));
    }

    [Fact]
    public async Task Should_not_know_a_merchant_that_is_not_configured()
    {
        Assert.Equal(OpenReqCode.UnknownAddress, (await AskedAnswer.PostAsync(_world, Good, "/customs/nobody/platDataOpen")).Code);
        Assert.Equal(OpenReqCode.UnknownAddress, (await AskedAnswer.PostAsync(_world, Good, "/customs/%E5%AE%81%E6%B3%A2/platDataOpen")).Code);
        Assert.Equal(0, await _world.RequestsAsync());
    }

    [Fact]
    public async Task Should_live_on_when_a_caller_goes_away_in_the_middle()
    {
        await using (var raw = await RawHttp.ConnectAsync(_world.Http.BaseAddress!))
        {
            await raw.WriteAsync($"POST {Path} HTTP/1.1\r\nHost: erp\r\nContent-Length: 1000\r\n\r\nopenReq=");
        }

        Assert.Equal(OpenReqCode.Accepted, (await AskedAnswer.PostAsync(_world, Good)).Code);
        Assert.Equal(1, await _world.RequestsAsync());
    }
}
