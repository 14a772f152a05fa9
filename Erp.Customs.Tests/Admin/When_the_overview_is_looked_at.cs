using System.Xml.Linq;
using Erp.Customs.Module.Admin.Charts;
using Erp.Customs.Tests.Support;

namespace Erp.Customs.Tests.Admin;

/// <summary>总览: today and the last 30 days in figures and small charts, which say the same in a table.</summary>
public class When_the_overview_is_looked_at
{
    private const string Overview = "/customs/admin";

    [Fact]
    public async Task Should_count_today_and_draw_the_last_thirty_days()
    {
        await using var world = await ScreenUser.WorldAsync();
        await world.DeliveredAsync(CustomsWorld.Payment("T1", "SO1"));
        await world.AnswerAsync("SO1");
        await When_customs_requests_are_listed.RejectedAsync(world, "SO2");
        await world.AskAsync("SO9");
        var today = DateTimeOffset.UtcNow.ToOffset(TimeSpan.FromHours(8));
        await world.SqlAsync($"INSERT INTO day_sum VALUES ({Day(today.AddDays(-1))}, 7, 2, 1, 0, 130000, 11), ({Day(today.AddDays(-29))}, 5, 0, 0, 0, 400, 3), ({Day(today.AddDays(-30))}, 1000, 0, 0, 0, 1, 1000)");
        using var clerk = new ScreenUser(world, ScreenUser.View);

        var page = await clerk.TextAsync(Overview);

        foreach (var tile in new[] { "<dt>今日请求</dt><dd>3</dd>", "<dt>成功率</dt><dd>50.0 %</dd>", "<dt>今日入库支付</dt><dd>2</dd>" })
        {
            Assert.Contains(tile, page, StringComparison.Ordinal);
        }

        Assert.Contains("30 天共 18 条，已受理 13 条", page, StringComparison.Ordinal);
        Assert.Contains("最慢一天的 p95 为 130 秒，期限 120 秒", page, StringComparison.Ordinal);
        Assert.Contains("30 天共 16 笔", page, StringComparison.Ordinal);
        Assert.Contains("海关退回", page.Split("失败原因")[1].Split("</section>")[0], StringComparison.Ordinal);
        Assert.Contains("<dt>下次清理</dt>", page, StringComparison.Ordinal);
        Assert.Contains("最久等待", page, StringComparison.Ordinal);
        Assert.DoesNotContain("style=", page, StringComparison.Ordinal);
        Assert.Contains("18 in 30 days, 13 of them accepted", await clerk.TextAsync(Overview + "?lang=en"), StringComparison.Ordinal);

        var charts = page.Split("<figure")[1..].Select(figure => XElement.Parse("<svg" + figure.Split("<svg")[1].Split("</svg>")[0] + "</svg>")).ToList();
        Assert.Equal(3, charts.Count);
        Assert.All(charts, chart =>
        {
            Assert.Equal("img", (string?)chart.Attribute("role"));
            Assert.Equal($"{(string?)chart.Element("title")!.Attribute("id")} {(string?)chart.Element("desc")!.Attribute("id")}", (string?)chart.Attribute("aria-labelledby"));
            Assert.True(chart.Element("title")!.Value.Length > 0 && chart.Element("desc")!.Value.Length > 0);
        });
        Assert.Equal(["blue", "green", "green", "green", "orange", "red", "red"], charts[0].Elements("rect").Select(bar => (string)bar.Attribute("class")!).Order());
        var row = page.Split("<details>")[1].Split("</tr>").Single(line => line.Contains(today.AddDays(-1).ToString("yyyy-MM-dd"), StringComparison.Ordinal));
        Assert.Contains(">7</td><td class=\"number\">0</td><td class=\"number\">2</td><td class=\"number\">1</td>", row, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_say_what_there_is_where_nothing_happened_yet()
    {
        await using var world = await ScreenUser.WorldAsync();
        using var clerk = new ScreenUser(world, ScreenUser.View);

        var page = await clerk.TextAsync(Overview);

        Assert.Contains("<dt>成功率</dt><dd>–</dd>", page, StringComparison.Ordinal);
        Assert.Contains("<dt>最久等待</dt><dd>无</dd>", page, StringComparison.Ordinal);
        Assert.Contains("没有失败的请求", page, StringComparison.Ordinal);
        Assert.Contains("没有已受理的请求", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<rect", page, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_draw_each_part_in_its_place_and_never_out_of_the_picture()
    {
        var days = Enumerable.Range(0, 30).Select(new DateOnly(2026, 11, 1).AddDays).ToList();
        var chart = new DayChart("c", "t", "d", days, [
            new("a", "green", [.. days.Select(day => day.Day == 3 ? (double?)30 : day.Day == 4 ? 0.001 : null)]), new("b", "red", [.. days.Select(day => day.Day == 3 ? (double?)10 : 0)]),
        ]);

        var bars = chart.Bars().ToList();

        Assert.Equal(["green", "red", "green"], bars.Select(bar => bar.Class));
        Assert.Equal(bars[0].X, bars[1].X);
        Assert.Equal(bars[0].Y, bars[1].Y + bars[1].Height, 6);
        Assert.Equal(3, bars[0].Height / bars[1].Height, 6);
        Assert.Equal(1.5, bars[2].Height);
        Assert.All(bars, bar => Assert.True(bar.X >= 0 && bar.X + bar.Width <= DayChart.Width && bar.Y >= 0 && bar.Y + bar.Height <= DayChart.Height));
        Assert.Equal(5, chart.Marks().Count());
        Assert.Equal((40, "40"), chart.Across.Select(line => (line.Value, line.Text)).Single());
    }

    private static long Day(DateTimeOffset china) => DateOnly.FromDateTime(china.DateTime).DayNumber - new DateOnly(1970, 1, 1).DayNumber;
}
