using Erp.Customs.Module;
using Erp.Customs.Module.Rendering;

namespace Erp.Customs.Tests.Rendering;

/// <summary>The merchant's policy for the copy that is sent.</summary>
public class When_a_raw_message_is_copied
{
    private const string Raw = "{\"n\": \"特\\u4ef7 +&\",\r\n\t\"e\": \"😀\u0001\u007F\"}";

    [Fact]
    public void Should_stay_as_it_is() => Assert.Same(Raw, RawCopy.Apply(Raw, RawPolicy.Raw));

    [Fact]
    public void Should_be_percent_encoded_and_decode_to_the_original()
    {
        var copy = RawCopy.Apply(Raw, RawPolicy.UrlEncode);

        Assert.Matches("^[A-Za-z0-9%._~-]*$", copy);
        Assert.Contains("%E7%89%B9", copy, StringComparison.Ordinal);
        Assert.Contains("%20%2B%26", copy, StringComparison.Ordinal);
        Assert.Equal(Raw, Uri.UnescapeDataString(copy));
    }

    [Fact]
    public void Should_be_stripped_of_all_that_json_would_escape_and_of_nothing_else()
    {
        var copy = RawCopy.Apply(Raw, RawPolicy.Strip);

        Assert.Equal("{n: 特u4ef7 +&,e: 😀\u007F}", copy);
        Assert.Equal($"\"{copy}\"", CustomsJson.Text(copy));
    }

    [Fact]
    public void Should_leave_half_of_a_surrogate_pair_for_the_rules_to_refuse()
    {
        var copy = RawCopy.Apply("a\uD800", RawPolicy.UrlEncode);

        Assert.Contains(
            PayExchangeRules.Check(Payments.WithHead(head => head with { InitalRequest = copy })),
            violation => violation.Field is "payExchangeInfoHead.initalRequest" && violation.SentenceEn.Contains("surrogate", StringComparison.Ordinal));
    }

    [Fact]
    public void Should_refuse_a_policy_that_does_not_exist() => Assert.Throws<ArgumentOutOfRangeException>(() => RawCopy.Apply(Raw, (RawPolicy)99));
}
