using Erp.Customs.Contracts;
using Erp.Customs.Module;
using Erp.Customs.Module.Rendering;
using Erp.Customs.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Erp.Customs.Tests.Rendering;

/// <summary>A person who edits a template is told file, line and column.</summary>
public sealed class When_a_template_is_wrong : IDisposable
{
    private readonly TemplateFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [ScribanTheory]
    // broken syntax
    [InlineData(""","ebpCode":{{ head.ebpCode | json -}}""", ""","ebpCode":{{ head.ebpCode | }}""", "(5,", "")]
    // an unknown variable, an unknown field, an unknown function
    [InlineData("head.ebpCode", "haed.ebpCode", "(5,15)", "haed")]
    [InlineData("head.ebpCode", "head.ebpcode", "(5,20)", "ebpcode")]
    [InlineData("head.ebpCode | json", "head.ebpCode | jsno", "(5,", "jsno")]
    [InlineData("head.ebpCode | json", "date.now", "(5,15)", "date")]
    // what json does not write
    [InlineData("head.ebpCode | json", "lists | json", "(5,", "json writes a text or an amount")]
    // a payment that a template tries to change
    [InlineData("{{ head.ebpCode | json", "{{ head.ebpCode = 'x'; head.ebpCode | json", "(5,", "")]
    // a required field that is missing: the place is the brace that closes its object
    [InlineData("""
        ,"ebpCode":{{ head.ebpCode | json -}}

        """, "", "(13,1): payExchangeInfoHead.ebpCode is required, but missing.", "")]
    // a wrong type: the place is the value
    [InlineData(""":{{ head.totalAmount | json -}}""", """:"{{ head.totalAmount | json }}" """, "(8,16): payExchangeInfoHead.totalAmount must be a JSON number, not a JSON string.", "")]
    [InlineData("{{ head.ebpCode | json -}}", "{{ head.totalAmount | json -}}", "(5,15): payExchangeInfoHead.ebpCode must be a JSON string, not a JSON number.", "")]
    // an empty value
    [InlineData("{{ head.ebpCode | json -}}", "\"\"", "(5,12): payExchangeInfoHead.ebpCode is required, but empty.", "")]
    // not JSON: found with the sample that has quotes in it
    [InlineData("{{ head.initalRequest | json -}}", "\"{{ head.initalRequest }}\"", "(3,", "from here on the output is not JSON")]
    // loops and output without end
    [InlineData("{{ head.ebpCode | json -}}", "{{ while true }}{{ end }}", "(5,", "1000000")]
    [InlineData("{{ head.ebpCode | json -}}", "{{ while true }}xxxxxxxx{{ end }}", "(5,", "the output is longer than")]
    public void Should_be_refused_at_the_start_with_its_place(string instead, string of, string place, string word)
    {
        _folder.Change("head", text => text.Replace(instead, of, StringComparison.Ordinal));

        var refused = Assert.Throws<ModuleConfigurationException>(() => PayExchangeRenderers.Create(_folder.Path, NullLoggerFactory.Instance));

        Assert.StartsWith("templates/179/head.scriban" + place, Words.In(refused.Message, english: true), StringComparison.Ordinal);
        Assert.Contains(word, Words.In(refused.Message, english: true), StringComparison.Ordinal);
    }

    [ScribanFact]
    public void Should_be_refused_when_it_leaves_an_order_out()
    {
        _folder.Change("lists", text => text.Replace("for order in lists", "for order in lists limit:1", StringComparison.Ordinal));

        var refused = Assert.Throws<ModuleConfigurationException>(() => PayExchangeRenderers.Create(_folder.Path, NullLoggerFactory.Instance));

        Assert.Equal("templates/179/lists.scriban(16,1): payExchangeInfoLists must have all 2 entries, not 1.", Words.In(refused.Message, english: true));
    }

    [ScribanFact]
    public void Should_be_refused_for_the_one_payment_that_it_fails_on_without_a_word_of_that_payment()
    {
        _folder.Change("head", text => text.Replace("head.ebpCode | json", "if head.payType == '4'; head.recpName | json; else; head.ebpCode | json; end", StringComparison.Ordinal));
        var renderer = PayExchangeRenderers.Create(_folder.Path, NullLoggerFactory.Instance);

        var failed = Assert.Throws<RenderingException>(() => renderer.Render(Payments.WithHead(head => head with { PayType = "4" })));

        Assert.Matches("^templates/179/head.scriban\\(5,\\d+\\): the template fails on this payment\\.$", Words.In(failed.Message, english: true));
        Assert.Null(failed.InnerException);
    }

    [ScribanFact]
    public void Should_be_refused_for_the_one_payment_whose_output_lacks_a_required_field()
    {
        _folder.Change("head", text => text.Replace("{{ head.ebpCode | json -}}", "{{ if head.payType == '4' }}null{{ else; head.ebpCode | json; end -}}", StringComparison.Ordinal));
        var renderer = PayExchangeRenderers.Create(_folder.Path, NullLoggerFactory.Instance);

        var failed = Assert.Throws<RenderingException>(() => renderer.Render(Payments.WithHead(head => head with { PayType = "4" })));

        Assert.Equal("templates/179/head.scriban(5,40): payExchangeInfoHead.ebpCode must be a JSON string, not true, false or null.", Words.In(failed.Message, english: true));
    }
}
