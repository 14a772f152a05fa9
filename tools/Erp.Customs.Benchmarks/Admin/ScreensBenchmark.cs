using System.Diagnostics;
using System.Globalization;
using Erp.Customs.Benchmarks.Measuring;
using Erp.Customs.Benchmarks.World;
using Erp.Customs.Contracts;
using Erp.Customs.Module.Archive.Sealing;
using Erp.Customs.Module.Diagnostics;
using Erp.Customs.Simulator;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Erp.Customs.Benchmarks.Admin;

/// <summary>The module's screens over HTTP while a great many requests are stored: how long the server takes for a page, and how many bytes it has.</summary>
internal sealed class ScreensBenchmark : IBenchmark
{
    /// <summary>What a page may take at most, p99, in milliseconds: a clerk does not notice the wait.</summary>
    private const double Goal = 500;

    public string Name => "screens";

    public async Task<IReadOnlyList<Row>> RunAsync(Scale scale, string folder)
    {
        var requests = scale.Short ? 2_000 : scale.Full ? 1_000_000 : 200_000;
        var card = BenchCard.Issue(folder, CardKind.Rsa1024);
        var stored = await StoredRequests.FillAsync(Path.Combine(folder, "data", "Erp.Customs"), requests);
        await using var world = await StartAsync(folder, card);
        // What a module does by itself in its first minutes.
        await world.Service<Sealer>().SealAsync(CancellationToken.None);
        await world.Service<DaySums>().RunAsync(CancellationToken.None);
        using var http = new HttpClient { BaseAddress = world.Address };
        var rows = new List<Row>();
        foreach (var (what, path) in Pages(stored))
        {
            var (times, bytes) = await MeasureAsync(http, path, scale.Of(3, 50));
            rows.Add(Row.Below(
                $"{what}, {requests:#,0} requests stored, p99 (p50 {Figures.Milliseconds(times.Median())}, {Figures.Bytes(bytes)})", times.Percentile(99), Goal, Figures.Milliseconds));
        }

        return rows;
    }

    /// <summary>The pages that are measured: what stands in the table, and the address. Another screen is another line.</summary>
    private static IEnumerable<(string What, string Path)> Pages(StoredRequests stored)
    {
        const string List = "/customs/admin/requests";
        yield return ("requests, first page", List);
        yield return ("requests, 100 rows", $"{List}?rows=100");
        yield return ("requests, a page in the middle", $"{List}?before={stored.Middle}");
        yield return ("requests, accepted", $"{List}?state=accepted");
        yield return ("requests, rejected", $"{List}?state=rejected");
        yield return ("requests, all failed", $"{List}?state=failed");
        yield return ("requests, 3 orders", $"{List}?order={string.Join(',', stored.Orders(3))}");
        yield return ("requests, 300 orders", $"{List}?order={string.Join(',', stored.Orders(300))}");
        yield return ("requests, 300 orders that were accepted", $"{List}?state=accepted&order={string.Join(',', stored.Orders(300))}");
        yield return ("requests, a rare customs code", $"{List}?code={StoredRequests.RareCode}");
        yield return ("requests, customs code 10000", $"{List}?code=10000");
        yield return ("requests, a rare code in a company's payments", $"{List}?code={StoredRequests.RareCode}&company={StoredRequests.Company}");
        yield return ("requests, a merchant", $"{List}?merchant={BenchPayments.Merchant}");
        yield return ("requests, a payment company", $"{List}?company={StoredRequests.Company}");
        yield return ("requests, ignored", $"{List}?state=ignored");
        yield return ("requests, a day long ago", $"{List}?from={stored.MiddleDay}&until={stored.MiddleDay}");
        yield return ("requests, two years", $"{List}?from={stored.FirstDay}&until={stored.LastDay}");
        yield return ("requests, longest first", $"{List}?sort=-elapsed");
        yield return ("requests, quickest first, rejected", $"{List}?sort=elapsed&state=rejected");
        yield return ("requests, by state", $"{List}?sort=state");
        yield return ("a request", $"{List}/{stored.MiddleId}");
        const string Orders = "/customs/admin/orders";
        yield return ("overview", "/customs/admin");
        yield return ("payments, first page", Orders);
        yield return ("payments, a page in the middle", $"{Orders}?before={stored.MiddlePayment}");
        yield return ("payments, 3 orders", $"{Orders}?order={string.Join(',', stored.Orders(3))}");
        yield return ("payments, 300 orders", $"{Orders}?order={string.Join(',', stored.Orders(300))}");
        yield return ("payments, a transaction number", $"{Orders}?transaction={BenchPayments.TransactionId(stored.MiddleId)}");
        yield return ("payments, a merchant", $"{Orders}?merchant={BenchPayments.Merchant}");
        yield return ("payments, a day long ago", $"{Orders}?from={stored.MiddleDay}&until={stored.MiddleDay}");
        yield return ("payments, a merchant's of two years", $"{Orders}?merchant={BenchPayments.Merchant}&from={stored.FirstDay}&until={stored.LastDay}");
        yield return ("an order", $"{Orders}/detail?no={stored.Orders(1).Single()}");
        yield return ("pushed orders", $"{Orders}/pushes");
        yield return ("readiness", $"{Orders}/readiness");
        yield return ("import", $"{Orders}/import");
        foreach (var page in new[] { "signing", "evidence", "retention", "completeness", "alerts", "templates", "settings", "operations", "exports" })
        {
            yield return (page, $"/customs/admin/{page}");
        }
    }

    private static async Task<(List<double> Times, long Bytes)> MeasureAsync(HttpClient http, string path, int times)
    {
        var took = new List<double>();
        var bytes = 0L;
        // The first is not counted: it compiles the page.
        for (var i = 0; i <= times; i++)
        {
            var started = Stopwatch.GetTimestamp();
            var page = await http.GetByteArrayAsync(new Uri(path, UriKind.Relative));
            if (i > 0)
            {
                took.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            }

            bytes = page.LongLength;
        }

        return (took, bytes);
    }

    private static Task<ModuleWorld> StartAsync(string folder, BenchCard card) =>
        ModuleWorld.StartAsync(folder, card.Merchant, new Uri("http://127.0.0.1:9/"), services => services.AddSingleton<IErpUsers>(new Everything()),
        settings: [("Customs:Archive:Key", BenchStore.ArchiveKey)]);

    /// <summary>One user who may do everything.</summary>
    private sealed class Everything : IErpUsers
    {
        private static readonly ErpUser s_user = new("bench", new HashSet<string>(
            new[] { "view", "retry", "export", "clear", "retention", "settings", "templates", "import" }.Select(word => string.Create(CultureInfo.InvariantCulture, $"customs.{word}")), StringComparer.Ordinal));

        public ErpUser? Current(HttpContext http) => s_user;

        public string? SignInAddress(HttpContext http) => null;
    }
}
