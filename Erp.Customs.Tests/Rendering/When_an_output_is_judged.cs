using Erp.Customs.Module;
using Erp.Customs.Module.Rendering;

namespace Erp.Customs.Tests.Rendering;

/// <summary>What the built-in writer says of somebody else's output.</summary>
public class When_an_output_is_judged
{
    private const string Written = """{"ebpCode":"E1","totalAmount":100.1,"note":"备注","goodsInfo":[{"gname":"奶粉"},{"gname":"拖鞋"}]}""";

    [Fact]
    public void Should_find_nothing_in_the_same_characters() => Assert.Same(Judgement.Same, TemplateJudge.Judge("head", Written, Written));

    [Theory]
    [InlineData("""{"ebpCode":"E1","totalAmount":100.10,"note":"备注","goodsInfo":[{"gname":"奶粉"},{"gname":"拖鞋"}]}""", "head.totalAmount: value")]
    [InlineData("""{"ebpCode":"E2","totalAmount":100.1,"note":"备注","goodsInfo":[{"gname":"奶粉"},{"gname":"鞋"}]}""", "head.ebpCode: value|head.goodsInfo[1].gname: value")]
    [InlineData("""{"ebpCode":"E1","totalAmount":100.1,"goodsInfo":[{"gname":"奶粉"},{"gname":"拖鞋"}]}""", "head.note: missing")]
    [InlineData("""{"ebpCode":"E1","totalAmount":100.1,"note":"","goodsInfo":[{"gname":"奶粉"},{"gname":"拖鞋"}]}""", "head.note: value")]
    [InlineData("""{"ebpCode":"E1","totalAmount":100.1,"note":"备注","goodsInfo":[{"gname":"奶粉","x":[1]},{"gname":"拖鞋"}]}""", "head.goodsInfo[0].x: additional")]
    [InlineData("""{"totalAmount":100.1,"ebpCode":"E1","note":"备注","goodsInfo":[{"gname":"奶粉"},{"gname":"拖鞋"}]}""", "head: order of fields")]
    [InlineData("""{"ebpCode": "E1","totalAmount":100.1,"note":"\u5907注","goodsInfo":[{"gname":"奶粉"},{"gname":"拖鞋"}]}""", "head: blanks or escapes")]
    public void Should_allow_and_name_a_difference(string output, string differences)
    {
        var judgement = TemplateJudge.Judge("head", Written, output);

        Assert.Null(judgement.Fault);
        Assert.Equal(differences.Split('|'), judgement.Differences);
    }

    [Theory]
    [InlineData("""{"ebpCode":"E1","note":"备注","goodsInfo":[{"gname":"奶粉"},{"gname":"拖鞋"}]§}""", "head.totalAmount is required, but missing")]
    [InlineData("""{"ebpCode":§" ","totalAmount":100.1,"note":"备注","goodsInfo":[{"gname":"奶粉"},{"gname":"拖鞋"}]}""", "head.ebpCode is required, but empty")]
    [InlineData("""{"ebpCode":"E1","totalAmount":§"100.1","note":"备注","goodsInfo":[{"gname":"奶粉"},{"gname":"拖鞋"}]}""", "head.totalAmount must be a JSON number, not a JSON string")]
    [InlineData("""{"ebpCode":§1,"totalAmount":100.1,"note":"备注","goodsInfo":[{"gname":"奶粉"},{"gname":"拖鞋"}]}""", "head.ebpCode must be a JSON string, not a JSON number")]
    [InlineData("""{"ebpCode":"E1","totalAmount":100.1,"note":§null,"goodsInfo":[{"gname":"奶粉"},{"gname":"拖鞋"}]}""", "head.note must be a JSON string, not true, false or null")]
    [InlineData("""{"ebpCode":"E1","totalAmount":100.1,"note":"备注","goodsInfo":§{"gname":"奶粉"}}""", "head.goodsInfo must be a JSON array, not a JSON object")]
    [InlineData("""{"ebpCode":"E1","totalAmount":100.1,"note":"备注","goodsInfo":[{"gname":"奶粉"}§]}""", "head.goodsInfo must have all 2 entries, not 1")]
    [InlineData("""{"ebpCode":"E1","ebpCode":§"E1","totalAmount":100.1,"note":"备注","goodsInfo":[{"gname":"奶粉"},{"gname":"拖鞋"}]}""", "head.ebpCode stands there twice")]
    [InlineData("""{"ebpCode":"E1","totalAmount":100.1,"note":"备注","goodsInfo":[{"gname":"奶粉"},{"gname":"拖鞋"}]}§}""", "from here on the output is not JSON")]
    [InlineData("""{"note":"备注"§"ebpCode":"E1"}""", "from here on the output is not JSON")]
    [InlineData("""{"note":§"\ud800"}""", "from here on the output is not JSON")]
    [InlineData("§", "from here on the output is not JSON")]
    public void Should_refuse_a_fault_and_say_where_it_stands(string marked, string sentence)
    {
        var judgement = TemplateJudge.Judge("head", Written, marked.Replace("§", "", StringComparison.Ordinal));

        Assert.Equal((marked.IndexOf('§', StringComparison.Ordinal), sentence), (judgement.Fault!.At, Words.In(judgement.Fault.Sentence, english: true)));
        Assert.Matches("[\u4e00-\u9fff]", Words.In(judgement.Fault.Sentence, english: false));
        Assert.Empty(judgement.Differences);
    }
}
