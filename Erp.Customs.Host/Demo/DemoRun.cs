using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Erp.Customs.Contracts;
using Erp.Customs.Simulator;

namespace Erp.Customs.Host.Demo;

/// <summary>The demo's story, told over the same sockets that an ERP and customs would use: deliver, push, ask, wait, table, sums.</summary>
internal sealed class DemoRun(Uri erp, string apiKey, CustomsServer customs, ICustoms archive) : IDisposable
{
    /// <summary>Customs ask for this many orders at the same time. The default value is 4.</summary>
    private const int Callers = 4;

    /// <summary>How long an answer may take before the demo gives up. The default value is 120 seconds: customs' own deadline.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(120);

    private static readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web);

    private readonly HttpClient _http = new() { BaseAddress = erp };

    /// <summary>Tells it.</summary>
    /// <returns>What went wrong, one sentence each; none when everything was accepted and every sum matched.</returns>
    public async Task<IReadOnlyList<string>> TellAsync(IReadOnlyList<DemoPayment> payments, IReadOnlyList<DemoPush> pushes, CancellationToken cancellationToken)
    {
        var problems = new List<string>();
        await DeliverAsync(payments, problems, cancellationToken);
        await new DemoPushes(_http, erp, apiKey, customs.Bridge).PushAsync(
            pushes, problems, (done, total, remark) => Progress("[2/4] 推单，支付并报关 orders pushed, paid and declared", done, total, remark), cancellationToken);
        Console.WriteLine();
        List<string> orderNos = [.. payments.SelectMany(payment => payment.Orders.Select(order => order.OrderNo)), .. pushes.Select(push => push.OrderNo)];
        var asked = await AskAsync(orderNos, problems, cancellationToken);
        PrintTable(asked);
        problems.AddRange(asked.Where(status => status.State != "accepted").Select(status => $"{status.OrderNo}: {status.State} {status.Reason}"));
        await RecomputeAsync(problems, cancellationToken);
        return problems;
    }

    public void Dispose() => _http.Dispose();

    private async Task DeliverAsync(IReadOnlyList<DemoPayment> payments, List<string> problems, CancellationToken cancellationToken)
    {
        var stored = 0;
        var repeated = 0;
        foreach (var payment in payments)
        {
            customs.Register.ExpectOrders(payment.PayTransactionId, payment.Orders.Select(order => order.OrderNo));
            using var request = new HttpRequestMessage(HttpMethod.Post, "customs/api/payments") { Content = new StringContent(payment.ToJson(), Encoding.UTF8, "application/json") };
            request.Headers.Add("X-Api-Key", apiKey);
            using var response = await _http.SendAsync(request, cancellationToken);
            stored += response.StatusCode == HttpStatusCode.Created ? 1 : 0;
            repeated += response.StatusCode == HttpStatusCode.OK ? 1 : 0;
            if (!response.IsSuccessStatusCode)
            {
                problems.Add($"{payment.PayTransactionId}: HTTP {(int)response.StatusCode} {await response.Content.ReadAsStringAsync(cancellationToken)}");
            }

            Progress("[1/4] 送入支付数据 payments delivered", stored + repeated, payments.Count, $"新增 new {stored}，已有 known {repeated}");
        }

        Console.WriteLine();
    }

    private async Task<IReadOnlyList<RequestStatus>> AskAsync(List<string> orderNos, List<string> problems, CancellationToken cancellationToken)
    {
        var ended = new ConcurrentDictionary<string, RequestStatus>(StringComparer.Ordinal);
        var refused = new ConcurrentQueue<string>();
        var shapes = OpenReqShape.All;
        await Parallel.ForEachAsync(orderNos.Index(), new ParallelOptions { MaxDegreeOfParallelism = Callers, CancellationToken = cancellationToken }, async (order, token) =>
        {
            var sessionId = Caller.NewSessionId();
            var answer = await customs.Caller.CallPlatDataOpenAsync(new Uri(erp, "customs/platDataOpen"), order.Item, sessionId, shapes[order.Index % shapes.Count], token);
            if (!answer.IsAcknowledged)
            {
                refused.Enqueue($"{order.Item}: platDataOpen {answer.Body}");
                return;
            }

            ended[order.Item] = await EndOfAsync(sessionId, token);
            lock (ended)
            {
                Progress("[3/4] 海关调取并上报 customs asked, data uploaded", ended.Count, orderNos.Count, "");
            }
        });
        Console.WriteLine();
        problems.AddRange(refused);
        return [.. orderNos.Where(ended.ContainsKey).Select(orderNo => ended[orderNo])];
    }

    private async Task<RequestStatus> EndOfAsync(string sessionId, CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "customs/api/requests/" + Uri.EscapeDataString(sessionId));
            request.Headers.Add("X-Api-Key", apiKey);
            using var response = await _http.SendAsync(request, cancellationToken);
            var status = (await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<RequestStatus>(_json, cancellationToken))!;
            if (status.FinishedAt is not null || TimeProvider.System.GetElapsedTime(started) > _patience)
            {
                return status;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), cancellationToken);
        }
    }

    private static void PrintTable(IReadOnlyList<RequestStatus> asked)
    {
        string[] titles = ["order", "sessionID", "merchant", "state", "attempts", "ms"];
        List<string[]> rows = [titles, .. asked.Select(status => new[]
        {
            status.OrderNo,
            status.SessionId,
            status.Merchant ?? "",
            status.State,
            status.Attempts.ToString(CultureInfo.InvariantCulture),
            status.FinishedAt is { } end ? (end - status.ReceivedAt).TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture) : "-",
        })];
        var widths = titles.Select((_, column) => rows.Max(row => row[column].Length)).ToArray();
        Console.WriteLine();
        foreach (var (index, row) in rows.Index())
        {
            Console.WriteLine(string.Join("  ", row.Select((cell, column) => column < 4 ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]))));
            if (index == 0)
            {
                Console.WriteLine(string.Join("  ", widths.Select(width => new string('-', width))));
            }
        }

        Console.WriteLine();
    }

    private async Task RecomputeAsync(List<string> problems, CancellationToken cancellationToken)
    {
        var sums = await archive.RecomputeSumsAsync(progress: null, cancellationToken);
        Progress("[4/4] 复核 SHA-256 sums recomputed", sums.Checked - sums.Differences.Count, sums.Checked, "");
        Console.WriteLine();
        problems.AddRange(sums.Differences.Select(difference => $"{difference}: SHA-256 不符 does not match"));
    }

    /// <summary>One line that moves on a terminal; in a file, only its end.</summary>
    private static void Progress(string what, long done, long total, string remark)
    {
        if (!Console.IsOutputRedirected)
        {
            Console.Write($"\r{what}: {done}/{total} {remark}   ");
        }
        else if (done == total)
        {
            Console.Write($"{what}: {done}/{total} {remark}");
        }
    }
}
