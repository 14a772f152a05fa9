using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Erp.Customs.Benchmarks.World;
using Microsoft.Data.Sqlite;

namespace Erp.Customs.Benchmarks.Admin;

/// <summary>
/// Requests of three years as they lie in the table of a module that is used: of a hundred 97 were accepted, one was rejected, the rest needed a person or met a used session; the newest hundred wait.
/// The requests are written behind the product's back, many at a time; their payments are stored and sealed by the product. Everything is made up from the number.
/// </summary>
/// <param name="Count">How many.</param>
/// <param name="From">When the first came in.</param>
/// <param name="Step">Milliseconds between two.</param>
internal sealed record StoredRequests(long Count, DateTimeOffset From, long Step)
{
    /// <summary>One of ten thousand requests was refused with it.</summary>
    public const string RareCode = "20004";

    /// <summary>A third of the payments are of this company.</summary>
    public const string Company = "4403169D3W";

    private const long Years = 3;

    /// <summary>The place of the row in the middle, as the list's links have it.</summary>
    public string Middle => string.Create(CultureInfo.InvariantCulture, $"accepted.{(From + TimeSpan.FromMilliseconds(Step * MiddleId)).ToUnixTimeMilliseconds()}.{MiddleId}");

    /// <summary>The same of its payment.</summary>
    public string MiddlePayment => string.Create(CultureInfo.InvariantCulture, $"{(From + TimeSpan.FromMilliseconds(Step * MiddleId)).ToUnixTimeMilliseconds()}.{MiddleId}");

    public long MiddleId => Count / 2;

    public string FirstDay => Day(Step * Count / 6);

    public string MiddleDay => Day(Step * MiddleId);

    public string LastDay => Day(Step * Count * 5 / 6);

    /// <summary>Orders that are stored, from everywhere.</summary>
    public IEnumerable<string> Orders(int count) => Enumerable.Range(1, count).Select(number => BenchPayments.OrderNo(Count * number / (count + 1)));

    /// <summary>Makes the module's database in a folder: a request and a sealed payment for each number.</summary>
    public static async Task<StoredRequests> FillAsync(string folder, int count)
    {
        Directory.CreateDirectory(folder);
        await using var store = await BenchStore.OpenAsync(folder);
        var from = TimeProvider.System.GetUtcNow().AddYears(-(int)Years);
        var stored = new StoredRequests(count, from, (long)TimeSpan.FromDays(Years * 365).TotalMilliseconds / count);
        await store.FillAsync(1, count, number => from + TimeSpan.FromMilliseconds(stored.Step * number));
        await using var connection = new SqliteConnection($"Data Source={Path.Combine(folder, "customs.db")};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        // The order's number is made as BenchPayments makes it.
        command.CommandText = """
            WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < $count),
            kind (n, at, state) AS (
              SELECT n, $from + $step * n,
                CASE WHEN n > $count - 100 THEN 'waiting_data' WHEN n % 100 = 7 THEN 'rejected' WHEN n % 200 = 9 THEN 'needs_person' WHEN n % 500 = 11 THEN 'session_used' ELSE 'accepted' END
              FROM number)
            INSERT INTO customs_request (id, session_id, order_no, merchant, purpose, service_time, openreq, openreq_sha256, received_at, deadline, state, failure, reason, attempts, next_attempt_at,
              lease_boot, fence, woken_fence, signed_at, first_sent_at, finished_at, customs_code, customs_message, pay_code, elapsed, ignored_at, ignored_by, ignored_reason)
            SELECT n, printf('%016x-%04x', n * 2654435761, n % 65536), printf('BN%08x%010d', (n * 2654435761) & 4294967295, n), $merchant, 'customs', '1544519952469', $openreq, $sum, at, at + 120000,
              state, CASE state WHEN 'rejected' THEN 'customs_rejected' WHEN 'needs_person' THEN 'data' ELSE 'none' END, CASE WHEN state = 'accepted' THEN '' ELSE '海关退回，详见回执 | Refused by customs, see the reply' END,
              CASE state WHEN 'waiting_data' THEN 0 ELSE 1 END, CASE state WHEN 'waiting_data' THEN at + 4000000000000 END,
              0, 1, -1, CASE state WHEN 'waiting_data' THEN NULL ELSE at + 20 END, CASE state WHEN 'waiting_data' THEN NULL ELSE at + 25 END,
              CASE state WHEN 'waiting_data' THEN NULL ELSE at + 30 + n * 7919 % 60000 END,
              CASE WHEN state = 'accepted' THEN '10000' WHEN n % 10000 = 7 THEN $rare WHEN state = 'rejected' THEN '20000' WHEN state = 'session_used' THEN '20001' END,
              CASE WHEN state = 'accepted' THEN '上传成功' WHEN state IN ('rejected', 'session_used') THEN '上传失败' END,
              CASE n % 3 WHEN 0 THEN $company WHEN 1 THEN '31222699S7' ELSE '312228034T' END,
              CASE state WHEN 'waiting_data' THEN NULL ELSE 30 + n * 7919 % 60000 END,
              CASE WHEN n % 5000 = 7 AND state = 'rejected' THEN at + 600000 END, CASE WHEN n % 5000 = 7 AND state = 'rejected' THEN 'bench' END, CASE WHEN n % 5000 = 7 AND state = 'rejected' THEN '订单已取消' END
            FROM kind;
            UPDATE payment SET received_at = last_trading_at;
            """;
        var openreq = Encoding.UTF8.GetBytes($"openReq={Uri.EscapeDataString("""{"orderNo":"BN0000000000000000","sessionID":"0000000000000000-0000","serviceTime":"1544519952469"}""")}");
        command.Parameters.AddWithValue("$openreq", store.Database.Content.Keep(openreq));
        command.Parameters.AddWithValue("$sum", SHA256.HashData(openreq));
        command.Parameters.AddWithValue("$count", count);
        command.Parameters.AddWithValue("$from", from.ToUnixTimeMilliseconds());
        command.Parameters.AddWithValue("$step", stored.Step);
        command.Parameters.AddWithValue("$merchant", BenchPayments.Merchant);
        command.Parameters.AddWithValue("$rare", RareCode);
        command.Parameters.AddWithValue("$company", Company);
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync();
        await store.Sealer.SealAsync(CancellationToken.None);
        return stored;
    }

    private string Day(long milliseconds) => (From + TimeSpan.FromMilliseconds(milliseconds)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
