using System.Diagnostics;
using System.Net;
using System.Text;
using Erp.Customs.Contracts.Capture;
using Erp.Customs.Contracts.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Erp.Customs.Tests.Capture;

/// <summary>
/// What the capture handler costs a payment: the same calls with and without it, in turns, medians of the rounds. Needs nothing of the test framework, so that a
/// benchmark program can run it as it is.
/// </summary>
internal static class CaptureCost
{
    private static readonly string s_request = "<xml><out_trade_no><![CDATA[NB20261111000001]]></out_trade_no><body>" + new string('x', 600) + "</body></xml>";
    private static readonly byte[] s_answer = Encoding.UTF8.GetBytes("<xml><return_code><![CDATA[SUCCESS]]></return_code><prepay_id>" + new string('y', 400) + "</prepay_id></xml>");

    /// <summary>Measures.</summary>
    /// <param name="folder">For the spool.</param>
    /// <param name="modules">Where the captured messages go; <see langword="null"/> to let them all go to files.</param>
    /// <param name="rounds">Of each.</param>
    /// <param name="calls">In a round, one after the other.</param>
    public static async Task<IReadOnlyList<CaptureCostRow>> MeasureAsync(string folder, IErpModules? modules, int rounds, int calls)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        await using var company = builder.Build();
        company.Run(async http =>
        {
            await http.Request.Body.CopyToAsync(Stream.Null);
            http.Response.ContentLength = s_answer.Length;
            await http.Response.Body.WriteAsync(s_answer);
        });
        await company.StartAsync();

        var services = new ServiceCollection();
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.None));
        if (modules is not null)
        {
            services.AddSingleton(modules);
        }

        services.AddPaymentCapture(options => (options.Directory, options.MemoryLimit) = (folder, 256L * 1024 * 1024));
        await using var provider = services.BuildServiceProvider();
        var capture = provider.GetRequiredService<IPaymentCapture>();
        var address = new Uri(company.Urls.Single());
        return
        [
            await CompareAsync("loopback call", () => new SocketsHttpHandler { UseProxy = false }, capture, address, rounds, calls),
            await CompareAsync("handler alone", static () => new InMemory(), capture, address, rounds, calls * 4),
        ];
    }

    private static async Task<CaptureCostRow> CompareAsync(string name, Func<HttpMessageHandler> transport, IPaymentCapture capture, Uri address, int rounds, int calls)
    {
        using var without = new HttpClient(new PassOn { InnerHandler = transport() });
        var handler = capture.Handler(options => (options.Merchant, options.TradeNo) = ("ningbo", TradeNo.Xml("out_trade_no")));
        handler.InnerHandler = transport();
        using var with = new HttpClient(handler);
        var rows = new List<(Cost Without, Cost With)>();
        for (var round = -2; round < rounds; round++)
        {
            var first = await RoundAsync(round % 2 == 0 ? without : with, address, calls);
            await capture.FlushAsync(CancellationToken.None);
            var second = await RoundAsync(round % 2 == 0 ? with : without, address, calls);
            await capture.FlushAsync(CancellationToken.None);
            if (round >= 0)
            {
                rows.Add(round % 2 == 0 ? (first, second) : (second, first));
            }
        }

        return new CaptureCostRow(
            name, Median(rows.Select(row => row.Without.Microseconds)), Median(rows.Select(row => row.With.Microseconds)),
            Median(rows.Select(row => row.With.Microseconds - row.Without.Microseconds)),
            Median(rows.Select(row => row.Without.Bytes)), Median(rows.Select(row => row.With.Bytes)));
    }

    private static async Task<Cost> RoundAsync(HttpClient client, Uri address, int calls)
    {
        GC.Collect();
        var bytes = GC.GetTotalAllocatedBytes();
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < calls; i++)
        {
            using var content = new StringContent(s_request, Encoding.UTF8, "text/xml");
            using var response = await client.PostAsync(address, content);
            await response.Content.ReadAsByteArrayAsync();
        }

        return new Cost(Stopwatch.GetElapsedTime(start).TotalMicroseconds / calls, (double)(GC.GetTotalAllocatedBytes() - bytes) / calls);
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }

    private sealed record Cost(double Microseconds, double Bytes);

    /// <summary>A handler that does nothing, so that both sides have one.</summary>
    private sealed class PassOn : DelegatingHandler;

    /// <summary>A payment company that answers at once, by a stream as a socket would.</summary>
    private sealed class InMemory : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await request.Content!.CopyToAsync(Stream.Null, cancellationToken);
            return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(new MemoryStream(s_answer)) };
        }
    }
}

/// <summary>Medians per call.</summary>
/// <param name="Name">What was called.</param>
/// <param name="Without">Microseconds without capture.</param>
/// <param name="With">Microseconds with it.</param>
/// <param name="Difference">Median of the rounds' differences, microseconds.</param>
/// <param name="BytesWithout">Bytes allocated in the whole process without capture.</param>
/// <param name="BytesWith">Bytes allocated with it, its background work included.</param>
internal sealed record CaptureCostRow(string Name, double Without, double With, double Difference, double BytesWithout, double BytesWith)
{
    /// <summary>For a table.</summary>
    public override string ToString() => FormattableString.Invariant(
        $"{Name,-14} without {Without,7:0.0} us  with {With,7:0.0} us  difference {Difference,6:0.0} us  ratio {With / Without:0.00}  allocated {BytesWithout,6:0} B / {BytesWith,6:0} B");
}
