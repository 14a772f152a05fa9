using System.Text;
using System.Text.Json;
using Erp.Customs.Module.Archive;
using Erp.Customs.Tests.Support;

namespace Erp.Customs.Tests.Upload;

public class When_the_copy_is_prepared
{
    private const string Nasty = "a=\"1\"&b=C:\\dir\r\n\t<奶粉>😀";

    [Theory]
    [InlineData("raw", Nasty)]
    [InlineData("strip", "a=1&b=C:dir<奶粉>😀")]
    [InlineData("url-encode", "a%3D%221%22%26b%3DC%3A%5Cdir%0D%0A%09%3C%E5%A5%B6%E7%B2%89%3E%F0%9F%98%80")]
    public async Task Should_reach_customs_as_the_merchant_s_policy_says_while_the_archive_keeps_the_original(string policy, string expected)
    {
        await using var world = await CustomsWorld.StartAsync(new(StringComparer.Ordinal) { ["Customs:Merchants:ningbo:RawPolicy"] = policy });
        var payment = CustomsWorld.Payment("T1", "SO1");
        payment["initalRequest"] = Nasty;
        payment["initalResponse"] = Nasty;
        await world.DeliveredAsync(payment);

        var status = await world.AnswerAsync("SO1");

        var head = world.Uploaded(status.SessionId)["payExchangeInfoHead"]!;
        Assert.Equal((expected, expected), ((string?)head["initalRequest"], (string?)head["initalResponse"]));
        Assert.Equal(Nasty, Encoding.UTF8.GetString((await world.Modules.Find<PaymentArchive>()!.FindForOrderAsync("SO1", null, default))!.Payment.InitialRequest.Bytes));
    }

    [Fact]
    public async Task Should_be_held_against_the_limit_after_the_policy()
    {
        await using var world = await CustomsWorld.StartAsync(new(StringComparer.Ordinal) { ["Customs:Merchants:ningbo:RawPolicy"] = "url-encode" });
        var payment = CustomsWorld.Payment("T1", "SO1");
        payment["initalRequest"] = new string('奶', 1000);
        await world.DeliveredAsync(payment);
        var (sessionId, _) = await world.AskAsync("SO1");
        Assert.Contains("9000", (await world.WaitAsync(sessionId, "needs_person")).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("true", JsonValueKind.Number)]
    [InlineData("false", JsonValueKind.String)]
    public async Task Should_write_serviceTime_as_the_setting_says(string asNumber, JsonValueKind kind)
    {
        await using var world = await CustomsWorld.StartAsync(new(StringComparer.Ordinal) { ["Customs:Upload:ServiceTimeAsNumber"] = asNumber });
        await world.DeliveredAsync(CustomsWorld.Payment("T1", "SO1"));
        var status = await world.AnswerAsync("SO1");
        Assert.Equal(kind, world.Uploaded(status.SessionId)["serviceTime"]!.GetValueKind());
    }

    [Fact]
    public async Task Should_have_a_guid_in_capitals_of_its_own_for_each_session()
    {
        await using var world = await CustomsWorld.StartAsync();
        await world.DeliveredAsync(CustomsWorld.Payment("T1", "SO1"));
        var guids = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            guids.Add((string)world.Uploaded((await world.AnswerAsync("SO1")).SessionId)["payExchangeInfoHead"]!["guid"]!);
        }

        Assert.Equal(3, guids.Distinct(StringComparer.Ordinal).Count());
        Assert.All(guids, guid => Assert.Equal(guid.ToUpperInvariant(), guid));
    }
}
