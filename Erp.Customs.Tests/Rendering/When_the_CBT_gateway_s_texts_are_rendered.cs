using Erp.Customs.Module;
using Erp.Customs.Module.Rendering;
using Erp.Customs.Tests.Support;

namespace Erp.Customs.Tests.Rendering;

/// <summary>What the Shanghai CBT gateway gets, letter by letter.</summary>
public sealed class When_the_CBT_gateway_s_texts_are_rendered
{
    private static readonly CbtHeader s_header = new("20071117020101", "xxx 电商公司", "XXXX908", "20119182839304", "12345678901234567890123456789012", AsInTable: false);

    [Fact]
    public void Should_be_what_was_approved_by_the_built_in_writer() => ShouldBeApproved(new CbtWriter());

    [ScribanFact]
    public void Should_be_what_was_approved_by_the_templates() => ShouldBeApproved(CbtRenderers.Create(Payments.ModuleDirectory));

    [Fact]
    public void Should_hold_head_and_lists_as_the_very_characters_that_customs_get()
    {
        var rendered = Payments.Writer.Render(SampleExchanges.Awkward);

        var message = new CbtWriter().PayExInfoStr("a\"b", rendered.Head, rendered.Lists);

        Assert.Equal($"{{\"sessionID\":\"a\\\"b\",\"payExchangeInfoHead\":{rendered.Head},\"payExchangeInfoLists\":{rendered.Lists}}}", message);
    }

    [ScribanFact]
    public void Should_be_refused_at_the_start_when_a_template_is_wrong()
    {
        using var folder = new TemplateFolder();
        Directory.CreateDirectory(Path.Combine(folder.Path, "templates", "cbt"));
        foreach (var name in new[] { "edata", "payExInfoStr" })
        {
            var text = File.ReadAllText(Path.Combine(Payments.ModuleDirectory, "templates", "cbt", name + ".scriban"));
            File.WriteAllText(Path.Combine(folder.Path, "templates", "cbt", name + ".scriban"), text.Replace("message.head", "message.haed", StringComparison.Ordinal));
        }

        var refused = Assert.Throws<Contracts.ModuleConfigurationException>(() => CbtRenderers.Create(folder.Path));

        Assert.StartsWith("templates/cbt/payExInfoStr.scriban(3,", refused.Message, StringComparison.Ordinal);
    }

    private static void ShouldBeApproved(ICbtRenderer renderer)
    {
        var rendered = Payments.Writer.Render(SampleExchanges.Awkward);
        Golden.Equal("cbt.edata.json", renderer.EData(s_header));
        Golden.Equal("cbt.edata.table.json", renderer.EData(s_header with { AsInTable = true }));
        Golden.Equal("cbt.payExInfoStr.json", renderer.PayExInfoStr("fe2374-8fnejf97-32839218", rendered.Head, rendered.Lists));
    }
}
