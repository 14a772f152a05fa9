using System.Text;
using Erp.Customs.Contracts;
using Erp.Customs.Module;
using Erp.Customs.Module.Retention;
using Erp.Customs.Module.Storage;
using Erp.Customs.Tests.Storage;
using Erp.Customs.Tests.Support;

namespace Erp.Customs.Tests.Retention;

/// <summary>From when a term runs, and what keeps a run from erasing, for every engine.</summary>
public abstract class TermCompliance<TEngine> : StoreTest<TEngine> where TEngine : TestEngine, new()
{
    private static readonly TimeSpan s_term = TimeSpan.FromDays((3 * 365) + 3);

    /// <summary>The midnight after the last day of what was completed on the day at which the clock stands: 11 November 2026.</summary>
    private static readonly DateTimeOffset s_over = new(2029, 11, 12, 0, 0, 0, TimeSpan.FromHours(8));

    private OrderEnds Ends => new(Database, Options() with { Merchants = new Dictionary<string, MerchantOptions>(StringComparer.Ordinal) { ["ningbo"] = null! } }, Time);

    [EngineTheory]
    [InlineData(OrderEndKind.Delivered)]
    [InlineData(OrderEndKind.AfterSales)]
    public async Task The_end_of_an_order_keeps_its_payment_to_the_millisecond(OrderEndKind kind)
    {
        await Archive.AppendAsync(Delivery(facts: Facts(traded: Time.GetUtcNow().AddDays(-40), orders: ["order-1", "order-2"])));
        Assert.Null(await Ends.TellAsync(new OrderEnd("ningbo", "order-2", kind, Time.GetUtcNow(), "erp"), default));
        Assert.Null(await Ends.TellAsync(new OrderEnd("ningbo", "order-2", kind, Time.GetUtcNow(), "erp"), default));
        Assert.Null(await Ends.TellAsync(new OrderEnd("ningbo", "order-2", kind, Time.GetUtcNow().AddDays(-30), "erp"), default));
        Assert.Equal(2, await ScalarAsync<long>("SELECT COUNT(*) FROM order_end"));

        Until(s_over.AddMilliseconds(-1));
        Assert.Equal((0, 1), (await Retention().RunAsync(dryRun: false, default)) is var early ? (early.Payments, early.Held) : default);
        Assert.Equal(1, (await Retention().KeptAsync(default)).Payments);
        Until(s_over);
        Assert.Equal((1, 0), (await Retention().RunAsync(dryRun: false, default)) is var due ? (due.Payments, due.Held) : default);
        Assert.Equal(0, await ScalarAsync<long>("SELECT COUNT(*) FROM order_end"));
        Assert.False((await Retention().KeptAsync(default)).IsAny);
    }

    [EngineFact]
    public async Task The_last_request_of_customs_keeps_the_payment_to_the_millisecond()
    {
        await Archive.AppendAsync(Delivery(facts: Facts(traded: Time.GetUtcNow().AddDays(-40))));
        var request = await ClaimedAsync();
        await Requests.ChangeAsync(request.Id, request.Fence, To(RequestState.Rejected));

        Until(s_over.AddMilliseconds(-1));
        Assert.Equal(0, (await Retention().RunAsync(dryRun: false, default)).Payments);
        Until(s_over);
        Assert.Equal((1, 1), (await Retention().RunAsync(dryRun: false, default)) is var due ? (due.Payments, due.Requests) : default);
    }

    [EngineFact]
    public async Task The_end_of_another_merchants_order_keeps_nothing()
    {
        await Archive.AppendAsync(Delivery(merchant: "guangzhou"));
        Assert.Null(await Ends.TellAsync(new OrderEnd("ningbo", "order-1", OrderEndKind.Delivered, Time.GetUtcNow().AddDays(300), "erp"), default));
        Time.Advance(s_term);
        Assert.Equal(1, (await Retention().RunAsync(dryRun: false, default)).Payments);
    }

    [EngineTheory]
    [InlineData("merchant", "hangzhou", "order-1", 0, "erp")]
    [InlineData("orderNo", "ningbo", "", 0, "erp")]
    [InlineData("endedAt", "ningbo", "order-1", 367, "erp")]
    [InlineData("toldBy", "ningbo", "order-1", 0, "")]
    public async Task An_end_that_cannot_be_is_refused(string field, string merchant, string orderNo, int days, string toldBy)
    {
        var problem = await Ends.TellAsync(new OrderEnd(merchant, orderNo, OrderEndKind.Delivered, Time.GetUtcNow().AddDays(days), toldBy), default);
        Assert.StartsWith(field, problem, StringComparison.Ordinal);
        Assert.Equal(0, await ScalarAsync<long>("SELECT COUNT(*) FROM order_end"));
    }

    [EngineFact]
    public async Task The_database_itself_takes_no_erasure_of_what_is_younger_than_three_years()
    {
        await Archive.AppendAsync(Delivery());
        await Sealer.SealAsync(default);
        var younger = new RetentionPlan(3, Time.GetUtcNow().AddDays(-1094));
        var shorter = new RetentionPlan(2, Time.GetUtcNow().AddYears(-4));
        foreach (var plan in new[] { younger, shorter })
        {
            await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => Database.WriteAsync(async (connection, transaction) =>
            {
                await Erasures.SealAsync(connection, transaction, plan, (SealedKind.Payment, [1L]));
                return true;
            }));
        }

        Assert.Equal(0, await ScalarAsync<long>("SELECT COUNT(*) FROM erasure"));
    }

    [EngineFact]
    public async Task A_run_counts_sums_by_currency_and_says_what_stays_and_why()
    {
        await Archive.AppendAsync(Delivery("a", facts: Facts(100.10m, orders: "a")));
        await Archive.AppendAsync(Delivery("b", facts: Facts(0.90m, orders: "b")));
        await Archive.AppendAsync(Delivery("c", facts: Facts(20m, orders: "c") with { Currency = "502" }));
        await Archive.AppendAsync(Delivery("held", facts: Facts(7m, orders: "held")));
        await Archive.AppendAsync(Delivery("ended", facts: Facts(9m, orders: "ended")));
        await new HoldTable(Database).PlaceAsync(new NewHold("li", "法务部", "诉讼") { OrderNo = "held" }, Time.GetUtcNow());
        await Ends.TellAsync(new OrderEnd("ningbo", "ended", OrderEndKind.AfterSales, Time.GetUtcNow().AddDays(30), "erp"), default);
        Time.Advance(s_term);

        var dry = await Retention().RunAsync(dryRun: true, default);
        Assert.Equal(5, await ScalarAsync<long>("SELECT COUNT(*) FROM payment"));
        var real = await Retention().RunAsync(dryRun: false, default);

        foreach (var report in new[] { dry, real })
        {
            Assert.Equal((3L, 2L, 1L, "142=101 502=20"), (report.Payments, report.Held, report.OnHold, report.Amounts));
        }

        var runs = await Retention().RunsAsync(2, default);
        Assert.All(runs, run => Assert.Equal((5, 3, 2, 1, "142=101 502=20", false), (run.Total, run.Payments, run.Held, run.OnHold, run.Amounts, run.Traces)));
        var why = await Retention().WhyKeepAsync(default);
        Assert.Contains("仍有 1 笔支付记录", why, StringComparison.Ordinal);
        Assert.Contains("最晚的记录至 2029-12-12 期满", why, StringComparison.Ordinal);
        Assert.Contains("1 项法定保全未解除（编号与设置日期：1 (2026-11-11)），涉及 1 笔", why, StringComparison.Ordinal);
    }

    [EngineFact]
    public async Task A_hold_that_is_placed_while_a_run_erases_keeps_what_has_not_gone()
    {
        await Task.WhenAll(Enumerable.Range(0, 450).Select(i => Archive.AppendAsync(Delivery($"pay-{i}", facts: Facts(traded: Time.GetUtcNow().AddSeconds(i), orders: $"order-{i}")))));
        Time.Advance(s_term);
        var holds = new HoldTable(Database);

        var run = Retention().RunAsync(dryRun: false, default);
        var placed = holds.PlaceAsync(new NewHold("li", "法务部", "诉讼") { OrderNo = "order-449" }, Time.GetUtcNow());
        await Task.WhenAll(run, placed);

        // It stands before the batch that would have taken the payment, and the payment is there with all of it; or the batch came first, and it is gone with all of it.
        var there = await ScalarAsync<long>("SELECT COUNT(*) FROM payment");
        Assert.Equal((450 - there, there), (run.Result.Payments, run.Result.OnHold));
        Assert.Equal(there, await ScalarAsync<long>("SELECT COUNT(*) FROM payment_version"));
        Assert.Equal(there, await holds.CountHeldAsync(default));

        // The other order: what is held before is never taken.
        await Archive.AppendAsync(Delivery("late", facts: Facts(traded: Time.GetUtcNow().AddYears(-4), orders: "late")));
        await holds.PlaceAsync(new NewHold("li", "法务部", "诉讼") { OrderNo = "late" }, Time.GetUtcNow());
        Assert.Equal(0, (await Retention().RunAsync(dryRun: false, default)).Payments);
    }

    [EngineFact]
    public async Task Nothing_that_is_due_is_left_after_a_day()
    {
        var first = Time.GetUtcNow().AddDays(-9);
        for (var hours = 0; hours < 9 * 24; hours += 7)
        {
            await Archive.AppendAsync(Delivery($"pay-{hours}", facts: Facts(traded: first.AddHours(hours), orders: $"order-{hours}")));
        }

        // Each night at 03:15 in China.
        Until(new DateTimeOffset(2029, 10, 30, 3, 15, 0, TimeSpan.FromHours(8)));
        for (var night = 0; night < 16; night++)
        {
            await Retention().RunAsync(dryRun: false, default);
            var plan = RetentionPlan.Of(Time.GetUtcNow().AddDays(-1), 3);
            Assert.Equal(0, await ScalarAsync<long>($"SELECT COUNT(*) FROM payment WHERE last_trading_at < {plan.Cutoff.ToUnixTimeMilliseconds()}"));
            Assert.Equal(
                Enumerable.Range(0, 9 * 24).Where(hour => hour % 7 == 0).Count(hour => RetentionPlan.Of(Time.GetUtcNow(), 3).Over(first.AddHours(hour)) > Time.GetUtcNow()),
                await ScalarAsync<long>("SELECT COUNT(*) FROM payment"));
            Time.Advance(TimeSpan.FromDays(1));
        }

        Assert.Equal(0, await ScalarAsync<long>("SELECT COUNT(*) FROM payment"));
    }

    [EngineFact]
    public async Task A_clock_that_is_set_ahead_erases_nothing_until_a_person_says_that_it_is_right()
    {
        await Archive.AppendAsync(Delivery());
        await Retention().RunAsync(dryRun: false, default);
        Time.SetClock(s_term);

        var report = await Retention().RunAsync(dryRun: false, default);
        Assert.Equal((1, true), (report.Payments, report.DryRun));
        Assert.Contains("时钟", report.Doubt, StringComparison.Ordinal);
        Assert.Equal(1, await ScalarAsync<long>("SELECT COUNT(*) FROM payment"));

        // Starting anew does not make it right.
        await ReopenAsync();
        Assert.NotEqual("", (await Retention().RunAsync(dryRun: false, default)).Doubt);
        Assert.Equal(1, await ScalarAsync<long>("SELECT COUNT(*) FROM payment"));

        Assert.Equal(("", "李四", true), (await Retention().TryAsync("李四", default)) is var confirmed ? (confirmed.Doubt, confirmed.ConfirmedBy, confirmed.DryRun) : default);
        Assert.Equal(1, (await Retention().RunAsync(dryRun: false, default)).Payments);
    }

    [EngineTheory]
    [InlineData(4, true)]
    [InlineData(6, false)]
    public async Task A_module_that_was_off_for_long_does_not_know_how_long(int days, bool believes)
    {
        await Archive.AppendAsync(Delivery(facts: Facts(traded: Time.GetUtcNow().AddYears(-3).AddDays(-1))));
        await Retention().RunAsync(dryRun: true, default);
        Time.SetClock(TimeSpan.FromDays(days));
        await ReopenAsync();

        Assert.Equal(believes, (await Retention().RunAsync(dryRun: false, default)).Doubt.Length == 0);
        Assert.Equal(believes ? 0 : 1, await ScalarAsync<long>("SELECT COUNT(*) FROM payment"));
    }

    private void Until(DateTimeOffset time) => Time.Advance(time - Time.GetUtcNow());
}

public sealed class SqliteTermTests : TermCompliance<SqliteEngine>
{
    [Fact]
    public async Task A_thousand_known_numbers_and_names_are_in_no_file_after_their_erasure()
    {
        var people = Enumerable.Range(0, 1_000).Select(i => (Card: $"3302061990{i % 12 + 1:00}{i % 28 + 1:00}{i:0000}", Name: $"张{(char)('一' + i)}{(char)('丁' + i * 3)}")).ToList();
        await Task.WhenAll(people.Select((person, i) => Archive.AppendAsync(Delivery(
            $"pay-{i}", facts: Facts(orders: $"order-{i}") with { Note = person.Name }, request: $$"""{"certNo":"{{person.Card}}","name":"{{person.Name}}"}"""))));
        await Archive.AppendAsync(Delivery("stays", facts: Facts(traded: Time.GetUtcNow().AddYears(1), orders: "stays")));
        // What is kept of them is encrypted; whoever has the key must not find that either.
        var kept = await KeptAsync("SELECT request FROM payment WHERE pay_transaction_id <> 'stays'");
        Assert.Equal((0, 1_000), (Found(people.SelectMany(person => new[] { person.Card, person.Name }).Select(Encoding.UTF8.GetBytes)), Found(kept)));
        Time.Advance(TimeSpan.FromDays((3 * 365) + 3));

        Assert.Equal((1_000, true), (await Retention().RunAsync(dryRun: false, default)) is var report ? (report.Payments, report.Forgotten) : default);

        Assert.Equal((0, 0), (Found(people.SelectMany(person => new[] { person.Card, person.Name }).Select(Encoding.UTF8.GetBytes)), Found(kept)));
        Assert.NotNull(await Archive.FindForOrderAsync("stays", null, default));

        int Found(IEnumerable<byte[]> texts)
        {
            var files = Directory.GetFiles(Path.GetDirectoryName(Engine.File)!).Where(file => !file.EndsWith(".lock", StringComparison.Ordinal)).Select(Read).ToList();
            return texts.Count(text => files.Exists(bytes => bytes.AsSpan().IndexOf(text) >= 0));
        }
    }

    private static byte[] Read(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}

public sealed class PostgresTermTests : TermCompliance<PostgresEngine>;

public sealed class SqlServerTermTests : TermCompliance<SqlServerEngine>;
