using System.Text;
using Dapper;
using Erp.Customs.Contracts;
using Erp.Customs.Module.Retention;
using Erp.Customs.Module.Storage;
using Erp.Customs.Tests.Storage;
using Erp.Customs.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Erp.Customs.Tests.Retention;

/// <summary>What retention erases and what it leaves, for every engine.</summary>
public abstract class RetentionCompliance<TEngine> : StoreTest<TEngine> where TEngine : TestEngine, new()
{
    private static readonly TimeSpan s_term = TimeSpan.FromDays(3 * 365 + 3);

    [EngineFact]
    public async Task What_is_past_its_term_goes_with_everything_made_of_it()
    {
        await AnsweredAsync("old", replaced: true);
        await Archive.CorrectAsync(new PaymentCorrection("ningbo", "old", Facts(amount: 1m, orders: "old"), "li"));
        Time.Advance(s_term);
        await AnsweredAsync("new");

        var report = await Retention().RunAsync(dryRun: false, default);

        Assert.Equal((1, 1, 0), (report.Payments, report.Requests, report.Held));
        Assert.Equal(Time.GetUtcNow().AddHours(-1), report.OldestKept);
        Assert.Null(await Archive.FindForOrderAsync("old", null, default));
        Assert.NotNull(await Archive.FindForOrderAsync("new", null, default));
        Assert.Equal(["new"], (await Requests.SearchAsync(new(), new(10), default)).Select(request => request.SessionId));
        foreach (var (table, rows) in new[] { ("payment", 1), ("payment_version", 1), ("payment_order", 1), ("customs_request", 1), ("envelope", 1), ("replaced_envelope", 0), ("upload_attempt", 1), ("request_event", 4) })
        {
            Assert.Equal((table, rows), (table, await ScalarAsync<long>($"SELECT COUNT(*) FROM {table}")));
        }

        Assert.Empty((await Archive.RecomputeSumsAsync(null, default)).Differences);
    }

    [EngineFact]
    public async Task What_people_did_is_kept_as_long_as_payments_are()
    {
        var table = new OperationTable(Database);
        await table.AddAsync(Operation("old"));
        Time.Advance(s_term);
        await table.AddAsync(Operation("new"));

        await Retention().RunAsync(dryRun: true, default);
        Assert.Equal(2, await ScalarAsync<long>("SELECT COUNT(*) FROM operation"));
        await Retention().RunAsync(dryRun: false, default);
        Assert.Equal("new", await ScalarAsync<string>("SELECT person FROM operation"));

        NewOperation Operation(string person) => new(Time.GetUtcNow(), person, "Requests/Requests.Retry", "", "", OperationResult.Done, "");
    }

    [EngineFact]
    public async Task A_dry_run_counts_the_same_and_erases_nothing()
    {
        await AnsweredAsync("old");
        Time.Advance(s_term);

        var dry = await Retention().RunAsync(dryRun: true, default);
        Assert.Equal((1, 1, 0), (dry.Payments, dry.Requests, dry.Held));
        Assert.NotNull(await Archive.FindForOrderAsync("old", null, default));
        Assert.Single(await Requests.SearchAsync(new(), new(10), default));

        var real = await Retention().RunAsync(dryRun: false, default);
        Assert.Equal((1, 1, 0), (real.Payments, real.Requests, real.Held));
        Assert.Equal(2, await ScalarAsync<long>("SELECT COUNT(*) FROM retention_run WHERE payments = 1 AND requests = 1 AND ended_at IS NOT NULL"));
        Assert.Equal(1, await ScalarAsync<long>("SELECT COUNT(*) FROM retention_run WHERE dry_run = 1"));
    }

    [EngineTheory]
    [InlineData("order")]
    [InlineData("time")]
    [InlineData("merchant")]
    public async Task What_a_legal_hold_covers_stays_until_it_is_lifted(string by)
    {
        await AnsweredAsync("held");
        var holds = new HoldTable(Database);
        var id = await holds.PlaceAsync(
            new NewHold("li", "法务部", "诉讼")
            {
                OrderNo = by == "order" ? "held" : null,
                Merchant = by == "merchant" ? "ningbo" : null,
                From = by == "order" ? null : Time.GetUtcNow().AddDays(-1),
                Until = by == "order" ? null : Time.GetUtcNow().AddDays(1),
            },
            Time.GetUtcNow());
        Time.Advance(TimeSpan.FromDays(2));
        await AnsweredAsync("other");
        Time.Advance(s_term);

        var report = await Retention().RunAsync(dryRun: false, default);
        Assert.Equal((1, 1, 1), (report.Payments, report.Requests, report.Held));
        Assert.NotNull(await Archive.FindForOrderAsync("held", null, default));
        Assert.Null(await Archive.FindForOrderAsync("other", null, default));
        Assert.Equal(1, await holds.CountHeldAsync(default));

        Assert.True(await holds.LiftAsync(id, "li", "和解", Time.GetUtcNow()));
        Assert.False(await holds.LiftAsync(id, "li", "和解", Time.GetUtcNow()));
        Assert.Equal(1, (await Retention().RunAsync(dryRun: false, default)).Payments);
        Assert.Null(await Archive.FindForOrderAsync("held", null, default));
        Assert.Equal((id, "和解"), Assert.Single(await holds.ListAsync(10, default)) is var hold ? (hold.Id, hold.LiftReason) : default);
    }

    [EngineFact]
    public async Task A_hold_of_another_merchant_or_time_keeps_nothing()
    {
        await AnsweredAsync("old");
        var holds = new HoldTable(Database);
        await holds.PlaceAsync(new NewHold("li", "x", "x") { OrderNo = "old", Merchant = "guangzhou" }, Time.GetUtcNow());
        await holds.PlaceAsync(new NewHold("li", "x", "x") { OrderNo = "older" }, Time.GetUtcNow());
        await holds.PlaceAsync(new NewHold("li", "x", "x") { From = Time.GetUtcNow().AddDays(1) }, Time.GetUtcNow());
        await holds.PlaceAsync(new NewHold("li", "x", "x") { Until = Time.GetUtcNow().AddDays(-1) }, Time.GetUtcNow());
        Time.Advance(s_term);

        Assert.Equal((1, 1, 0), (await Retention().RunAsync(dryRun: false, default)) is var report ? (report.Payments, report.Requests, report.Held) : default);
    }

    [EngineTheory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(3, 1)]
    public async Task The_last_day_is_kept_to_its_end_in_china(int hoursAfterLastDay, int erased)
    {
        // The clock stands at 10:00 in China.
        await Archive.AppendAsync(Delivery(facts: Facts(traded: Time.GetUtcNow().AddHours(-1))));
        Time.Advance(Time.GetUtcNow().AddYears(3).AddHours(12 + hoursAfterLastDay) - Time.GetUtcNow());

        Assert.Equal(erased, (await Retention().RunAsync(dryRun: false, default)).Payments);
    }

    [EngineFact]
    public async Task A_setting_makes_the_term_longer_but_not_shorter()
    {
        await Archive.AppendAsync(Delivery());
        Time.Advance(TimeSpan.FromDays(3 * 365 - 10));
        Assert.Equal(0, (await Retention(years: 1).RunAsync(dryRun: false, default)).Payments);
        Time.Advance(TimeSpan.FromDays(20));
        Assert.Equal(0, (await Retention(years: 4).RunAsync(dryRun: false, default)).Payments);
        Assert.Equal(1, (await Retention(years: 4).KeptAsync(default)).Payments);
        Assert.Equal(1, (await Retention(years: 1).RunAsync(dryRun: false, default)).Payments);
        Assert.False((await Retention(years: 4).KeptAsync(default)).IsAny);
    }

    [EngineFact]
    public async Task The_latest_trading_time_of_any_version_counts()
    {
        var start = Time.GetUtcNow();
        await Archive.AppendAsync(Delivery("later", facts: Facts(traded: start.AddYears(-2), orders: "later")));
        await Archive.CorrectAsync(new PaymentCorrection("ningbo", "later", Facts(traded: start, orders: "later"), "li"));
        await Archive.AppendAsync(Delivery("earlier", facts: Facts(traded: start, orders: "earlier")));
        await Archive.CorrectAsync(new PaymentCorrection("ningbo", "earlier", Facts(traded: start.AddYears(-2), orders: "earlier"), "li"));
        Time.Advance(TimeSpan.FromDays(2 * 365));

        Assert.Equal(0, (await Retention().RunAsync(dryRun: false, default)).Payments);
        Time.Advance(TimeSpan.FromDays(370));
        Assert.Equal(2, (await Retention().RunAsync(dryRun: false, default)).Payments);
    }

    [EngineFact]
    public async Task A_payment_stays_while_a_request_about_its_order_is_unfinished()
    {
        await Archive.AppendAsync(Delivery(orders: ["order-1", "order-2"]));
        var request = await ClaimedAsync(orderNo: "order-2");
        Time.Advance(s_term);

        var report = await Retention().RunAsync(dryRun: false, default);
        Assert.Equal((0, 0, 1), (report.Payments, report.Requests, report.Held));
        Assert.NotNull(await Archive.FindForOrderAsync("order-1", null, default));

        await Requests.ChangeAsync(request.Id, request.Fence, To(RequestState.Rejected));
        Assert.Equal(1, (await Retention().RunAsync(dryRun: false, default)).Held);
        Time.Advance(s_term);
        report = await Retention().RunAsync(dryRun: false, default);
        Assert.Equal((1, 1, 0), (report.Payments, report.Requests, report.Held));
    }

    [EngineFact]
    public async Task A_request_about_an_order_of_an_older_version_keeps_the_payment_too()
    {
        await Archive.AppendAsync(Delivery(orders: ["order-1"]));
        await Archive.CorrectAsync(new PaymentCorrection("ningbo", "pay-1", Facts(orders: "order-2"), "li"));
        Time.Advance(s_term);
        await Requests.InsertAsync(Request(orderNo: "order-1"));

        Assert.Equal(1, (await Retention().RunAsync(dryRun: false, default)).Held);
    }

    [EngineFact]
    public async Task Another_merchants_request_keeps_nothing()
    {
        await Archive.AppendAsync(Delivery());
        Time.Advance(s_term);
        await Requests.InsertAsync(Request(merchant: "hangzhou"));

        Assert.Equal(1, (await Retention().RunAsync(dryRun: false, default)).Payments);
    }

    [EngineFact]
    public async Task Requests_that_were_never_answered_go_when_they_are_past_the_term()
    {
        var given = await ClaimedAsync("given up");
        await Requests.ChangeAsync(given.Id, given.Fence, To(RequestState.NeedsPerson, failure: FailureClass.Data));
        await Requests.InsertAsync(Request("waiting"));
        Time.Advance(s_term);
        await Requests.InsertAsync(Request("new"));

        Assert.Equal(1, (await Retention().RunAsync(dryRun: false, default)).Requests);
        Assert.Equal(["new", "waiting"], (await Requests.SearchAsync(new(), new(10), default)).Select(request => request.SessionId));
    }

    [EngineFact]
    public async Task More_than_a_batch_goes_while_inserts_go_on()
    {
        await Task.WhenAll(Enumerable.Range(0, 450).Select(i => Archive.AppendAsync(Delivery($"pay-{i}", facts: Facts(traded: Time.GetUtcNow().AddSeconds(-i / 3), orders: $"order-{i}")))));
        await Requests.InsertAsync(Request("unfinished", "order-100"));
        Time.Advance(s_term);

        var run = Retention().RunAsync(dryRun: false, default);
        var inserts = Enumerable.Range(0, 200).Select(i => Requests.InsertAsync(Request($"session-{i}", $"other-{i}"))).ToList();

        var report = await run;
        Assert.Equal((449, 1), (report.Payments, report.Held));
        Assert.All(await Task.WhenAll(inserts), insert => Assert.Equal(InsertOutcome.Stored, insert.Outcome));
        Assert.Equal(1, await ScalarAsync<long>("SELECT COUNT(*) FROM payment"));
        Assert.Equal(449, await ScalarAsync<long>("SELECT payments FROM retention_run"));
    }

    [EngineFact]
    public async Task A_run_that_is_ended_stands_as_interrupted()
    {
        await Archive.AppendAsync(Delivery());
        Time.Advance(s_term);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Retention().RunAsync(dryRun: false, new CancellationToken(canceled: true)));

        Assert.Equal(1, await ScalarAsync<long>("SELECT COUNT(*) FROM retention_run WHERE ended_at IS NULL AND payments = 0"));
        Assert.NotNull(await Archive.FindForOrderAsync("order-1", null, default));
    }

    /// <summary>A payment and a request about it that customs accepted.</summary>
    private async Task AnsweredAsync(string name, bool replaced = false)
    {
        var paymentId = (await Archive.AppendAsync(Delivery(name, orders: name))).PaymentId;
        var request = await ClaimedAsync(name, name, "ningbo");
        await Requests.SaveEnvelopeAsync(request.Fence, EnvelopeOf(request, paymentId), To(RequestState.Signed, Time.GetUtcNow(), release: false));
        if (replaced)
        {
            await Requests.ChangeAsync(request.Id, request.Fence, To(RequestState.Rejected));
            Assert.True(await Requests.StartOverAsync((await Requests.FindAsync(request.Id, default))!, To(RequestState.Received, Time.GetUtcNow()), "li", replacesEnvelope: true));
            request = (await Requests.ClaimAsync(request.Id, Lease))!;
            await Requests.SaveEnvelopeAsync(request.Fence, EnvelopeOf(request, paymentId, "new"), To(RequestState.Signed, Time.GetUtcNow(), release: false));
        }

        var number = await Requests.BeginAttemptAsync(request.Id, request.Fence, To(RequestState.Sending, Time.GetUtcNow(), release: false));
        await Requests.EndAttemptAsync(
            request.Fence,
            new UploadAttempt(request.Id, number!.Value, Time.GetUtcNow(), Time.GetUtcNow(), 200, Encoding.UTF8.GetBytes("{}"), "10000", "", ""),
            To(RequestState.Accepted));
    }
}

public sealed class SqliteRetentionTests : RetentionCompliance<SqliteEngine>
{
    [Fact]
    public async Task Erased_bytes_stay_in_no_file()
    {
        const string Canary = "CANARY-6222020200112233";
        byte[][] canary = [Encoding.UTF8.GetBytes(Canary)];
        foreach (var old in new[] { true, false })
        {
            await Task.WhenAll(Enumerable.Range(0, 300).Select(i => Archive.AppendAsync(Delivery(
                $"{old}-{i}", facts: Facts(traded: Time.GetUtcNow().AddDays(old ? 0 : 400), orders: $"{old}-{i}") with { Note = old ? Canary : "" },
                request: old ? string.Concat(Enumerable.Repeat(Canary + i, 1 + i % 170)) : new string('x', i * 7)))));
        }

        await Archive.CorrectAsync(new PaymentCorrection("ningbo", "True-0", Facts(amount: 1m, orders: "True-0") with { Note = Canary + "corrected" }, "li"));
        var kept = await KeptAsync("SELECT request FROM payment WHERE pay_transaction_id LIKE 'True-%'");
        kept = [.. kept, .. await KeptAsync("SELECT facts FROM payment_version WHERE LENGTH(facts) > 0")];
        Assert.Equal((301, 301, 0), (kept.Count, kept.Count(Holds), canary.Count(Holds)));
        Time.Advance(TimeSpan.FromDays(3 * 365 + 3));

        var report = await Retention().RunAsync(dryRun: false, default);

        Assert.Equal((300, true), (report.Payments, report.Forgotten));
        Assert.Equal((0, 0), (kept.Count(Holds), canary.Count(Holds)));
        Assert.Equal(300, await ScalarAsync<long>("SELECT COUNT(*) FROM payment"));
    }

    [Fact]
    public async Task A_reader_that_never_ends_is_reported_and_does_not_end_the_run()
    {
        await Archive.AppendAsync(Delivery());
        Time.Advance(TimeSpan.FromDays(3 * 365 + 3));
        var report = await Database.ReadAsync(
            async connection =>
            {
                await using var snapshot = await connection.BeginTransactionAsync();
                await connection.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM payment", transaction: snapshot);
                var run = Retention().RunAsync(dryRun: false, default);
                while (!run.IsCompleted)
                {
                    Time.Advance(TimeSpan.FromSeconds(1));
                    await Task.Yield();
                }

                return await run;
            },
            default);

        Assert.Equal((1, false), (report.Payments, report.Forgotten));
        Assert.True(await Database.ForgetErasedAsync());
    }

    private bool Holds(byte[] text) => Directory.GetFiles(Path.GetDirectoryName(Engine.File)!).Any(file =>
    {
        if (file.EndsWith(".lock", StringComparison.Ordinal))
        {
            return false;
        }

        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes.AsSpan().IndexOf(text) >= 0;
    });
}

public sealed class PostgresRetentionTests : RetentionCompliance<PostgresEngine>;

public sealed class SqlServerRetentionTests : RetentionCompliance<SqlServerEngine>;
