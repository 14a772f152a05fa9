using System.Text;
using Erp.Customs.Module.Rendering;

namespace Erp.Customs.Tests.Rendering;

/// <summary>Bytes and charset to text.</summary>
public class When_a_raw_message_is_read
{
    private const string Sentence = "特价手机 <total>1</total>";

    [Theory]
    [InlineData("utf-8")]
    [InlineData("UTF-8")]
    [InlineData(" utf8 ")]
    [InlineData("gbk")]
    [InlineData("GB2312")]
    [InlineData("gb18030")]
    [InlineData("big5")]
    public void Should_be_the_text_that_was_sent(string charset)
    {
        var text = charset is "big5" ? "特價手機" : Sentence;
        var encoding = charset.Contains("utf", StringComparison.OrdinalIgnoreCase) ? Encoding.UTF8 : CodePagesEncodingProvider.Instance.GetEncoding(charset)!;

        Assert.True(RawText.TryDecode(encoding.GetBytes(text), charset, out var read, out var problem));
        Assert.Equal(text, read);
        Assert.Null(problem);
    }

    [Theory]
    [InlineData("utf-8", new byte[] { 0x61, 0x62, 0xC3, 0x28 })]
    [InlineData("utf-8", new byte[] { 0x61, 0x62, 0xED, 0xA0, 0x80 })]
    [InlineData("us-ascii", new byte[] { 0x61, 0x62, 0x80 })]
    [InlineData("gbk", new byte[] { 0x61, 0x62, 0x81 })]
    [InlineData("gb18030", new byte[] { 0x61, 0x62, 0x81, 0x20 })]
    public void Should_refuse_bytes_that_the_charset_does_not_explain_and_say_where(string charset, byte[] bytes)
    {
        Assert.False(RawText.TryDecode(bytes, charset, out var text, out var problem));
        Assert.Empty(text);
        Assert.StartsWith($"from byte 3 of {bytes.Length} on it is not valid", problem.SentenceEn, StringComparison.Ordinal);
        Assert.StartsWith("第 3 个字节起", problem.Sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("klingon")]
    [InlineData("utf-7")]
    [InlineData("utf-16")]
    [InlineData("utf-32")]
    public void Should_refuse_a_charset_that_is_unknown_or_depends_on_byte_order(string charset)
    {
        Assert.False(RawText.TryDecode("abc"u8, charset, out _, out var problem));
        Assert.Contains("gbk", problem.Sentence, StringComparison.Ordinal);
        Assert.Contains("charset", problem.SentenceEn, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_leave_out_one_leading_byte_order_mark_and_no_other()
    {
        Assert.True(RawText.TryDecode(Encoding.UTF8.GetBytes("\uFEFF\uFEFFa\uFEFF"), "utf-8", out var text, out _));
        Assert.Equal("\uFEFFa\uFEFF", text);
    }
}
