using System.Globalization;
using Erp.Customs.Module;

namespace Erp.Customs.Tests.Retention;

public sealed class RetentionPlanTests
{
    [Theory]
    // Exactly three years: the last day is kept to its end, in China.
    [InlineData("2026-11-11T10:00:00+08:00", "2023-11-11T10:00:00+08:00", false)]
    [InlineData("2026-11-11T23:59:59+08:00", "2023-11-11T00:00:00+08:00", false)]
    [InlineData("2026-11-12T00:00:00+08:00", "2023-11-11T23:59:59+08:00", true)]
    [InlineData("2026-11-12T00:00:00+08:00", "2023-11-12T00:00:00+08:00", false)]
    // The same in UTC: midnight is China's.
    [InlineData("2026-11-11T15:59:59Z", "2023-11-11T02:00:00Z", false)]
    [InlineData("2026-11-11T16:00:00Z", "2023-11-11T02:00:00Z", true)]
    [InlineData("2026-11-11T16:00:00Z", "2023-11-11T16:00:00Z", false)]
    // A leap day's term ends with February of a common year; the day after is 1 March.
    [InlineData("2027-02-28T23:59:59+08:00", "2024-02-29T12:00:00+08:00", false)]
    [InlineData("2027-03-01T00:00:00+08:00", "2024-02-29T12:00:00+08:00", true)]
    [InlineData("2028-02-28T23:59:59.999+08:00", "2025-02-28T12:00:00+08:00", false)]
    [InlineData("2028-02-29T00:00:00+08:00", "2025-02-28T23:59:59.999+08:00", true)]
    [InlineData("2028-02-29T23:59:59.999+08:00", "2025-03-01T00:00:00+08:00", false)]
    [InlineData("2028-03-01T00:00:00+08:00", "2025-02-28T12:00:00+08:00", true)]
    [InlineData("2027-02-28T23:59:59.999+08:00", "2024-02-28T23:59:59.999+08:00", false)]
    [InlineData("2027-02-28T23:59:59.999+08:00", "2024-02-27T23:59:59.999+08:00", true)]
    // The end of a year, to the millisecond.
    [InlineData("2026-12-31T23:59:59.999+08:00", "2023-12-31T00:00:00+08:00", false)]
    [InlineData("2027-01-01T00:00:00+08:00", "2023-12-31T23:59:59.999+08:00", true)]
    [InlineData("2027-01-01T00:00:00+08:00", "2024-01-01T00:00:00+08:00", false)]
    [InlineData("2026-12-31T15:59:59.999Z", "2023-12-31T15:59:59.999Z", false)]
    [InlineData("2026-12-31T16:00:00Z", "2023-12-31T15:59:59.999Z", true)]
    public void A_payment_is_past_its_term_when_the_day_of_its_third_year_is_over_in_china(string now, string traded, bool past)
    {
        Assert.Equal(past, Time(traded) < RetentionPlan.Of(Time(now), years: 3).Cutoff);
    }

    /// <summary>Every day of eight years, with two leap days: not a millisecond early, and on the first midnight that it may.</summary>
    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void Every_day_goes_at_the_midnight_after_its_last_day_and_not_before(int years)
    {
        for (var day = new DateTime(2023, 1, 1); day.Year < 2031; day = day.AddDays(1))
        {
            var (first, last) = (new DateTimeOffset(day, TimeSpan.FromHours(8)), new DateTimeOffset(day.AddDays(1).AddMilliseconds(-1), TimeSpan.FromHours(8)));
            var over = RetentionPlan.Of(first, years).Over(first);
            Assert.Equal(new DateTimeOffset(day.AddYears(years).AddDays(1), TimeSpan.FromHours(8)), over);
            Assert.False(first < RetentionPlan.Of(over.AddMilliseconds(-1), years).Cutoff);
            Assert.True(last < RetentionPlan.Of(over, years).Cutoff);
            Assert.True(over - last >= TimeSpan.FromDays(years * 365));
        }
    }

    [Theory]
    [InlineData(0, 3)]
    [InlineData(-5, 3)]
    [InlineData(2, 3)]
    [InlineData(3, 3)]
    [InlineData(5, 5)]
    public void No_setting_makes_it_shorter(int setting, int years)
    {
        var plan = RetentionPlan.Of(Time("2026-11-11T10:00:00+08:00"), setting);

        Assert.Equal(years, plan.Years);
        Assert.Equal(new DateTimeOffset(2026 - years, 11, 11, 0, 0, 0, TimeSpan.FromHours(8)), plan.Cutoff);
    }

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
