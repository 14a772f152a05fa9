using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Erp.Customs.Benchmarks.World;

/// <summary>
/// Customs that ask and ask: each connection has a thread of its own and bytes that were made before, in which only session and order change,
/// so that little of the machine goes into the asking.
/// </summary>
/// <param name="address">Where platDataOpen stands.</param>
/// <param name="payments">The orders of so many payments are asked for in turn; 0: an order that nobody knows.</param>
internal sealed class AskingLoad(Uri address, int payments)
{
    private const int SessionDigits = 16;

    private static long s_session = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() << 24;

    /// <summary>Asks as fast as answers come.</summary>
    /// <param name="connections">At a time.</param>
    /// <param name="duration">For so long.</param>
    public AskedLoad Flood(int connections, TimeSpan duration)
    {
        var started = Stopwatch.GetTimestamp();
        return Run(connections, (_, _) => Stopwatch.GetElapsedTime(started) < duration ? TimeSpan.Zero : null);
    }

    /// <summary>Asks so many times, as fast as answers come.</summary>
    public AskedLoad Flood(int connections, int count)
    {
        var asked = 0;
        return Run(connections, (_, _) => Interlocked.Increment(ref asked) <= count ? TimeSpan.Zero : null);
    }

    /// <summary>Asks at a steady rate, whatever the answers do.</summary>
    public AskedLoad Steady(int perSecond, TimeSpan duration)
    {
        const int Connections = 8;
        return Run(Connections, (connection, round) =>
        {
            var at = TimeSpan.FromSeconds(((double)(round * Connections) + connection) / perSecond);
            return at < duration ? at : null;
        });
    }

    /// <param name="connections">How many.</param>
    /// <param name="next">When a connection sends its next request, since the start; <see langword="null"/>: it is done.</param>
    private AskedLoad Run(int connections, Func<int, int, TimeSpan?> next)
    {
        var asked = new ConcurrentBag<List<Asked>>();
        var problems = new ConcurrentBag<Exception>();
        var started = Stopwatch.GetTimestamp();
        var threads = Enumerable.Range(0, connections).Select(connection => new Thread(() => Connection(connection))).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        return problems.IsEmpty
            ? new AskedLoad([.. asked.SelectMany(one => one)], Stopwatch.GetElapsedTime(started))
            : throw new AggregateException(problems);

        void Connection(int connection)
        {
            try
            {
                asked.Add(Ask(connection, round => next(connection, round), started));
            }
            catch (Exception problem)
            {
                problems.Add(problem);
            }
        }
    }

    private List<Asked> Ask(int connection, Func<int, TimeSpan?> next, long started)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(IPAddress.Loopback, address.Port);
        var request = new Request(address);
        var answer = new byte[4096];
        var asked = new List<Asked>(4096);
        for (var round = 0; next(round) is { } at; round++)
        {
            if (at - Stopwatch.GetElapsedTime(started) is { Ticks: > 0 } early)
            {
                Thread.Sleep(early);
            }

            var number = Interlocked.Increment(ref s_session);
            var session = number.ToString("x16", CultureInfo.InvariantCulture);
            request.Set(session, payments == 0 ? "NOBODYKNOWSTHISORDER" : BenchPayments.OrderNo(number % payments));
            var sentAt = TimeProvider.System.GetUtcNow();
            var sent = Stopwatch.GetTimestamp();
            socket.Send(request.Bytes);
            Receive(socket, answer, connection);
            asked.Add(new Asked(session, sentAt, Stopwatch.GetElapsedTime(sent)));
        }

        return asked;
    }

    /// <summary>Reads one answer; anything but 10000 ends the run, for then the figures would be of something else.</summary>
    private static void Receive(Socket socket, byte[] answer, int connection)
    {
        var length = 0;
        do
        {
            var received = socket.Receive(answer.AsSpan(length));
            length += received > 0 ? received : throw new IOException($"Connection {connection} was closed.");
        }
        while (!answer.AsSpan(0, length).EndsWith("\r\n0\r\n\r\n"u8));
        if (answer.AsSpan(0, length).IndexOf("\"10000\""u8) < 0)
        {
            throw new InvalidOperationException("Not acknowledged: " + Encoding.UTF8.GetString(answer, 0, length));
        }
    }

    private sealed class Request
    {
        private readonly int _session;
        private readonly int _order;

        public Request(Uri address)
        {
            var body = "openReq=" + Uri.EscapeDataString($$"""{"orderNo":"{{new string('O', BenchPayments.OrderNoLength)}}","sessionID":"{{new string('S', SessionDigits)}}","serviceTime":1544519952469}""");
            Bytes = Encoding.ASCII.GetBytes($"POST {address.AbsolutePath} HTTP/1.1\r\nHost: {address.Authority}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {body.Length}\r\n\r\n{body}");
            _session = Bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(new string('S', SessionDigits)));
            _order = Bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(new string('O', BenchPayments.OrderNoLength)));
        }

        public byte[] Bytes { get; }

        public void Set(string session, string orderNo)
        {
            Encoding.ASCII.GetBytes(session, Bytes.AsSpan(_session));
            Encoding.ASCII.GetBytes(orderNo, Bytes.AsSpan(_order));
        }
    }
}

/// <summary>One request that was acknowledged.</summary>
/// <param name="SessionId">Its session.</param>
/// <param name="SentAt">When its first byte went out.</param>
/// <param name="Took">Until the whole answer was there.</param>
internal sealed record Asked(string SessionId, DateTimeOffset SentAt, TimeSpan Took);

/// <summary>All of them.</summary>
internal sealed record AskedLoad(IReadOnlyList<Asked> Requests, TimeSpan Elapsed);
