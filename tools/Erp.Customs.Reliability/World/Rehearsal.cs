using System.Collections.Concurrent;
using System.Data.Common;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using Erp.Customs.Simulator;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Erp.Customs.Reliability.World;

/// <summary>
/// The ERP as a process of its own with the module in it, customs in this process, two merchants (RSA and SM2) with their payments delivered.
/// Customs' log and the module's table are what is judged by; nothing that the module says about itself is.
/// </summary>
internal sealed class Rehearsal : IAsyncDisposable
{
    /// <summary>Stands in everything that must stay where it belongs.</summary>
    private const string Canary = "CANARY-";

    /// <summary>What the archive is encrypted with; nodes on one database need the same.</summary>
    public static readonly string ContentKey = Convert.ToBase64String(SHA256.HashData("key of the rehearsal's archive"u8));

    private const string Key = Canary + "key-of-the-erp";
    private const string Password = Canary + "password-of-the-keys";
    private const string Account = "6217850100007893905";
    private const string Receiver = "宁波海淘贸易有限公司";

    private static readonly string[] s_secrets = [Canary, Account, Receiver];

    /// <summary>When all payments were made: one delivered again is the same payment.</summary>
    private static readonly DateTimeOffset s_began = TimeProvider.System.GetUtcNow();

    private static readonly (string Merchant, string EbpCode, CardKind Kind)[] s_merchants = [("ningbo", "3302660075", CardKind.Rsa1024), ("guangzhou", "4404840022", CardKind.Sm2)];

    private readonly string _folder;
    private readonly Dictionary<string, string> _settings;
    private readonly List<string> _orders = [];
    private readonly ConcurrentQueue<string> _leaks = new();
    private int _oldPayments;
    private int _paymentsOfOthers;
    private long _linesHeard;

    private Rehearsal(string folder, CustomsServer customs, Dictionary<string, string> settings) => (_folder, Customs, _settings) = (folder, customs, settings);

    public CustomsServer Customs { get; }

    /// <summary>The ERP that runs now.</summary>
    public HostProgram Erp { get; private set; } = null!;

    /// <summary>Orders that customs can be answered about.</summary>
    public IReadOnlyList<string> Orders => _orders;

    /// <summary>Lines that the host has printed.</summary>
    public long LinesHeard => Interlocked.Read(ref _linesHeard);

    /// <summary>Those in which a person or a secret stands.</summary>
    public IEnumerable<string> Leaks => _leaks;

    /// <summary>Where customs call.</summary>
    public Uri PlatDataOpen => new(Erp.Address, "/customs/platDataOpen");

    /// <summary>Where the module keeps its files.</summary>
    public string DataFolder => Path.Combine(_folder, "data", "Erp.Customs");

    /// <summary>Starts customs and the ERP, and delivers payments.</summary>
    /// <param name="folder">For everything.</param>
    /// <param name="payments">How many, of one order each.</param>
    /// <param name="settings">Settings beside the usual ones.</param>
    public static async Task<Rehearsal> StartAsync(string folder, int payments, params (string Name, string Value)[] settings)
    {
        var customs = await CustomsServer.StartAsync(new CustomsServerOptions { LogFile = Path.Combine(folder, "customs.jsonl") }, CancellationToken.None);
        var all = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Modules:Enabled"] = "Erp.Customs",
            ["Customs:Upload:Url"] = customs.UploadAddress.ToString(),
            ["Customs:Upload:TestUrl"] = customs.UploadAddress.ToString(),
            ["Customs:Upload:Timeout"] = "5",
            ["Customs:Archive:Key"] = ContentKey,
            ["Customs:ApiKeys:erp"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Key))),
            ["Logging:LogLevel:Default"] = "Warning",
        };
        foreach (var (merchant, ebpCode, kind) in s_merchants)
        {
            var card = new CardIssuer(TimeProvider.System).Issue(kind, merchant);
            var keyFile = Path.Combine(folder, merchant + ".key.pem");
            card.WriteKey(keyFile, Password);
            card.WriteCertificate(Path.Combine(folder, merchant + ".crt.pem"));
            customs.Register.RegisterPem(card.CertNo, ebpCode, card.CertificatePem);
            all[$"Customs:Merchants:{merchant}:EbpCode"] = ebpCode;
            all[$"Customs:Merchants:{merchant}:Signing:Kind"] = "KeyFile";
            all[$"Customs:Merchants:{merchant}:Signing:KeyFile"] = keyFile;
            all[$"Customs:Merchants:{merchant}:Signing:KeyPassword"] = Password;
        }

        foreach (var (name, value) in settings)
        {
            all[name] = value;
        }

        var rehearsal = new Rehearsal(folder, customs, all);
        await rehearsal.StartErpAsync();
        await rehearsal.DeliverAsync(payments);
        return rehearsal;
    }

    /// <summary>Starts the ERP on the data that is there.</summary>
    public async Task StartErpAsync() => Erp = await StartNodeAsync();

    /// <summary>Starts one more ERP with the same settings; several share a server database alone.</summary>
    public Task<HostProgram> StartNodeAsync(string data = "data") => HostProgram.StartAsync(Path.Combine(_folder, data), _settings, Hear);

    /// <summary>Starts one on data of its own that is killed while it starts, and waits for that.</summary>
    public Task StartToDieAsync(string data) => HostProgram.StartToDieAsync(Path.Combine(_folder, data), _settings);

    /// <summary>Changes a setting for the next start.</summary>
    public void Set(string name, string value) => _settings[name] = value;

    /// <summary>Kills the ERP and starts it again.</summary>
    public async Task KillAndStartAsync()
    {
        await Erp.KillAsync();
        await Erp.DisposeAsync();
        await StartErpAsync();
    }

    /// <summary>Delivers payments that are four years old, which retention erases, until nobody takes them any more.</summary>
    public async Task DeliverOldAsync(int payments)
    {
        using var http = Api();
        try
        {
            for (var left = payments; left > 0; left--)
            {
                var number = Interlocked.Increment(ref _oldPayments);
                var order = string.Create(CultureInfo.InvariantCulture, $"OLD{number:d8}");
                using var answer = await http.PostAsJsonAsync("/customs/api/payments", Payment(s_merchants[0].Merchant, order, 1_000_000 + number, TimeProvider.System.GetUtcNow().AddYears(-4)));
            }
        }
        catch (HttpRequestException)
        {
            // The ERP is gone: that is what is waited for.
        }
    }

    /// <summary>Payments in the module's table, of which retention may erase how many.</summary>
    public async Task<(long All, long Old)> PaymentsAsync()
    {
        await using var connection = await OpenDatabaseAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = string.Create(
            CultureInfo.InvariantCulture, $"SELECT COUNT(*), COALESCE(SUM(CASE WHEN last_trading_at < {TimeProvider.System.GetUtcNow().AddYears(-3).AddDays(-2).ToUnixTimeMilliseconds()} THEN 1 ELSE 0 END), 0) FROM payment");
        await using var row = await command.ExecuteReaderAsync();
        await row.ReadAsync();
        return (row.GetInt64(0), row.GetInt64(1));
    }

    /// <summary>Waits until so many payments past their term are left.</summary>
    /// <param name="enough">Given how many are left.</param>
    public async Task OldAreAsync(Func<long, bool> enough)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (!enough((await PaymentsAsync()).Old))
        {
            await Task.Delay(5, limit.Token);
        }
    }

    /// <summary>Delivers payments of one order each, as an ERP does.</summary>
    public async Task DeliverAsync(int payments)
    {
        for (var left = payments; left > 0; left--)
        {
            if (!await TryDeliverAsync())
            {
                throw new InvalidOperationException($"Payment {_orders.Count + 1} was not stored.");
            }
        }
    }

    /// <summary>Delivers the next payment of one order; one that was refused is the next one again.</summary>
    /// <returns>Whether it was taken.</returns>
    public async Task<bool> TryDeliverAsync()
    {
        var number = _orders.Count + 1;
        var order = string.Create(CultureInfo.InvariantCulture, $"RH{number:d8}");
        using var http = Api();
        using var answer = await http.PostAsJsonAsync("/customs/api/payments", Payment(s_merchants[number % s_merchants.Length].Merchant, order, number, s_began));
        if (answer.IsSuccessStatusCode)
        {
            _orders.Add(order);
        }

        return answer.IsSuccessStatusCode;
    }

    /// <summary>Delivers payments of one order each for a merchant beside the usual two.</summary>
    /// <returns>The orders.</returns>
    public async Task<IReadOnlyList<string>> DeliverAsync(string merchant, int payments)
    {
        var orders = new List<string>();
        using var http = Api();
        while (orders.Count < payments)
        {
            var number = Interlocked.Increment(ref _paymentsOfOthers);
            orders.Add(string.Create(CultureInfo.InvariantCulture, $"OT{number:d8}"));
            using var answer = await http.PostAsJsonAsync("/customs/api/payments", Payment(merchant, orders[^1], 2_000_000 + number, s_began));
            answer.EnsureSuccessStatusCode();
        }

        return orders;
    }

    /// <summary>Waits until a worker holds a request.</summary>
    public async Task LeasedAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await using var connection = await OpenDatabaseAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT COUNT(*) FROM customs_request WHERE state = 'sending'";
        while (await command.ExecuteScalarAsync(limit.Token) is 0L)
        {
            await Task.Delay(5, limit.Token);
        }
    }

    /// <summary>Ends every lease, as waiting would.</summary>
    /// <returns>How many.</returns>
    public async Task<int> EndLeasesAsync()
    {
        await using var connection = await OpenDatabaseAsync();
        await using var command = connection.CreateCommand();
        // A process that was frozen inside a transaction holds the rows until the server takes them from it.
        command.CommandTimeout = 60;
        command.CommandText = "UPDATE customs_request SET lease_until = 0 WHERE lease_until IS NOT NULL";
        return await command.ExecuteNonQueryAsync();
    }

    /// <summary>Texts of the tables that people are shown or sent, in which a person or a secret stands.</summary>
    public async Task<IReadOnlyList<string>> LeaksInTablesAsync()
    {
        var leaks = new List<string>();
        await using var connection = await OpenDatabaseAsync();
        foreach (var (table, text) in new[] { ("request_event", "reason"), ("customs_request", "reason"), ("upload_attempt", "error"), ("alert_message", "subject || body || error") })
        {
            await using var command = connection.CreateCommand();
            command.CommandText = $"SELECT {text} FROM {table}";
            await using var rows = await command.ExecuteReaderAsync();
            while (await rows.ReadAsync())
            {
                leaks.AddRange(Leaking(rows.GetString(0)) ? [$"{table}: {rows.GetString(0)}"] : []);
            }
        }

        return leaks;
    }

    /// <summary>Records that have no seal and could have one.</summary>
    public async Task<long> UnsealedAsync()
    {
        await using var connection = await OpenDatabaseAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT " + string.Join(" + ", SealedTable.All.Select(table => $"(SELECT COUNT(*) FROM {table.Name} WHERE {table.Ready})"))
            + " - (SELECT COUNT(*) FROM evidence WHERE erased_by IS NULL)";
        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Has the ERP verify the archive.</summary>
    public async Task<Verification> VerifyAsync()
    {
        using var http = Api();
        http.Timeout = TimeSpan.FromMinutes(5);
        using var answer = await http.PostAsync("/customs/api/verify-archive", content: null);
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<Verification>())!;
    }

    /// <summary>Texts that wait for a sign agent.</summary>
    public async Task<long> SignJobsAsync()
    {
        await using var connection = await OpenDatabaseAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT COUNT(*) FROM sign_job";
        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Has an act of the integration API done.</summary>
    /// <returns>What it answers.</returns>
    public async Task<string> PostAsync(string path)
    {
        using var http = Api();
        using var answer = await http.PostAsync(path, new ByteArrayContent([]) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } });
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadAsStringAsync();
    }

    /// <summary>Every request in the module's table: session, state, whether anything happens to it by itself, and why it stands so.</summary>
    public async Task<Dictionary<string, (string State, bool Waits, string Reason)>> RequestsAsync()
    {
        await using var connection = await OpenDatabaseAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT session_id, state, next_attempt_at IS NOT NULL OR lease_until IS NOT NULL, reason FROM customs_request";
        await using var rows = await command.ExecuteReaderAsync();
        var requests = new Dictionary<string, (string, bool, string)>(StringComparer.Ordinal);
        while (await rows.ReadAsync())
        {
            requests.Add(rows.GetString(0), (rows.GetString(1), rows.GetBoolean(2), rows.GetString(3)));
        }

        return requests;
    }

    /// <summary>Whether all of some requests are in a state.</summary>
    public async Task<bool> AreAsync(string state, IReadOnlyList<string> sessions)
    {
        await using var connection = await OpenDatabaseAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = $"SELECT COUNT(*) FROM customs_request WHERE state = @state AND session_id IN ({string.Join(", ", sessions.Select((_, number) => $"@session{number}"))})";
        foreach (var (name, value) in sessions.Select((session, number) => ($"@session{number}", session)).Append(("@state", state)))
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            command.Parameters.Add(parameter);
        }

        return await command.ExecuteScalarAsync() is long count && count == sessions.Count;
    }

    /// <summary>Waits until nothing is under way any more.</summary>
    /// <param name="within">How long that may take.</param>
    public async Task SettleAsync(TimeSpan within)
    {
        using var limit = new CancellationTokenSource(within);
        while ((await RequestsAsync()).Values.Any(request => request.Waits))
        {
            try
            {
                await Task.Delay(100, limit.Token);
            }
            catch (OperationCanceledException)
            {
                return; // what still waits is judged as what it is
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Erp.DisposeAsync();
        await Customs.DisposeAsync();
    }

    private static bool Leaking(string text) => s_secrets.Any(secret => text.Contains(secret, StringComparison.Ordinal));

    private void Hear(string line)
    {
        Interlocked.Increment(ref _linesHeard);
        if (Leaking(line))
        {
            _leaks.Enqueue(line);
        }
    }

    private HttpClient Api() => new() { BaseAddress = Erp.Address, DefaultRequestHeaders = { { "X-Api-Key", Key } } };

    private async Task<DbConnection> OpenDatabaseAsync()
    {
        DbConnection connection = _settings.GetValueOrDefault("Customs:Database:ConnectionString") is { } server
            ? new NpgsqlConnection(server)
            : new SqliteConnection($"Data Source={Path.Combine(DataFolder, "customs.db")};Pooling=False;Default Timeout=10");
        try
        {
            await connection.OpenAsync();
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private static object Payment(string merchant, string orderNo, int number, DateTimeOffset traded) => new
    {
        merchant,
        payTransactionId = string.Create(CultureInfo.InvariantCulture, $"PT{number:d10}"),
        payCode = "31222699S7",
        totalAmount = 100.10m + number,
        currency = "142",
        verDept = "3",
        payType = "1",
        tradingTime = traded.ToString("O", CultureInfo.InvariantCulture),
        note = "",
        initalRequest = $$$"""https://openapi.alipay.com/gateway.do?method=alipay.trade.pay&biz_content={"out_trade_no":"{{{orderNo}}}","subject":"奶粉　800g","buyer":"CANARY-buyer"}""",
        initalResponse = "{\"alipay_trade_pay_response\":{\"code\":\"10000\",\n\"msg\":\"Success\",\"buyer_user_name\":\"CANARY-name\"}}",
        orders = new[]
        {
            new
            {
                orderNo,
                goods = new[] { new { gname = "婴儿奶粉 800g", itemLink = "https://shop.example.cn/item/1" } },
                recpAccount = Account,
                recpCode = "91330201MA2AG12345",
                recpName = Receiver,
            },
        },
    };
}
