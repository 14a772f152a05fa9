using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Threading.Channels;
using Erp.Customs.Benchmarks.Rendering;
using Erp.Customs.Module.Platform;
using Erp.Customs.Module.Rendering;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Erp.Customs.Benchmarks.Upload;

/// <summary>
/// The limit: the whole way by hand and nothing else. One durable insert before the acknowledgement, payments in memory, rendered once to UTF-8, signed,
/// posted by HttpClient, one durable update with payload and reply. No lease, no retry, no envelope before the send, no check of the signature, no history.
/// </summary>
internal sealed class HandWrittenPipeline : IAsyncDisposable
{
    private const int Workers = 16;

    private readonly Channel<(string SessionId, string OrderNo)> _work = Channel.CreateUnbounded<(string, string)>();
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseCookies = false });
    private readonly Lock _gate = new();
    private readonly SqliteConnection _database;
    private readonly SqliteCommand _insert;
    private readonly SqliteCommand _update;
    private readonly IReadOnlyDictionary<string, PayExchange> _payments;
    private readonly string _certNo;
    private readonly WebApplication _app;
    private int _done;

    private HandWrittenPipeline(string folder, IReadOnlyDictionary<string, PayExchange> payments, string certNo)
    {
        (_payments, _certNo) = (payments, certNo);
        _database = new SqliteConnection($"Data Source={Path.Combine(folder, "pipeline.db")};Pooling=False");
        _database.Open();
        using var create = Command("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE request (session TEXT PRIMARY KEY, order_no TEXT, openreq BLOB, payload BLOB, reply BLOB)");
        create.ExecuteNonQuery();
        _insert = Command("INSERT INTO request (session, order_no, openreq) VALUES (@session, @order, @openreq)", "@session", "@order", "@openreq");
        _update = Command("UPDATE request SET payload = @payload, reply = @reply WHERE session = @session", "@session", "@payload", "@reply");
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRouting();
        _app = builder.Build();
        _app.MapPost("/platDataOpen", AcknowledgeAsync);
    }

    /// <summary>Where customs ask.</summary>
    public Uri PlatDataOpen => new(new Uri(_app.Urls.Single()), "/platDataOpen");

    /// <summary>Requests answered.</summary>
    public int Done => Volatile.Read(ref _done);

    public static async Task<HandWrittenPipeline> StartAsync(string folder, IReadOnlyDictionary<string, PayExchange> payments, string certNo, byte[] privateKey, Uri uploadUrl)
    {
        var pipeline = new HandWrittenPipeline(folder, payments, certNo);
        await pipeline._app.StartAsync();
        for (var i = 0; i < Workers; i++)
        {
            _ = Task.Run(() => pipeline.WorkAsync(privateKey, uploadUrl));
        }

        return pipeline;
    }

    public async ValueTask DisposeAsync()
    {
        _work.Writer.Complete();
        await _app.DisposeAsync();
        _http.Dispose();
        await _insert.DisposeAsync();
        await _update.DisposeAsync();
        await _database.DisposeAsync();
    }

    private async Task AcknowledgeAsync(HttpContext http)
    {
        var buffer = new byte[4096];
        var length = await http.Request.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, http.RequestAborted);
        var code = OpenReqReader.Read(buffer.AsSpan(0, length), out var openReq);
        Run(_insert, openReq.SessionId, openReq.OrderNo, buffer[..length]);
        _work.Writer.TryWrite((openReq.SessionId, openReq.OrderNo));
        await PlatDataOpenEndpoint.WriteAsync(http, code, "", TimeProvider.System);
    }

    private async Task WorkAsync(byte[] privateKey, Uri uploadUrl)
    {
        using var rsa = RSA.Create();
        rsa.ImportPkcs8PrivateKey(privateKey, out _);
        using var writer = new Utf8Reference();
        await foreach (var (session, orderNo) in _work.Reader.ReadAllAsync())
        {
            var serviceTime = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
            writer.Render(_payments[orderNo], session, serviceTime);
            var signature = Convert.ToBase64String(rsa.SignData(writer.SignText.WrittenSpan, HashAlgorithmName.SHA1, RSASignaturePadding.Pkcs1));
            var payload = writer.Payload(session, serviceTime, _certNo, signature).ToArray();
            using var content = new StringContent("payExInfoStr=" + Uri.EscapeDataString(Encoding.UTF8.GetString(payload)), Encoding.UTF8, "application/x-www-form-urlencoded");
            using var response = await _http.PostAsync(uploadUrl, content);
            Run(_update, session, payload, await response.Content.ReadAsByteArrayAsync());
            Interlocked.Increment(ref _done);
        }
    }

    private SqliteCommand Command(string sql, params string[] parameters)
    {
        var command = _database.CreateCommand();
        command.CommandText = sql;
        foreach (var name in parameters)
        {
            command.Parameters.Add(new SqliteParameter { ParameterName = name });
        }

        return command;
    }

    private void Run(SqliteCommand command, params object[] values)
    {
        lock (_gate)
        {
            for (var i = 0; i < values.Length; i++)
            {
                command.Parameters[i].Value = values[i];
            }

            command.ExecuteNonQuery();
        }
    }
}
