using Erp.Customs.Module.Admin.Templates;

namespace Erp.Customs.Tests.Admin;

public class When_lines_are_compared
{
    [Theory]
    [InlineData("a b c", "a b c", "=a =b =c")]
    [InlineData("a b c", "a x c", "=a b/x =c")]
    [InlineData("a c", "a b c", "=a -/b =c")]
    [InlineData("a b c", "c", "a/- b/- =c")]
    [InlineData("a b c d", "x b y d", "a/x =b c/y =d")]
    [InlineData("", "a", "-/a")]
    [InlineData("", "", "")]
    public void Should_pair_what_is_the_same_and_what_stands_in_its_place(string left, string right, string rows) =>
        Assert.Equal(rows, string.Join(' ', LineDiff.Of(Lines(left), Lines(right)).Select(row => row.IsSame ? "=" + row.Left : $"{row.Left ?? "-"}/{row.Right ?? "-"}")));

    [Fact]
    public void Should_find_what_long_texts_begin_and_end_with()
    {
        var left = Enumerable.Range(0, 9_000).Select(number => $"l{number}").Prepend("first").Append("last").ToList();
        var right = Enumerable.Range(0, 9_000).Select(number => $"r{number}").Prepend("first").Append("last").ToList();
        var rows = LineDiff.Of(left, right);
        Assert.Equal((9_002, true, true), (rows.Count, rows[0].IsSame, rows[^1].IsSame));
        Assert.Equal(9_000, rows.Count(row => !row.IsSame));
    }

    private static string[] Lines(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
