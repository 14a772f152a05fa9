using System.Security.Cryptography;
using System.Text;
using Erp.Customs.Module;
using Erp.Customs.Module.Storage.Keeping;

namespace Erp.Customs.Tests.Storage.Keeping;

public sealed class When_content_is_kept
{
    // Theories know them by their names: xunit would write every byte of two megabytes into the name of a test.
    private static readonly Dictionary<string, Func<byte[]>> s_contents = new(StringComparer.Ordinal)
    {
        ["nothing"] = () => [],
        ["one byte"] = () => [0],
        ["every byte"] = () => [.. Enumerable.Range(0, 256).Select(value => (byte)value)],
        ["every byte, often"] = () => [.. Enumerable.Range(0, 8192).Select(value => (byte)(value * 7))],
        ["no UTF-8"] = () => [0xC3, 0x28, 0xA0, 0xA1, 0xFF, 0xFE, .. Enumerable.Repeat((byte)0xE5, 300)],
        ["GBK"] = () => [0xC4, 0xCC, 0xB7, 0xDB, .. Enumerable.Repeat((byte)0xB0, 400)],
        ["what begins like something kept"] = () => [0x00, 0xEC, 1, 2, 3, 4, 5, 6, 7],
        ["an address with words"] = () => Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(Raw, 5))),
        ["codes in lower case, half ones, single ones"] = () => Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("%e5%a9%B4%E5%8%E5%%E5%7F%80%FF%", 20))),
        ["codes of characters that stand there too"] = () => Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("a={%7B%7D%22%2B+%20 %5C%7C<%3C%3E%2C[%5B%5D%25%7E", 20))),
        ["JSON in a form"] = () => Encoding.ASCII.GetBytes("d=" + string.Concat(Enumerable.Repeat(Uri.EscapeDataString("{\"a\":[\"奶粉 b+c|d\\e<f>\"],"), 20))),
        ["codes beside bytes beyond ASCII"] = () => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("奶粉%E5%A5%B6", 50))),
        ["8 KB"] = () => RandomNumberGenerator.GetBytes(8192),
        ["2 MB"] = () => RandomNumberGenerator.GetBytes(2 * 1024 * 1024),
        ["2 MB of words"] = () => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("婴儿配方奶粉 3段 900g; ", 70_000))),
    };

    private const string Raw = "https://openapi.alipay.com/gateway.do?biz_content=%7B%22goods_name%22%3A%22%E5%A9%B4%E5%84%BF%E5%A5%B6%E7%B2%89%22%7D&charset=utf-8&sign_type=RSA2&buyer=CANARY-buyer";

    private static ContentVault Vault(string? key = null, params string[] retired) =>
        new(new ContentKeys(new ArchiveOptions { Key = key ?? NewKey(), RetiredKeys = retired }, Path.GetTempPath()));

    private static string NewKey() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    public static TheoryData<string> Contents => [.. s_contents.Keys];

    [Theory]
    [MemberData(nameof(Contents))]
    public void Should_come_out_as_it_went_in(string what)
    {
        var (vault, content) = (Vault(), s_contents[what]());

        Assert.True(vault.Open(vault.Keep(content)).AsSpan().SequenceEqual(content), what);
        var together = vault.OpenTogether(vault.KeepTogether(content, [], content));
        Assert.Equal(3, together.Count);
        Assert.True(together[0].AsSpan().SequenceEqual(content) && together[1].Length == 0 && together[2].AsSpan().SequenceEqual(content), what);
    }

    [Fact]
    public void Should_come_out_as_it_went_in_whatever_it_is()
    {
        var vault = Vault();
        var random = new Random(20261126);
        for (var time = 0; time < 2_000; time++)
        {
            var parts = Enumerable.Range(0, random.Next(1, 4)).Select(_ => Any(random)).ToList();
            Assert.Equal(parts, vault.OpenTogether(vault.KeepTogether(parts)));
        }
    }

    [Fact]
    public void Should_show_nothing_of_it_and_be_another_each_time()
    {
        var vault = Vault();
        var content = Encoding.UTF8.GetBytes(Raw);

        var kept = vault.Keep(content);

        Assert.DoesNotContain("CANARY", Encoding.Latin1.GetString(kept), StringComparison.Ordinal);
        Assert.NotEqual(kept, vault.Keep(content));
    }

    [Fact]
    public void Should_still_be_read_when_the_key_was_changed()
    {
        var (old, now) = (NewKey(), NewKey());
        var before = Vault(old).Keep("of the old key"u8.ToArray());

        var vault = Vault(now, old);

        Assert.Equal("of the old key"u8.ToArray(), vault.Open(before));
        Assert.Equal("of the new key"u8.ToArray(), Vault(now).Open(vault.Keep("of the new key"u8.ToArray())));
        Assert.Contains(Convert.ToHexStringLower(Vault(old).Fingerprint("110101199003070011")), vault.Fingerprints("110101199003070011").Select(Convert.ToHexStringLower));
    }

    [Fact]
    public void Should_be_read_as_it_is_when_it_was_stored_before_content_was_encrypted() => Assert.Equal("<xml/>"u8.ToArray(), Vault().Open("<xml/>"u8.ToArray()));

    [Fact]
    public void Should_say_which_key_is_missing_in_one_sentence()
    {
        var other = Vault();

        var problem = Assert.Throws<UnreadableContentException>(() => Vault().Open(other.Keep("secret"u8.ToArray())));

        Assert.Equal(other.Keys.Current.Id, problem.MissingKey);
        Assert.Contains($"密钥 {other.Keys.Current.Id}", problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", problem.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Should_say_that_it_is_damaged_wherever_it_was_changed()
    {
        var vault = Vault();
        var kept = vault.Keep(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("sensitive ", 60))));
        // A change of the first two bytes makes it something stored in clear; its sum tells.
        for (var i = 2; i < kept.Length; i++)
        {
            byte[] changed = [.. kept];
            changed[i] ^= 1;
            var problem = Assert.Throws<UnreadableContentException>(() => vault.Open(changed));
            Assert.Contains(problem.MissingKey is null ? "已损坏" : "密钥", problem.Message, StringComparison.Ordinal);
        }

        for (var length = 2; length < kept.Length; length += 7)
        {
            Assert.Throws<UnreadableContentException>(() => vault.Open(kept[..length]));
        }
    }

    private static byte[] Any(Random random)
    {
        var length = random.Next(5) switch { 0 => 0, 1 => random.Next(1, 300), 2 => random.Next(300, 9_000), _ => random.Next(1, 2_000) };
        var bytes = new byte[length];
        switch (random.Next(3))
        {
            case 0:
                random.NextBytes(bytes);
                break;
            case 1:
                // Text that is full of codes, whole ones and broken ones.
                for (var i = 0; i < length; i++)
                {
                    bytes[i] = "%%%E5A90B4227D={+"u8[random.Next(17)];
                }

                break;
            default:
                var words = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("\"goods_name\":\"婴儿奶粉\",", (length / 10) + 1)));
                words.AsSpan(0, length).CopyTo(bytes);
                break;
        }

        return bytes;
    }
}
