using System.Security.Cryptography;
using System.Text;
using Erp.Customs.Contracts;

namespace Erp.Customs.Module.Archive.Sealing;

/// <summary>
/// The archive's own key, which signs checkpoints and nothing else: an ECDSA key on P-256 from the setting <c>Customs:Archive:SealingKey</c>, or one that is made once in the module's data
/// folder, for its owner alone. A merchant's card is not used: it is there to speak to customs, and it may be away.
/// </summary>
internal sealed class SealingKey : IDisposable
{
    /// <summary>The file in the data folder.</summary>
    public const string FileName = "archive-key.pem";

    private readonly ECDsa _key;
    private readonly IReadOnlySet<string> _formerKeys;

    /// <summary>Reads or makes the key.</summary>
    /// <exception cref="ModuleConfigurationException">The file cannot be used; the sentence says why.</exception>
    public SealingKey(ArchiveOptions options, string dataFolder)
    {
        _formerKeys = options.FormerKeys;
        _key = options.SealingKey is { } pem ? Import(pem) : OfFile(Path.Combine(dataFolder, FileName));
        PublicKey = _key.ExportSubjectPublicKeyInfo();
    }

    /// <summary>SubjectPublicKeyInfo, DER.</summary>
    public byte[] PublicKey { get; }

    /// <summary>SHA-256 of a public key, lower-case hex: what a former key is named by.</summary>
    public static string Fingerprint(ReadOnlySpan<byte> publicKey) => Convert.ToHexStringLower(SHA256.HashData(publicKey));

    /// <summary>Reads a PEM.</summary>
    /// <exception cref="ArgumentException">It is no private key on P-256.</exception>
    public static ECDsa Import(string pem)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
            _ = key.ExportParameters(includePrivateParameters: true);
            return key.KeySize == 256 ? key : throw new ArgumentException("The key is not on P-256.", nameof(pem));
        }
        catch (Exception problem) when (problem is CryptographicException or ArgumentException)
        {
            key.Dispose();
            throw new ArgumentException("This is no private key on P-256.", nameof(pem), problem);
        }
    }

    /// <summary>Signs a statement.</summary>
    public ArchiveCheckpoint Sign(long number, string statement) =>
        new(number, statement, _key.SignData(Encoding.UTF8.GetBytes(statement), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence), PublicKey);

    /// <summary>Whether a checkpoint was signed with this archive's key, or with one that it had before.</summary>
    public bool Trusts(ArchiveCheckpoint checkpoint)
    {
        if (!checkpoint.PublicKey.Span.SequenceEqual(PublicKey) && !_formerKeys.Contains(Fingerprint(checkpoint.PublicKey.Span)))
        {
            return false;
        }

        using var key = ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(checkpoint.PublicKey.Span, out _);
        return key.VerifyData(Encoding.UTF8.GetBytes(checkpoint.Statement), checkpoint.Signature.Span, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
    }

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();

    private static ECDsa OfFile(string path)
    {
        try
        {
            if (File.Exists(path))
            {
                return Import(File.ReadAllText(path));
            }

            var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            OwnerOnlyFile.Write(path, Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem()));
            return key;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new ModuleConfigurationException(
                Words.Of(
                    $"存证密钥文件 {path} 不能使用：须为 P-256 私钥（PEM），且本进程可读写；也可改用设置 Customs:Archive:SealingKey",
                    $"The archive's key {path} cannot be used: it must be a private key on P-256 (PEM) that this process may read and write; the setting Customs:Archive:SealingKey may hold one instead"),
                problem);
        }
    }
}
