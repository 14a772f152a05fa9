using System.Security.Cryptography;
using Erp.Customs.Module.Rendering;
using Erp.Customs.Module.Signing;
using Erp.Customs.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Erp.Customs.Tests.Rendering;

/// <summary>What leaves the house, letter by letter.</summary>
public class When_a_payment_is_rendered
{
    private const string SessionId = "fe2374-8fnejf97-55616242";
    private const long ServiceTime = 1544519952469;
    private const string CertNo = "01010000000019f1";
    private const string SignValue = "J1shnr986MzgvwOBIMD0QMpkTTTARsGgwM9RkRAAmZOWA1ZAi8KNR+h5WtqXy6qdiW9KTfLyx9kgseWX/udghA==";

    [Theory]
    [InlineData("alipay")]
    [InlineData("wechat")]
    [InlineData("unionpay")]
    public void Should_be_what_was_approved_by_the_built_in_writer(string name) => ShouldBeApproved(name, Payments.Writer);

    [ScribanTheory]
    [InlineData("alipay")]
    [InlineData("wechat")]
    [InlineData("unionpay")]
    public void Should_be_what_was_approved_by_the_templates(string name) =>
        ShouldBeApproved(name, PayExchangeRenderers.Create(Payments.ModuleDirectory, NullLoggerFactory.Instance));

    [Fact]
    public void Should_carry_head_and_lists_in_payload_and_sign_text_as_the_same_characters()
    {
        var rendered = Payments.Writer.Render(Payments.WeChat);

        var payload = PayExInfoStr.Compose(SessionId, rendered.Head, rendered.Lists, ServiceTime, CertNo, SignValue, serviceTimeAsNumber: false);
        var signText = SignText.Compose(SessionId, rendered.Head, rendered.Lists, ServiceTime);

        Assert.Contains(rendered.Head, payload, StringComparison.Ordinal);
        Assert.Contains(rendered.Lists, payload, StringComparison.Ordinal);
        Assert.Contains($"\"{rendered.Head}\"", signText, StringComparison.Ordinal);
        Assert.Contains($"\"{rendered.Lists}\"", signText, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_write_service_time_as_a_number_where_that_is_set()
    {
        var payload = PayExInfoStr.Compose("s", "{}", "[]", ServiceTime, "c", "v", serviceTimeAsNumber: true);

        Assert.Equal("{\"sessionID\":\"s\",\"payExchangeInfoHead\":{},\"payExchangeInfoLists\":[],\"serviceTime\":1544519952469,\"certNo\":\"c\",\"signValue\":\"v\"}", payload);
    }

    [Fact]
    public void Should_escape_the_session_in_the_payload_only()
    {
        const string Session = "a\"b\\c";

        Assert.StartsWith("{\"sessionID\":\"a\\\"b\\\\c\",", PayExInfoStr.Compose(Session, "{}", "[]", 1, "c", "v", serviceTimeAsNumber: false), StringComparison.Ordinal);
        Assert.StartsWith("\"sessionID\":\"a\"b\\c\"||", SignText.Compose(Session, "{}", "[]", 1), StringComparison.Ordinal);
    }

    [Fact]
    public void Should_say_that_the_writer_rendered_it() => Assert.Equal("writer", Payments.Writer.Render(Payments.Alipay).Renderer);

    [ScribanFact]
    public void Should_say_which_templates_rendered_it()
    {
        var rendered = PayExchangeRenderers.Create(Payments.ModuleDirectory, NullLoggerFactory.Instance).Render(Payments.Alipay);

        Assert.Equal($"scriban 179/head.scriban@{Sha256("head")} 179/lists.scriban@{Sha256("lists")}", rendered.Renderer);
    }

    private static string Sha256(string template) =>
        Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(Payments.ModuleDirectory, "templates", "179", template + ".scriban"))));

    private static void ShouldBeApproved(string name, IPayExchangeRenderer renderer)
    {
        var rendered = renderer.Render(Payments.ByName(name));

        Golden.Equal($"{name}.head.json", rendered.Head);
        Golden.Equal($"{name}.lists.json", rendered.Lists);
        Golden.Equal($"{name}.payExInfoStr.json", PayExInfoStr.Compose(SessionId, rendered.Head, rendered.Lists, ServiceTime, CertNo, SignValue, serviceTimeAsNumber: false));
        Golden.Equal($"{name}.sign.txt", SignText.Compose(SessionId, rendered.Head, rendered.Lists, ServiceTime));
    }
}
