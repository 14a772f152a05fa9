using System.Text;
using Erp.Customs.Contracts;
using Erp.Customs.Module.Payments;

namespace Erp.Customs.Tests.Payments;

public class BridgeReplyTests
{
    [Theory]
    [InlineData("已支付+已报关", true)]
    [InlineData("已支付 已报关", true)]
    [InlineData(" 已支付 + 已报关 ", true)]
    [InlineData("已支付＋已报关", true)]
    [InlineData("已支付已报关", false)]
    [InlineData("已支付", false)]
    [InlineData("已支付+报关中", false)]
    [InlineData("未已支付+已报关", false)]
    [InlineData("", false)]
    public void Paid_and_declared_is_one_text_however_its_plus_arrived(string customsMsg, bool right) =>
        Assert.Equal(right, Of($$"""{"ReturnCode":"0000","PaymentNo":"1","CustomsMsg":"{{customsMsg}}"}""").IsPaidAndDeclared);

    [Theory]
    [InlineData("""{"ReturnCode":"9999","PaymentNo":"1","CustomsMsg":"已支付+已报关"}""")]
    [InlineData("""{"ReturnCode":"0000","PaymentNo":" ","CustomsMsg":"已支付+已报关"}""")]
    [InlineData("""{"ReturnCode":"0000","PaymentNo":null,"CustomsMsg":"已支付+已报关"}""")]
    [InlineData("""{"ReturnCode":"0000","CustomsMsg":"已支付+已报关"}""")]
    public void All_three_conditions_are_needed(string reply) => Assert.False(Of(reply).IsPaidAndDeclared);

    [Fact]
    public void The_documents_own_sample_counts_and_is_revoked()
    {
        var reply = Of("""
            {
              " ReturnCode ": "0000", "ReturnMsg": "获取信息成功！", " OrderNo": "2018073000001 ", "PaymentNo": " 114401011116 ", "PaymentStatus": 10,
              "PaymentMsg": "已撤销", "PayTime": "2018-07-30 09:19:41", "CustomsMsg": "已支付+已报关"
            }
            """);
        Assert.True(reply.IsPaidAndDeclared);
        Assert.True(reply.IsRevoked);
        Assert.Equal("2018073000001", reply.OrderNo);
        Assert.Equal(("114401011116", "10", new DateTimeOffset(2018, 7, 30, 9, 19, 41, TimeSpan.FromHours(8))), (reply.Payment.PaymentNo, reply.Payment.PaymentStatus, reply.Payment.PaidAt));
    }

    [Theory]
    [InlineData("""{"ReturnCode":"0000","CustomsMsg":"9911实名认证异常"}""", "9911")]
    [InlineData("""{"ReturnCode":"0000","CustomsMsg":"","PaymentMsg":"9913: 余额不足"}""", "9913")]
    [InlineData("""{"ReturnCode":"0000","result_msg":"[9915]银联风险受限"}""", "9915")]
    [InlineData("""{"ReturnCode":"9914"}""", "9914")]
    [InlineData("""{"ReturnCode":"0000","CustomsMsg":"99110 件"}""", null)]
    [InlineData("""{"ReturnCode":"0000","CustomsMsg":"处理中9911"}""", null)]
    [InlineData("""{"ReturnCode":"9999","CustomsMsg":"待支付"}""", null)]
    public void A_declaration_code_is_looked_for_where_one_can_stand(string reply, string? code) => Assert.Equal(code, Of(reply).DeclarationCode);

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{\"OrderNo\":\"1\"}")]
    [InlineData("{\"ReturnCode\":\"\"}")]
    [InlineData("{\"ReturnCode\":\"张三\"}")]
    [InlineData("{\"ReturnCode\":\"0000\",\" ReturnCode \":\"9901\"}")]
    [InlineData("{\"ReturnCode\":\"\\uD83D\"}")]
    public void What_has_no_code_is_no_answer(string body) => Assert.Null(BridgeReply.Read(Encoding.UTF8.GetBytes(body)));

    [Fact]
    public void Bytes_that_are_no_text_are_no_answer() => Assert.Null(BridgeReply.Read([0xFF, 0xFE]));

    [Fact]
    public void A_time_that_cannot_be_read_is_none() => Assert.Null(Of("""{"ReturnCode":"0000","PayTime":"yesterday"}""").Payment.PaidAt);

    [Fact]
    public void The_same_code_means_one_thing_when_pushed_and_another_when_declared()
    {
        var codes = BridgeCodes.Read(AppContext.BaseDirectory);
        Assert.Equal((BridgeFollow.StopMerchant, BridgeFollow.DataError), (codes.Meaning(BridgeStage.Push, "9911").Follow, codes.Meaning(BridgeStage.Declaration, "9911").Follow));
        Assert.Equal((BridgeFollow.StopMerchant, BridgeFollow.Person), (codes.Meaning(BridgeStage.Push, "9912").Follow, codes.Meaning(BridgeStage.Declaration, "9912").Follow));
        Assert.All((string[])["0000", "9901", "9902", "9903", "9904", "9905", "9906", "9907", "9909", "9910", "9911", "9912", "9916"], code => Assert.True(codes.Knows(BridgeStage.Push, code)));
        Assert.All((string[])["9911", "9912", "9913", "9914", "9915"], code => Assert.True(codes.Knows(BridgeStage.Declaration, code)));
        Assert.Equal(BridgeFollow.Person, codes.Meaning(BridgeStage.Push, "9908").Follow);
    }

    [Theory]
    [InlineData("""[{"stage":"push","code":"0000","follow":"perhaps","zh":"","en":""}]""")]
    [InlineData("""[{"stage":"push","code":"0000","follow":"done","zh":"","en":""},{"stage":"push","code":"0000","follow":"retry","zh":"","en":""}]""")]
    [InlineData("{")]
    public void A_table_that_is_wrong_stops_the_module_with_a_sentence(string table)
    {
        var folder = Directory.CreateTempSubdirectory("erp-customs-");
        Directory.CreateDirectory(Path.Combine(folder.FullName, "Payments"));
        File.WriteAllText(Path.Combine(folder.FullName, "Payments", "bridge-codes.json"), table);
        File.WriteAllText(Path.Combine(folder.FullName, "Payments", "customs-codes.json"), "[");
        Assert.Contains("bridge-codes.json", Assert.Throws<ModuleConfigurationException>(() => BridgeCodes.Read(folder.FullName)).Message, StringComparison.Ordinal);
        Assert.Contains("customs-codes.json", Assert.Throws<ModuleConfigurationException>(() => CustomsCodes.Read(folder.FullName, [])).Message, StringComparison.Ordinal);
        folder.Delete(recursive: true);
    }

    private static BridgeReply Of(string body) => BridgeReply.Read(Encoding.UTF8.GetBytes(body))!;
}
