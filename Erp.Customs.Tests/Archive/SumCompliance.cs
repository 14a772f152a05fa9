using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Erp.Customs.Contracts;
using Erp.Customs.Module.Archive;
using Erp.Customs.Module.Storage;
using Erp.Customs.Tests.Storage;
using Erp.Customs.Tests.Support;

namespace Erp.Customs.Tests.Archive;

/// <summary>Recomputing the sums of everything that is stored, for every engine.</summary>
public abstract class SumCompliance<TEngine> : StoreTest<TEngine> where TEngine : TestEngine, new()
{
    [EngineFact]
    public async Task All_sums_match_and_every_byte_string_is_read()
    {
        await FillAsync();
        var reports = new List<ArchiveSumsProgress>();

        var report = await Archive.RecomputeSumsAsync(new Told(reports.Add), default);

        Assert.Empty(report.Differences);
        Assert.Equal(150 + 150 + 151 + 1 + 1 + 1 + 1 + 1 + 1 + 1, report.Checked);
        Assert.Equal(new ArchiveSumsProgress(458, 458), reports[^1]);
    }

    [EngineTheory]
    [InlineData("payment", "request", 120, "id", 3)]
    [InlineData("payment", "response", 1, "id")]
    [InlineData("payment_version", "facts", 151, "id")]
    [InlineData("customs_request", "openreq", 1, "id")]
    [InlineData("envelope", "payload", 1, "request_id", 2)]
    [InlineData("envelope", "sign_text", 1, "request_id")]
    [InlineData("upload_attempt", "reply", 1, "id")]
    [InlineData("bridge_order", "content", 1, "id")]
    [InlineData("bridge_exchange", "request", 1, "id")]
    [InlineData("bridge_exchange", "reply", 1, "id")]
    public async Task A_changed_byte_is_named_with_whatever_is_kept_together(string table, string column, long id, string key, int together = 1)
    {
        await FillAsync();
        await Engine.TamperAsync(string.Create(CultureInfo.InvariantCulture, $"UPDATE {table} SET {column} = {Engine.OtherBytes} WHERE {key} = {id}"));

        var report = await Archive.RecomputeSumsAsync(null, default);

        Assert.Equal($"{table} {id} {column}", report.Differences[0]);
        Assert.Equal(together, report.Differences.Count);
    }

    [EngineFact]
    public async Task A_changed_sum_is_named_too()
    {
        await FillAsync();
        await Engine.TamperAsync("UPDATE payment SET request_sha256 = response_sha256 WHERE id = 7");

        Assert.Equal(["payment 7 request"], (await Archive.RecomputeSumsAsync(null, default)).Differences);
    }

    [EngineFact]
    public async Task It_can_be_ended()
    {
        await FillAsync();
        using var source = new CancellationTokenSource();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Archive.RecomputeSumsAsync(new Told(_ => source.Cancel()), source.Token));
    }

    private async Task FillAsync()
    {
        var results = await Task.WhenAll(Enumerable.Range(1, 150).Select(i => Archive.AppendAsync(Delivery($"pay-{i}", request: $"request {i}", orders: $"order-{i}"))));
        await Archive.CorrectAsync(new PaymentCorrection("ningbo", "pay-9", Facts(amount: 1m, orders: "order-9"), "li"));
        var request = await ClaimedAsync();
        await Requests.SaveEnvelopeAsync(request.Fence, EnvelopeOf(request, results[0].PaymentId), To(RequestState.Signed, Time.GetUtcNow(), release: false));
        var number = await Requests.BeginAttemptAsync(request.Id, request.Fence, To(RequestState.Sending, Time.GetUtcNow(), release: false));
        await Requests.EndAttemptAsync(
            request.Fence,
            new UploadAttempt(request.Id, number!.Value, Time.GetUtcNow(), Time.GetUtcNow(), 200, Encoding.UTF8.GetBytes("{}"), "10000", "", ""),
            To(RequestState.Accepted));
        var pushes = new BridgeTable(Database, Time);
        var content = Encoding.UTF8.GetBytes("{}");
        var push = await pushes.DecideAsync((connection, transaction) => pushes.InsertAsync(
            connection, transaction, new NewPush("ningbo", "order-1", "A", content, SHA256.HashData(content), "110101199003070011", Time.GetUtcNow(), [])));
        await pushes.BeginAsync(push, (await pushes.ClaimAsync(push, Lease))!.Fence, BridgeExchangeKind.Push, Encoding.UTF8.GetBytes("{\"OrderNo\":\"order-1\"}"));
    }

    private sealed class Told(Action<ArchiveSumsProgress> tell) : IProgress<ArchiveSumsProgress>
    {
        public void Report(ArchiveSumsProgress value) => tell(value);
    }
}

public sealed class SqliteSumTests : SumCompliance<SqliteEngine>
{
    [Fact]
    public async Task A_value_that_somebody_made_a_text_is_named_and_never_in_an_exception()
    {
        await Archive.AppendAsync(Delivery());
        await Engine.TamperAsync("UPDATE payment SET request = 'CANARY' WHERE id = 1");

        Assert.Equal(["payment 1 request", "payment 1 response", "payment_version 1 facts"], (await Archive.RecomputeSumsAsync(null, default)).Differences);
        var exception = await Assert.ThrowsAsync<InvalidDataException>(() => Archive.FindForOrderAsync("order-1", null, default));
        Assert.DoesNotContain("CANARY", exception.ToString(), StringComparison.Ordinal);
    }
}

public sealed class PostgresSumTests : SumCompliance<PostgresEngine>;

public sealed class SqlServerSumTests : SumCompliance<SqlServerEngine>;
