using System.Text;
using Erp.Customs.Benchmarks.Measuring;
using Erp.Customs.Benchmarks.World;
using Erp.Customs.Module;
using Erp.Customs.Module.Rendering;
using Erp.Customs.Module.Signing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Erp.Customs.Benchmarks.Rendering;

/// <summary>From the payment to the bytes that are signed and the bytes that are sent, without the signing.</summary>
internal sealed class RenderBenchmark : IBenchmark
{
    private const string SessionId = "fe2374-8fnejf97-55616242";
    private const string CertNo = "03000000000cde6f";
    private const long ServiceTime = 1544519952469;

    private static readonly string s_signValue = Convert.ToBase64String(new byte[64]);

    public string Name => "render";

    public Task<IReadOnlyList<Row>> RunAsync(Scale scale, string folder)
    {
        var merchant = new MerchantOptions(BenchPayments.Merchant, BenchPayments.EbpCode, RawPolicy.Raw, new SigningOptions("KeyFile", "", null, null));
        var delivery = BenchPayments.Delivery(1, TimeProvider.System.GetUtcNow());
        var exchange = PayExchangeDraft.From(merchant, delivery.PayTransactionId, delivery.InitialRequest, delivery.InitialResponse, delivery.Facts, Guid.Empty).Exchange;
        using var reference = new Utf8Reference();
        reference.Render(exchange, SessionId, ServiceTime);
        var expected = reference.Payload(SessionId, ServiceTime, CertNo, s_signValue).ToArray();
        var writer = new CanonicalRenderer();
        List<(string What, Action Call)> sides =
        [
            ("", () =>
            {
                reference.Render(exchange, SessionId, ServiceTime);
                reference.Payload(SessionId, ServiceTime, CertNo, s_signValue);
            }),
            ("built-in writer", () => Product(writer, exchange)),
            ("Newtonsoft and a regular expression, the usual way", () =>
            {
                UsualWay.SignText(exchange, SessionId, ServiceTime);
                UsualWay.Payload(exchange, SessionId, ServiceTime, CertNo, s_signValue);
            }),
        ];
        Same(expected, Product(writer, exchange), "the built-in writer");
        Same(expected, UsualWay.Payload(exchange, SessionId, ServiceTime, CertNo, s_signValue), "the usual way");
        if (PayExchangeRenderers.ScribanBuiltIn)
        {
            var templates = PayExchangeRenderers.Create(AppContext.BaseDirectory, NullLoggerFactory.Instance);
            Same(expected, Product(templates, exchange), "the templates");
            sides.Insert(2, ("Scriban templates", () => Product(templates, exchange)));
        }

        var duration = TimeSpan.FromMilliseconds(scale.Of(50, 400));
        var rounds = Rounds.Alternate(2 * scale.Rounds, [.. sides.Select(side => new Func<Loop>(() => Loop.Run(duration, side.Call)))]);
        var cost = rounds.Select(side => (Time: side.Select(round => round.Microseconds).Median(), Bytes: side.Select(round => round.Bytes).Median())).ToList();
        return Task.FromResult<IReadOnlyList<Row>>(
        [
            .. sides.Skip(1).Select((side, i) => Compare($"{side.What}, sign text and payload of {Figures.Bytes(expected.Length)}", cost[0], cost[i + 1])),
            .. PayExchangeRenderers.ScribanBuiltIn ? Array.Empty<Row>() : [Row.Seen("Scriban templates", "not in this build")],
        ]);
    }

    private static Row Compare(string what, (double Time, double Bytes) limit, (double Time, double Bytes) reached)
    {
        var goal = what.StartsWith("built-in", StringComparison.Ordinal) ? 1.3 : what.StartsWith("Scriban", StringComparison.Ordinal) ? 5 : (double?)null;
        var row = goal is { } least ? Row.AtMost(what, limit.Time, reached.Time, least, Figures.Microseconds) : Row.Shown(what, limit.Time, reached.Time, Figures.Microseconds);
        return row with { Limit = $"{row.Limit}, {Figures.Bytes(limit.Bytes)} allocated", Reached = $"{row.Reached}, {Figures.Bytes(reached.Bytes)} allocated" };
    }

    /// <summary>As <c>EnvelopeMaker</c> does it.</summary>
    private static byte[] Product(IPayExchangeRenderer renderer, PayExchange exchange)
    {
        var rendered = renderer.Render(exchange);
        SignText.Encode(SignText.Compose(SessionId, rendered.Head, rendered.Lists, ServiceTime));
        return Encoding.UTF8.GetBytes(PayExInfoStr.Compose(SessionId, rendered.Head, rendered.Lists, ServiceTime, CertNo, s_signValue, serviceTimeAsNumber: false));
    }

    private static void Same(byte[] expected, byte[] other, string whose)
    {
        if (!expected.AsSpan().SequenceEqual(other))
        {
            throw new InvalidOperationException($"The payload of {whose} differs from the reference: what is compared must be the same work.");
        }
    }
}
