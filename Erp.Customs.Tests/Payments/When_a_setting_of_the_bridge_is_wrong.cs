using Erp.Customs.Contracts.Hosting;
using Erp.Customs.Tests.Support;

namespace Erp.Customs.Tests.Payments;

public class When_a_setting_of_the_bridge_is_wrong
{
    [Theory]
    [InlineData("Customs:Bridge:BaseUrl", "http://139.196.83.231/")]
    [InlineData("Customs:Bridge:BaseUrl", "https://user:secret@bridge.example.cn/")]
    [InlineData("Customs:Bridge:BaseUrl", "https://bridge.example.cn/?x=1")]
    [InlineData("Customs:Bridge:Rehearsal", "perhaps")]
    [InlineData("Customs:Bridge:Timeout", "0")]
    [InlineData("Customs:Merchants:ningbo:Bridge:MerchantName", null)]
    [InlineData("Customs:Merchants:ningbo:Bridge:PayCode", "1234567890123456789")]
    [InlineData("Customs:Merchants:ningbo:Bridge:VerDept", "4")]
    [InlineData("Customs:Merchants:ningbo:Bridge:VerDept", null)]
    [InlineData("Customs:Merchants:ningbo:Bridge:PayType", "5")]
    [InlineData("Customs:Merchants:ningbo:Bridge:RecpAccount", null)]
    [InlineData("Customs:Merchants:ningbo:Bridge:RecpName", "a\u0001")]
    [InlineData("Customs:Merchants:ningbo:Bridge:CustomsCode", "HG001")]
    public async Task Should_stop_the_module_with_one_sentence_that_names_it(string name, string? value)
    {
        await using var world = await CustomsWorld.StartAsync(new(StringComparer.Ordinal) { [name] = value }, mayFail: true);

        Assert.Equal(ModuleState.Failed, world.Module.State);
        Assert.Contains(name, world.Module.Sentence, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", world.Module.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_not_rehearse_payments_while_uploads_go_to_customs()
    {
        await using var world = await CustomsWorld.StartAsync(
            new(StringComparer.Ordinal) { ["Customs:Bridge:Rehearsal"] = "true", ["Customs:Upload:Url"] = "https://customs.chinaport.gov.cn/ceb2grab/grab/realTimeDataUpload" }, mayFail: true);
        Assert.Contains("Customs:Bridge:Rehearsal", world.Module.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_speak_plain_http_to_hosts_that_are_listed()
    {
        await using var world = await CustomsWorld.StartAsync(new(StringComparer.Ordinal) { ["Customs:Bridge:BaseUrl"] = "http://bridge.example.cn", ["Customs:PlainHttpHosts"] = "bridge.example.cn" });
        Assert.Contains(world.Log.Lines, line => line.Contains("Orders are pushed to bridge.example.cn/PushOrder", StringComparison.Ordinal));
    }
}
