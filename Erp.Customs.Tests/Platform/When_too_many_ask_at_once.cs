using Erp.Customs.Module.Platform;
using Erp.Customs.Tests.Support;

namespace Erp.Customs.Tests.Platform;

public class When_too_many_ask_at_once
{
    [Fact]
    public async Task Should_take_what_the_limit_allows_and_tell_the_others_to_come_again()
    {
        await using var world = await CustomsWorld.StartAsync(new(StringComparer.Ordinal) { ["Customs:RequestsPerSecond"] = "5" });

        var answers = await Task.WhenAll(Enumerable.Range(0, 60).Select(number => AskedAnswer.PostAsync(world, AskedAnswer.OpenReq("SO1", $"session-{number}"))));

        var taken = answers.Count(answer => answer.Code == OpenReqCode.Accepted);
        Assert.Equal(answers.Length, taken + answers.Count(answer => answer.Code == OpenReqCode.Failed));
        Assert.InRange(taken, 5, 55);
        Assert.Equal(taken, await world.RequestsAsync());
    }

    [Fact]
    public async Task Should_take_them_again_a_moment_later()
    {
        await using var world = await CustomsWorld.StartAsync(new(StringComparer.Ordinal) { ["Customs:RequestsPerSecond"] = "1" });
        var codes = new List<string>();
        while (codes.Count(code => code == OpenReqCode.Accepted) < 2)
        {
            codes.Add((await AskedAnswer.PostAsync(world, AskedAnswer.OpenReq("SO1", $"session-{codes.Count}"))).Code);
        }

        Assert.Equal(OpenReqCode.Accepted, codes[0]);
        Assert.Contains(OpenReqCode.Failed, codes, StringComparer.Ordinal);
    }
}
