using System.Text;
using System.Text.RegularExpressions;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.OpenSsl;

namespace Erp.Customs.Module.Signing.KeyFiles;

/// <summary>
/// Reads PEM: certificates, and private keys as PKCS#8 (plain and encrypted), PKCS#1 and SEC 1 (also in OpenSSL's old encryption). Any other block,
/// and whatever stands between the blocks, is skipped: many tools write remarks there.
/// </summary>
internal static partial class PemFile
{
    /// <summary>Reads the blocks of a file.</summary>
    /// <returns><see langword="null"/> when it has none.</returns>
    /// <exception cref="KeyFilePasswordException">A key is encrypted, and the password is missing or does not open it.</exception>
    /// <exception cref="FormatException">A block is damaged.</exception>
    public static KeyFileContent? Read(byte[] bytes, string? password)
    {
        var blocks = Blocks(bytes);
        if (blocks.Count == 0)
        {
            return null;
        }

        var keys = blocks.Where(block => Label(block).EndsWith("PRIVATE KEY", StringComparison.Ordinal)).Select(block => block.Value).ToList();
        return new KeyFileContent([.. keys.Select(key => Key(key, password))], Certificates(blocks), Encrypted: keys.TrueForAll(IsEncrypted));
    }

    /// <summary>Reads the certificates of a file and leaves its keys alone.</summary>
    /// <returns>DER; <see langword="null"/> when the file has no blocks.</returns>
    /// <exception cref="FormatException">A block is damaged.</exception>
    public static IReadOnlyList<byte[]>? ReadCertificates(byte[] bytes) => Blocks(bytes) is { Count: > 0 } blocks ? Certificates(blocks) : null;

    private static MatchCollection Blocks(byte[] bytes)
    {
        using var reader = new StreamReader(new MemoryStream(bytes), Encoding.Latin1, detectEncodingFromByteOrderMarks: true);
        return Block().Matches(reader.ReadToEnd());
    }

    private static List<byte[]> Certificates(MatchCollection blocks) =>
        [.. blocks.Where(block => Label(block) is "CERTIFICATE" or "X509 CERTIFICATE").Select(block => Convert.FromBase64String(block.Groups["body"].Value))];

    private static string Label(Match block) => block.Groups["label"].Value;

    private static bool IsEncrypted(string block) =>
        block.Contains("BEGIN ENCRYPTED PRIVATE KEY", StringComparison.Ordinal) || block.Contains("Proc-Type: 4,ENCRYPTED", StringComparison.Ordinal);

    private static AsymmetricKeyParameter Key(string block, string? password)
    {
        var encrypted = IsEncrypted(block);
        if (encrypted && password is null)
        {
            throw new KeyFilePasswordException();
        }

        try
        {
            // OpenSSL 3 labels SEC 1 by the curve's name, which this reader does not know.
            using var text = new StringReader(block.Replace(" SM2 PRIVATE KEY", " EC PRIVATE KEY", StringComparison.Ordinal));
            return new PemReader(text, new Password(password)).ReadObject() switch
            {
                AsymmetricCipherKeyPair pair => pair.Private,
                AsymmetricKeyParameter { IsPrivate: true } key => key,
                _ => throw new FormatException("The block is no private key."),
            };
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // The reader has no exception type of its own, and a wrong password surfaces as whatever the nonsense behind it looks like.
            throw encrypted ? new KeyFilePasswordException(exception) : new FormatException("The private key is damaged.", exception);
        }
    }

    [GeneratedRegex("-----BEGIN (?<label>[A-Z0-9 ]+)-----(?<body>(?:(?!-----).)*)-----END \\k<label>-----", RegexOptions.Singleline | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Block();

    private sealed class Password(string? password) : IPasswordFinder
    {
        public char[]? GetPassword() => password?.ToCharArray();
    }
}
