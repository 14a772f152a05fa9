using System.Runtime.CompilerServices;
using Erp.Customs.Contracts;
using Erp.Customs.Contracts.Capture;
using Erp.Customs.Tests.Admin;
using Erp.Customs.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Erp.Customs.Tests.Retention;

/// <summary>完整性核对, as a clerk sees it: what is missing, told once, settled when it is there.</summary>
public class When_records_are_incomplete
{
    private const string Page = "/customs/admin/completeness";

    [Fact]
    public async Task Should_list_paid_orders_without_a_payment_tell_once_and_settle_them()
    {
        var erp = new PaidOrders(new PaidOrderNumber("ningbo", "SO1", DateTimeOffset.UtcNow.AddDays(-1)), new PaidOrderNumber("ningbo", "SO2", DateTimeOffset.UtcNow.AddDays(-2)));
        await using var world = await StartAsync(erp);
        await world.DeliveredAsync(CustomsWorld.Payment("T1", "SO1"));
        using var clerk = new ScreenUser(world, ScreenUser.Act);

        var page = await clerk.SendAsync(Page, Page + "?handler=Run");
        Assert.Contains("未解决 1 项，其中新发现 1 项", page, StringComparison.Ordinal);
        Assert.Contains("SO2", page, StringComparison.Ordinal);
        Assert.DoesNotContain("SO1", page, StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromDays(7), erp.Asked[0].Until - erp.Asked[0].From);
        Assert.Equal(TimeSpan.Zero, erp.Asked[0].Until.ToOffset(TimeSpan.FromHours(8)).TimeOfDay);
        var told = (long)(await world.SqlAsync("SELECT SUM(alerts) FROM alert_message WHERE kind = 'incomplete'"))!;
        Assert.True(told > 0);

        Assert.Contains("未解决 1 项，其中新发现 0 项", await clerk.SendAsync(Page, Page + "?handler=Run"), StringComparison.Ordinal);
        Assert.Equal(told, await world.SqlAsync("SELECT SUM(alerts) FROM alert_message WHERE kind = 'incomplete'"));

        await world.DeliveredAsync(CustomsWorld.Payment("T2", "SO2"));
        page = await clerk.SendAsync(Page, Page + "?handler=Run");
        Assert.Contains("没有缺失", page, StringComparison.Ordinal);
        Assert.Equal(1L, await world.SqlAsync("SELECT COUNT(*) FROM completeness_finding WHERE settled_at IS NOT NULL"));
    }

    [Fact]
    public async Task Should_say_that_it_could_not_look_where_the_ERP_names_no_orders_or_fails()
    {
        await using (var world = await StartAsync(null))
        {
            using var clerk = new ScreenUser(world, ScreenUser.Act);
            Assert.Contains("ERP 未提供已支付订单", await clerk.SendAsync(Page, Page + "?handler=Run"), StringComparison.Ordinal);
        }

        await using var failing = await StartAsync(new PaidOrders(null!));
        using var user = new ScreenUser(failing, ScreenUser.Act);
        Assert.Contains("读取 ERP 已支付订单出错（NullReferenceException）", await user.SendAsync(Page, Page + "?handler=Run"), StringComparison.Ordinal);
        Assert.Equal(DBNull.Value, await failing.SqlAsync("SELECT orders FROM completeness_run"));
    }

    [Fact]
    public async Task Should_list_requests_without_an_outcome_and_exchanges_without_a_counterpart()
    {
        await using var world = await StartAsync(null);
        await world.DeliveredAsync(CustomsWorld.Payment("T1", "SO1"));
        var answered = await world.AnswerAsync("SO1");
        var (open, _) = await world.AskAsync("SO-unknown");
        await world.WaitAsync(open, "waiting_data");
        // As if it had been long ago, and as a process leaves it that died in the midst.
        await world.SqlAsync("UPDATE customs_request SET deadline = 1 WHERE order_no = 'SO-unknown'");
        await world.SqlAsync("UPDATE upload_attempt SET ended_at = NULL, started_at = 1");
        foreach (var (trade, kind) in new[] { ("half", CapturedKind.Request), ("whole", CapturedKind.Request), ("whole", CapturedKind.Response), ("answer", CapturedKind.Notify) })
        {
            await world.Modules.Find<ICaptureReceiver>()!.ReceiveAsync(
                [new CapturedMessage(Guid.NewGuid(), "ningbo", trade, kind, new RawMessage("x"u8.ToArray(), "utf-8"), DateTimeOffset.UtcNow.AddHours(-2), "test")]);
        }

        using var clerk = new ScreenUser(world, ScreenUser.Act);
        var page = await clerk.SendAsync(Page, Page + "?handler=Run");

        Assert.Contains("未解决 4 项，其中新发现 4 项", page, StringComparison.Ordinal);
        Assert.Contains("SO-unknown", page, StringComparison.Ordinal);
        Assert.Contains("upload 1", page, StringComparison.Ordinal);
        Assert.Contains("half", page, StringComparison.Ordinal);
        Assert.Contains("answer", page, StringComparison.Ordinal);
        Assert.DoesNotContain("whole", page, StringComparison.Ordinal);
        Assert.Equal("accepted", answered.State);
    }

    private static Task<CustomsWorld> StartAsync(PaidOrders? erp) => ScreenUser.WorldAsync(services: services =>
    {
        if (erp is not null)
        {
            services.AddSingleton<IPaidOrders>(erp);
        }
    });

    private sealed class PaidOrders(params PaidOrderNumber[] orders) : IPaidOrders
    {
        public List<(DateTimeOffset From, DateTimeOffset Until)> Asked { get; } = [];

        public async IAsyncEnumerable<PaidOrderNumber> ListAsync(DateTimeOffset from, DateTimeOffset until, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            Asked.Add((from, until));
            await Task.Yield();
            foreach (var order in orders)
            {
                yield return order;
            }
        }
    }
}
