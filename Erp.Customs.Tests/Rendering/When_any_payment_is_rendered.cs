using System.Text.Json;
using System.Text.RegularExpressions;
using Erp.Customs.Module.Rendering;
using Erp.Customs.Tests.Support;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Logging.Abstractions;

namespace Erp.Customs.Tests.Rendering;

/// <summary>Whatever stands in a payment that the rules let through.</summary>
public partial class When_any_payment_is_rendered
{
    private static readonly Config Often = Config.QuickThrowOnFailure.WithMaxTest(300);

    private static readonly JsonSerializerOptions CustomsNames = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    [Fact]
    public void Should_be_read_back_as_it_was() => ForAnyPayment(payment =>
    {
        var rendered = Payments.Writer.Render(payment);
        return ReadsBackAs(rendered.Head, payment.Head) && ReadsBackAs(rendered.Lists, payment.Lists);
    });

    [Fact]
    public void Should_escape_nothing_but_what_json_requires() => ForAnyPayment(payment =>
    {
        var rendered = Payments.Writer.Render(payment);
        var text = rendered.Head + rendered.Lists;
        return !text.Any(character => character < ' ') && AnyEscape().Matches(text).All(escape => NeededEscape().IsMatch(escape.Value));
    });

    [Fact]
    public void Should_be_let_through_by_the_rules() => ForAnyPayment(payment => PayExchangeRules.Check(payment).Count == 0);

    [ScribanFact]
    public void Should_be_the_same_characters_from_templates_and_writer()
    {
        var templates = PayExchangeRenderers.Create(Payments.ModuleDirectory, NullLoggerFactory.Instance);
        ForAnyPayment(payment =>
        {
            var (written, rendered) = (Payments.Writer.Render(payment), templates.Render(payment));
            return string.Equals(written.Head, rendered.Head, StringComparison.Ordinal) && string.Equals(written.Lists, rendered.Lists, StringComparison.Ordinal);
        });
    }

    [ScribanFact]
    public async Task Should_be_the_same_when_many_threads_render_at_once()
    {
        var templates = PayExchangeRenderers.Create(Payments.ModuleDirectory, NullLoggerFactory.Instance);
        var payments = AnyPayment.Sample(64).ToList();

        var rendered = await Task.WhenAll(Enumerable.Range(0, 512).Select(i => Task.Run(() => templates.Render(payments[i % payments.Count]))));

        Assert.All(rendered.Select((exchange, i) => (exchange, written: Payments.Writer.Render(payments[i % payments.Count]))), pair =>
        {
            Assert.Equal(pair.written.Head, pair.exchange.Head);
            Assert.Equal(pair.written.Lists, pair.exchange.Lists);
        });
    }

    [ScribanFact]
    public void Should_be_rendered_by_templates_beyond_a_mebibyte_and_a_thousand_goods()
    {
        var goods = Enumerable.Range(0, 1_200).Select(i => new PayExchangeGoods($"商品 {i}", "https://shop.example/" + new string('x', 1_500))).ToList();
        var payment = Payments.WithOrder(order => order with { GoodsInfo = goods });

        var rendered = PayExchangeRenderers.Create(Payments.ModuleDirectory, NullLoggerFactory.Instance).Render(payment);

        Assert.True(rendered.Lists.Length > 1_048_576);
        Assert.Equal(Payments.Writer.Render(payment).Lists, rendered.Lists);
    }

    private static void ForAnyPayment(Func<PayExchange, bool> holds) => Check.One(Often, Prop.ForAll(AnyPayment.ToArbitrary(), holds));

    /// <summary>Compared with what System.Text.Json knows of the model, so that neither renderer is its own witness.</summary>
    private static bool ReadsBackAs<T>(string json, T model)
    {
        using var parsed = JsonDocument.Parse(json);
        return JsonElement.DeepEquals(parsed.RootElement, JsonSerializer.SerializeToElement(model, CustomsNames));
    }

    [GeneratedRegex(@"\\(u.{4}|.)", RegexOptions.ExplicitCapture | RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex AnyEscape();

    [GeneratedRegex(@"^\\([""\\bfnrt]|u000[0-7bef]|u001[0-9a-f])$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NeededEscape();

    private static Gen<string> Piece { get; } = Gen.OneOf(
        Gen.Elements(
            "\"", "\\", "\\\"", "\\u0041", "/", "{{", "}}", "{{ head }}", "{%", "||", "</script>", "&", "'", "+", "\u3000", "\u00A0", "\u2028", "\u2029", "\u007F", "\u0085", "\uFEFF", "\uFFFD", "\uE000",
            "😀", "👨‍👩‍👧", "𠮷", "é", "中文", "全角，。", "\r\n"),
        Gen.Choose(0, 0x1F).Select(code => ((char)code).ToString()),
        Gen.Choose(0x20, 0xD7FF).Select(code => ((char)code).ToString()),
        Gen.Choose(0x10000, 0x10FFFF).Select(char.ConvertFromUtf32));

    private static Gen<PayExchange> AnyPayment { get; } =
        from guid in Gen.Choose(0, int.MaxValue)
        from request in Text(1, 8000)
        from response in Text(1, 8000)
        from ebpCode in Text(1, 18)
        from payCode in Text(1, 18)
        from transaction in Text(1, 60)
        from units in Gen.Choose(0, int.MaxValue)
        from scale in Gen.Choose(0, 5)
        from currency in Gen.Elements("142", "502", "0", "1420")
        from verDept in Gen.Elements("1", "2", "3")
        from payType in Gen.Elements("", "1", "2", "3", "4")
        from seconds in Gen.Choose(0, int.MaxValue)
        from note in Text(0, 1000)
        from orders in AnyOrder.NonEmptyListOf()
        select new PayExchange(
            new PayExchangeHead(
                new Guid(guid, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10).ToString("D").ToUpperInvariant(),
                request, response, ebpCode, payCode, transaction, new decimal(units, 0, 0, false, (byte)scale), currency, verDept, payType,
                DateTime.UnixEpoch.AddSeconds(seconds).ToString("yyyyMMddHHmmss", System.Globalization.CultureInfo.InvariantCulture), note),
            [.. orders.Take(4)]);

    private static Gen<PayExchangeOrder> AnyOrder { get; } =
        from orderNo in Text(1, 60)
        from goods in AnyGoods.NonEmptyListOf()
        from account in Text(1, 60)
        from code in Text(0, 18)
        from name in Text(1, 100)
        select new PayExchangeOrder(orderNo, [.. goods.Take(4)], account, code, name);

    private static Gen<PayExchangeGoods> AnyGoods { get; } =
        from gname in Text(1, 250)
        from link in Text(1, 3000)
        select new PayExchangeGoods(gname, link);

    /// <summary>Mostly short, sometimes as long as it may be; never blank where something must stand.</summary>
    private static Gen<string> Text(int least, int most) =>
        from pieces in Piece.ListOf()
        from full in Gen.Choose(0, 9)
        select Cut((least > 0 ? "x" : "") + string.Concat(pieces), full == 0, most);

    private static string Cut(string text, bool full, int most)
    {
        if (full)
        {
            text = string.Concat(Enumerable.Repeat(text + "x", (most / (text.Length + 1)) + 1));
        }

        return text.Length <= most ? text : text[..(char.IsHighSurrogate(text[most - 1]) ? most - 1 : most)];
    }
}
