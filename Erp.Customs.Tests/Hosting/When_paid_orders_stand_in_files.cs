using Erp.Customs.Contracts;
using Erp.Customs.Host.Ports;

namespace Erp.Customs.Tests.Hosting;

/// <summary>Paid orders from a folder with a file for each day of China's calendar.</summary>
public class When_paid_orders_stand_in_files
{
    private static readonly DateTimeOffset s_midnight = new(2026, 11, 26, 0, 0, 0, TimeSpan.FromHours(8));

    [Fact]
    public async Task Should_read_the_days_that_are_asked_for_and_no_other()
    {
        using var folder = new TestFolders();
        Write(folder, "2026-11-25", "ningbo,SO-before,2026-11-25T10:00:00+08:00");
        Write(folder, "2026-11-26", "ningbo,SO1,2026-11-26T00:00:01+08:00\n\n guangzhou , SO2 ,2026-11-25T17:00:00Z");
        Write(folder, "2026-11-27", "");
        Write(folder, "2026-11-28", "ningbo,SO-after,2026-11-28T10:00:00+08:00");

        // Midnight in China, said in another zone.
        var orders = await ListAsync(folder, s_midnight.ToUniversalTime(), s_midnight.AddDays(2).ToUniversalTime());

        Assert.Equal(
            [new("ningbo", "SO1", s_midnight.AddSeconds(1)), new PaidOrderNumber("guangzhou", "SO2", s_midnight.AddHours(1))], orders);
    }

    [Fact]
    public async Task Should_not_take_a_day_without_a_file_for_one_without_orders()
    {
        using var folder = new TestFolders();
        Write(folder, "2026-11-26", "ningbo,SO1,2026-11-26T00:00:01+08:00");

        await Assert.ThrowsAsync<FileNotFoundException>(() => ListAsync(folder, s_midnight, s_midnight.AddDays(2)));
    }

    [Theory]
    [InlineData("ningbo,SO1")]
    [InlineData("ningbo,SO1,yesterday")]
    [InlineData("ningbo,SO1,2026-11-26T00:00:01+08:00,more")]
    public async Task Should_name_the_file_of_a_line_that_it_cannot_read_and_not_the_line(string line)
    {
        using var folder = new TestFolders();
        Write(folder, "2026-11-26", line);

        var problem = await Assert.ThrowsAsync<InvalidDataException>(() => ListAsync(folder, s_midnight, s_midnight.AddDays(1)));

        Assert.Equal("2026-11-26.csv: a line is not merchant,orderNo,paidAt.", problem.Message);
    }

    private static void Write(TestFolders folder, string day, string text) => File.WriteAllText(Path.Combine(folder.Root, day + ".csv"), text);

    private static async Task<List<PaidOrderNumber>> ListAsync(TestFolders folder, DateTimeOffset from, DateTimeOffset until)
    {
        var orders = new List<PaidOrderNumber>();
        await foreach (var order in new PaidOrderFiles(folder.Root).ListAsync(from, until, CancellationToken.None))
        {
            orders.Add(order);
        }

        return orders;
    }
}
