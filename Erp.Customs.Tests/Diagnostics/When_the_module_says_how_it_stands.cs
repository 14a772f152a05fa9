using Erp.Customs.Contracts;
using Erp.Customs.Module;
using Erp.Customs.Module.Jobs;
using Erp.Customs.Module.Rendering;
using Erp.Customs.Tests.Support;

namespace Erp.Customs.Tests.Diagnostics;

public class When_the_module_says_how_it_stands
{
    [Fact]
    public async Task Should_show_a_light_for_everything_that_must_work()
    {
        await using var world = await CustomsWorld.StartAsync();
        var lights = await LightsAsync(world);
        Assert.Superset(new HashSet<string>(["Database", "Signer guangzhou", "Signer ningbo", "Templates and jobs", "Uploads go to"], StringComparer.Ordinal), lights.Keys.ToHashSet(StringComparer.Ordinal));
        Assert.Equal(SelfCheckLight.Yellow, lights["Uploads go to"].Light);
        Assert.All(lights.Values.Where(light => light.NameEn != "Uploads go to"), light => Assert.Equal(SelfCheckLight.Green, light.Light));
        // Each may be built in without the other.
        Assert.Contains(PayExchangeRenderers.ScribanBuiltIn ? "Templates: Scriban " : "Templates: built-in writer ", lights["Templates and jobs"].SentenceEn, StringComparison.Ordinal);
        Assert.EndsWith(JobEngines.HangfireInMemoryBuiltIn ? "job engine: Hangfire" : "job engine: Quartz", lights["Templates and jobs"].SentenceEn, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_be_yellow_where_a_person_is_waited_for_and_red_where_the_database_cannot_be_read()
    {
        await using var world = await CustomsWorld.StartAsync(new(StringComparer.Ordinal) { ["Customs:Deadline"] = "1", ["Customs:ApiKeys:erp"] = null });
        var (sessionId, _) = await world.AskAsync("SO1");
        await world.WaitAsync(sessionId, "needs_person");
        var lights = await LightsAsync(world);
        Assert.Equal((SelfCheckLight.Yellow, SelfCheckLight.Yellow), (lights["Database"].Light, lights["API keys"].Light));
        Assert.Contains("1", lights["Database"].SentenceEn, StringComparison.Ordinal);

        await world.SqlAsync("ALTER TABLE customs_request RENAME TO gone");
        Assert.Equal(SelfCheckLight.Red, (await LightsAsync(world))["Database"].Light);
        await world.SqlAsync("ALTER TABLE gone RENAME TO customs_request");
        Assert.Equal(SelfCheckLight.Yellow, (await LightsAsync(world))["Database"].Light);
    }

    [Theory]
    [InlineData(CustomsOptionsReader.LiveUrl, "Warning", "LIVE customs", "生产环境")]
    [InlineData(CustomsOptionsReader.TestUrl, "Information", "TEST customs", "测试环境")]
    [InlineData("http://127.0.0.1:1/up", "Information", "REHEARSAL", "演练环境")]
    public async Task Should_leave_no_doubt_whose_address_the_data_goes_to(string url, string level, string english, string chinese)
    {
        // Nobody asks for anything here, so nothing goes there.
        await using var world = await CustomsWorld.StartAsync(new(StringComparer.Ordinal) { ["Customs:Upload:Url"] = url });
        var line = Assert.Single(world.Log.Lines, line => line.Contains("Uploads go to", StringComparison.Ordinal));
        Assert.StartsWith(level, line, StringComparison.Ordinal);
        Assert.Contains(english, line, StringComparison.Ordinal);
        Assert.Contains(chinese, line, StringComparison.Ordinal);
        var light = (await LightsAsync(world))["Uploads go to"];
        Assert.Contains(english, light.SentenceEn, StringComparison.Ordinal);
        Assert.Contains(new Uri(url).Authority, light.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_count_what_it_is_asked_and_what_becomes_of_it()
    {
        await using var world = await CustomsWorld.StartAsync();
        using var figures = new Figures(world);
        await world.DeliveredAsync(CustomsWorld.Payment("T1", "SO1"));
        await world.AnswerAsync("SO1");
        await world.AskAsync("SO1", sessionId: new string('x', 129));
        Assert.Equal(1, figures.Sums["erp.customs.platdataopen code=10000"]);
        Assert.Equal(1, figures.Sums["erp.customs.platdataopen code=20005"]);
        Assert.Equal(1, figures.Sums["erp.customs.uploads state=accepted"]);
        Assert.InRange(figures.Sums["erp.customs.answered"], 0, 30);
        string[] steps = ["acknowledge", "render", "sign", "upload"];
        Assert.All(steps, step => Assert.InRange(figures.Sums[$"erp.customs.step step={step} failed=False"], double.Epsilon, 30));
        Assert.Equal(4 + steps.Length, figures.Sums.Count);
    }

    [Fact]
    public async Task Should_not_let_its_data_be_removed_while_a_payment_is_inside_its_term()
    {
        await using var world = await CustomsWorld.StartAsync();
        Assert.Null(await world.Modules.WhyKeepAsync("Erp.Customs", CancellationToken.None));
        await world.DeliveredAsync(CustomsWorld.Payment("T1", "SO1"));
        var sentence = await world.Modules.WhyKeepAsync("Erp.Customs", CancellationToken.None);
        Assert.Contains("仍有 1 笔", sentence, StringComparison.Ordinal);
        Assert.Contains("最早的支付至 2029-11-12 期满", sentence, StringComparison.Ordinal);
    }

    private static async Task<IReadOnlyDictionary<string, SelfCheck>> LightsAsync(CustomsWorld world) =>
        (await world.Modules.CheckAsync("Erp.Customs", CancellationToken.None)).ToDictionary(check => check.NameEn, StringComparer.Ordinal);
}
