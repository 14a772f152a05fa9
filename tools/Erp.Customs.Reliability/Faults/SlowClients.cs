using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Erp.Customs.Reliability.World;
using Erp.Customs.Simulator;

namespace Erp.Customs.Reliability.Faults;

/// <summary>500 clients that send a byte now and then, while customs ask honestly.</summary>
internal sealed class SlowClients : IFault
{
    private const int Clients = 500;

    /// <summary>Of an honest answer, in milliseconds. limits: p99 at most 500.</summary>
    private const double P99Limit = 500;

    public string Name => "slow";

    public string What => "500 slow clients (a header byte each 10 s, slow bodies), for so many seconds";

    public int LongForm => 600;

    public int ShortForm => 8;

    public async Task<Finding> RunAsync(int count, string folder, Action<string> progress)
    {
        await using var rehearsal = await Rehearsal.StartAsync(folder, payments: 20);
        using var end = new CancellationTokenSource(TimeSpan.FromSeconds(count));
        var clients = Enumerable.Range(0, Clients).Select(number => DripAsync(rehearsal.PlatDataOpen, slowBody: number % 2 == 0, end.Token)).ToList();
        var elapsed = new List<double>();
        var refused = 0;
        while (!end.IsCancellationRequested)
        {
            var answer = await rehearsal.Customs.Caller.CallPlatDataOpenAsync(
                rehearsal.PlatDataOpen, rehearsal.Orders[elapsed.Count % rehearsal.Orders.Count], Caller.NewSessionId(), OpenReqShape.Usual, CancellationToken.None);
            elapsed.Add(answer.ElapsedMs);
            refused += answer.IsAcknowledged ? 0 : 1;
            progress($"{elapsed.Count} honest answers");
            await Task.Delay(50);
        }

        await Task.WhenAll(clients);
        await rehearsal.SettleAsync(TimeSpan.FromMinutes(2));
        var judgement = await Judgement.OfAsync(rehearsal);
        elapsed.Sort();
        var p99 = elapsed[(int)(elapsed.Count * 0.99)];
        return new(count, judgement.Holds && refused == 0 && (count < LongForm || p99 <= P99Limit), string.Create(CultureInfo.InvariantCulture, $"{elapsed.Count:N0} honest answers, p99 {p99:0.0} ms, refused {refused}; {judgement}"));
    }

    /// <summary>Goes on until the server has enough or the time is over; then comes again.</summary>
    private static async Task DripAsync(Uri address, bool slowBody, CancellationToken end)
    {
        var head = $"POST {address.AbsolutePath} HTTP/1.1\r\nHost: {address.Authority}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 500\r\n\r\n";
        while (!end.IsCancellationRequested)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(address.Host, address.Port, end);
                var stream = client.GetStream();
                var text = slowBody ? head + new string('a', 400) : head;
                var first = slowBody ? head.Length : 10;
                await stream.WriteAsync(Encoding.ASCII.GetBytes(text[..first]), end);
                foreach (var letter in text[first..])
                {
                    await Task.Delay(slowBody ? 1_000 : 10_000, end);
                    await stream.WriteAsync(new[] { (byte)letter }, end);
                }
            }
            catch (Exception enough) when (enough is IOException or SocketException or OperationCanceledException)
            {
                // The server closed it, or the time is over.
            }
        }
    }
}
