using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Erp.Customs.Module.Signing;
using Erp.Customs.Module.Signing.Agents;
using Erp.Customs.Reliability.World;
using Erp.Customs.Tests.Support;

namespace Erp.Customs.Tests.Signing.Agents;

/// <summary>What the module lets in where agents call, and what it answers to everything else.</summary>
public sealed class When_an_agent_calls
{
    [Theory]
    [InlineData("lease")]
    [InlineData("result")]
    [InlineData("state")]
    public async Task Should_let_nobody_in_without_the_token_of_an_agent(string what)
    {
        await using var world = await AgentWorld.StartAsync();
        foreach (var (scheme, token) in new[] { ("Bearer", ""), ("Bearer", "wrong"), ("Basic", AgentWorld.TokenOf("pc-1")), ("Bearer", AgentProgramSum()), ("Bearer", CustomsWorld.Key) })
        {
            using var answer = await PostAsync(world, what, "{}", new AuthenticationHeaderValue(scheme, token));
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
            Assert.Contains("令牌缺失或无效", await ErrorAsync(answer), StringComparison.Ordinal);
        }

        using var inAddress = await world.World.Http.PostAsync(new Uri($"/customs/sign-agent/{what}?token={AgentWorld.TokenOf("pc-1")}", UriKind.Relative), null);
        Assert.Equal(HttpStatusCode.Unauthorized, inAddress.StatusCode);
    }

    [Theory]
    [InlineData("result", "")]
    [InlineData("result", "null")]
    [InlineData("result", "[")]
    [InlineData("result", "{}")]
    [InlineData("result", """{"job":"a","fence":"one","reason":""}""")]
    [InlineData("result", """{"job":"a","fence":1,"reason":""}""")]
    [InlineData("result", """{"job":"a","fence":1,"failure":"Lazy","reason":""}""")]
    [InlineData("result", """{"job":"a","fence":1,"job":"b","failure":"Pin","reason":""}""")]
    [InlineData("state", """{"version":"1","machine":null,"kind":"KeyFile","error":"","closed":false}""")]
    public async Task Should_refuse_what_is_no_message_of_an_agent(string what, string body)
    {
        await using var world = await AgentWorld.StartAsync();
        using var answer = await PostAsync(world, what, body);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        await ErrorAsync(answer);
    }

    [Fact]
    public async Task Should_refuse_a_body_that_is_too_large_and_an_address_that_is_none()
    {
        await using var world = await AgentWorld.StartAsync();
        using var large = await PostAsync(world, "state", new string(' ', 65 * 1024));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, large.StatusCode);
        using var none = await PostAsync(world, "key", "{}");
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
        using var get = await world.World.Http.GetAsync(new Uri("/customs/sign-agent/lease", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotFound, get.StatusCode);
    }

    [Fact]
    public async Task Should_say_that_nobody_waits_for_a_result_that_nobody_asked_for()
    {
        await using var world = await AgentWorld.StartAsync();
        using var answer = await SayAsync(world, "result", new AgentResult(new string('a', 32), 1, new Signature(1, "01", "", []), null, ""));
        Assert.Equal(HttpStatusCode.Gone, answer.StatusCode);
        await ErrorAsync(answer);
    }

    [Fact]
    public async Task Should_keep_no_more_of_what_an_agent_says_than_there_is_room_for()
    {
        await using var world = await AgentWorld.StartAsync();
        var (zh, en) = (new string('长', 4000), new string('x', 4000));
        using var answer = await SayAsync(world, "state", new AgentState(new string('1', 300), "PC\0" + zh, "KeyFile", null, $"{zh} | {en}", Closed: false));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var seen = (await world.SeenAsync(_ => true))!;
        Assert.Equal((64, 200, $"{zh[..500]} | {en[..500]}"), (seen.Standing.Version.Length, seen.Standing.Machine.Length, seen.Standing.Error));
        Assert.DoesNotContain('\0', seen.Standing.Machine);
    }

    private static string AgentProgramSum() => AgentProgram.Sum(AgentWorld.TokenOf("pc-1"));

    private static Task<HttpResponseMessage> SayAsync<T>(AgentWorld world, string what, T body) => PostAsync(world, what, JsonSerializer.Serialize(body, AgentWire.Json));

    private static async Task<HttpResponseMessage> PostAsync(AgentWorld world, string what, string body, AuthenticationHeaderValue? authorization = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/customs/sign-agent/{what}") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = authorization ?? new("Bearer", AgentWorld.TokenOf("pc-1"));
        return await world.World.Http.SendAsync(request);
    }

    /// <summary>The sentence of an answer that is well-formed.</summary>
    private static async Task<string> ErrorAsync(HttpResponseMessage answer)
    {
        using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return body.RootElement.GetProperty("error").GetString()!;
    }
}
