using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Erp.Customs.Reliability.World;

namespace Erp.Customs.Reliability.Faults;

/// <summary>Anything but a proper openReq, at platDataOpen.</summary>
internal sealed class Fuzz : IFault
{
    private const int Callers = 16;

    /// <summary>Of an answer, in milliseconds. limits: p99 at most 50.</summary>
    private const double P99Limit = 50;

    /// <summary>Memory that the ERP may hold more at the end than after warming up, which is the first tenth: by then what it keeps in memory at most is full. 200 MiB.</summary>
    private const long MemoryLimit = 200 * 1024 * 1024;

    private static readonly string[] s_types = ["application/x-www-form-urlencoded", "application/json", "text/plain", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded; charset=gbk", ""];

    public string Name => "fuzz";

    public string What => "openReq fuzz: random bytes, mutated valid, deep nesting, numbers out of range, duplicate keys, BOM, UTF-16, GBK, NUL, 100,000-character ids, multipart, two openReqs";

    public int LongForm => 1_000_000;

    public int ShortForm => 4_000;

    public async Task<Finding> RunAsync(int count, string folder, Action<string> progress)
    {
        await using var rehearsal = await Rehearsal.StartAsync(folder, payments: 1, ("Customs:RequestsPerSecond", "1000000"));
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, MaxConnectionsPerServer = Callers }) { Timeout = TimeSpan.FromSeconds(30) };
        var wrong = new List<string>();
        var elapsed = new List<double>(count);
        var (done, acknowledged, before) = (0, 0, 0L);
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = Callers }, async (number, stop) =>
        {
            // One seed, one case: what fails can be done again.
            var (type, body) = Case(new Random(number));
            var start = TimeProvider.System.GetTimestamp();
            using var content = new ByteArrayContent(body);
            if (type.Length > 0)
            {
                content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
            }

            using var answer = await http.PostAsync(rehearsal.PlatDataOpen, content, stop);
            var text = await answer.Content.ReadAsStringAsync(stop);
            var took = TimeProvider.System.GetElapsedTime(start).TotalMilliseconds;
            lock (wrong)
            {
                elapsed.Add(took);
                if ((int)answer.StatusCode != 200 || !IsOurs(text))
                {
                    wrong.Add($"case {number}: HTTP {(int)answer.StatusCode} {text[..Math.Min(80, text.Length)]}");
                }

                acknowledged += text.Contains("\"10000\"", StringComparison.Ordinal) ? 1 : 0;
                if (++done % 1_000 == 0)
                {
                    progress($"{done}/{count}");
                    before = before == 0 && done >= count / 10 ? rehearsal.Erp.WorkingSet : before;
                }
            }
        });
        elapsed.Sort();
        var p99 = elapsed[(int)(elapsed.Count * 0.99)];
        var grown = rehearsal.Erp.WorkingSet - before;
        var figures = string.Create(CultureInfo.InvariantCulture, $"{acknowledged} acknowledged, {wrong.Count} answers not ours, p99 {p99:0.0} ms, memory {grown / 1048576.0:+0;-0} MiB{string.Concat(wrong.Take(5).Select(one => "\n  " + one))}");
        return new(count, wrong.Count == 0 && grown < MemoryLimit && (count < LongForm || p99 <= P99Limit), figures);
    }

    private static bool IsOurs(string text)
    {
        try
        {
            using var answer = JsonDocument.Parse(text);
            return answer.RootElement.GetProperty("code").GetString() is "10000" or "20000" or ['2', '0', _, _, _]
                && answer.RootElement.GetProperty("serviceTime").GetInt64() > 0 && answer.RootElement.EnumerateObject().Count() == 3;
        }
        catch (Exception strange) when (strange is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            return false;
        }
    }

    private static (string Type, byte[] Body) Case(Random random)
    {
        var valid = $$"""{"orderNo":"F{{random.Next()}}","sessionID":"fuzz-{{random.NextInt64()}}","serviceTime":{{random.NextInt64(1_500_000_000_000, 1_900_000_000_000)}}}""";
        var json = random.Next(12) switch
        {
            0 => valid,
            1 => new string('[', random.Next(1, 20_000)),
            2 => valid.Replace("\"serviceTime\":", "\"serviceTime\":9e999", StringComparison.Ordinal),
            3 => valid[..^1] + ",\"orderNo\":\"twice\",\"sessionID\":\"twice\"}",
            4 => "\uFEFF" + valid,
            5 => valid.Replace("fuzz-", "\\u0000\u0000", StringComparison.Ordinal),
            6 => $$"""{"orderNo":"{{new string('9', random.Next(60_000))}}","sessionID":"{{new string('s', random.Next(100_000))}}","serviceTime":"x"}""",
            7 => string.Concat(Enumerable.Repeat("{\"a\":", random.Next(1, 2_000))),
            8 => $$"""{"orderNo":{{random.NextInt64()}},"sessionID":null,"serviceTime":[]}""",
            9 => valid.Replace("fuzz", "会话\ud83d\ude00\u2028", StringComparison.Ordinal),
            10 => valid[..random.Next(valid.Length)],
            _ => "",
        };
        var type = s_types[random.Next(s_types.Length)];
        var body = random.Next(6) switch
        {
            0 => "openReq=" + Uri.EscapeDataString(json.Length < 30_000 ? json : json[..30_000]),
            1 => "openReq=" + json,
            2 => "openReq=" + Uri.EscapeDataString(json.Length < 10_000 ? json : "") + "&openReq=" + Uri.EscapeDataString(valid),
            3 => "--x\r\nContent-Disposition: form-data; name=\"openReq\"\r\n\r\n" + json + "\r\n--x--\r\n",
            _ => json,
        };
        var bytes = random.Next(8) switch
        {
            0 => Encoding.Unicode.GetBytes(body),
            1 => CodePagesEncodingProvider.Instance.GetEncoding("gbk")!.GetBytes(body),
            2 => Mutated(Encoding.UTF8.GetBytes(body), random),
            3 => Noise(random),
            _ => Encoding.UTF8.GetBytes(body),
        };
        return (type, bytes);
    }

    private static byte[] Mutated(byte[] bytes, Random random)
    {
        for (var times = random.Next(1, 8); times > 0 && bytes.Length > 0; times--)
        {
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        }

        return bytes;
    }

    private static byte[] Noise(Random random)
    {
        var bytes = new byte[random.Next(4_000)];
        random.NextBytes(bytes);
        return bytes;
    }
}
