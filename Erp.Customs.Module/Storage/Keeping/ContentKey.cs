using System.Security.Cryptography;
using System.Text;
using Erp.Customs.Contracts;

namespace Erp.Customs.Module.Storage.Keeping;

/// <summary>A key that content is encrypted with: AES-256. It never leaves this class.</summary>
internal sealed class ContentKey
{
    /// <summary>Bytes of a key. 32.</summary>
    public const int Length = 32;

    /// <summary>Bytes of its name in front of whatever it encrypted. 4.</summary>
    public const int IdLength = 4;

    /// <summary>The file in the module's data folder, where no setting gives a key.</summary>
    public const string FileName = "content-key.txt";

    private const int NonceLength = 12;
    private const int TagLength = 16;

    /// <summary>Bytes that encrypting adds. 28.</summary>
    public const int Overhead = NonceLength + TagLength;

    private readonly byte[] _key;
    private readonly byte[] _id;
    private readonly byte[] _searching;

    private ContentKey(byte[] key)
    {
        _key = key;
        _id = SHA256.HashData([.. "Erp.Customs content key "u8, .. key])[..IdLength];
        _searching = HKDF.DeriveKey(HashAlgorithmName.SHA256, key, SHA256.HashSizeInBytes, info: "search"u8.ToArray());
        Id = Convert.ToHexStringLower(_id);
    }

    /// <summary>What it is called beside what it encrypted: 8 hex digits of its hash, which tell nothing about it.</summary>
    public string Id { get; }

    /// <summary><see cref="Id"/> as bytes.</summary>
    public ReadOnlySpan<byte> IdBytes => _id;

    /// <summary>Reads a key.</summary>
    /// <param name="base64">32 bytes as Base64.</param>
    /// <exception cref="ArgumentException">It is none.</exception>
    public static ContentKey Import(string base64)
    {
        Span<byte> key = stackalloc byte[Length];
        return base64.Length == (Length + 2) / 3 * 4 && Convert.TryFromBase64String(base64, key, out var written) && written == Length
            ? new ContentKey(key.ToArray())
            : throw new ArgumentException("A key is 32 bytes as Base64.", nameof(base64));
    }

    /// <summary>The key in a file.</summary>
    /// <returns><see langword="null"/> when there is no such file.</returns>
    /// <exception cref="ModuleConfigurationException">The file cannot be used.</exception>
    public static ContentKey? OfFile(string path)
    {
        try
        {
            return File.Exists(path) ? Import(File.ReadAllText(path).Trim()) : null;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw Unusable(path, problem);
        }
    }

    /// <summary>Makes a key and writes it into a file for its owner alone; on the disk when this returns.</summary>
    /// <exception cref="ModuleConfigurationException">It cannot be written.</exception>
    public static ContentKey Make(string path)
    {
        try
        {
            var key = RandomNumberGenerator.GetBytes(Length);
            OwnerOnlyFile.Write(path, Encoding.ASCII.GetBytes(Convert.ToBase64String(key)));
            return new ContentKey(key);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw Unusable(path, problem);
        }
    }

    /// <summary>Encrypts.</summary>
    /// <param name="clear">What.</param>
    /// <param name="beside">Stands in clear in front of it and cannot be changed without its showing.</param>
    /// <param name="kept">Nonce, what was encrypted, tag: <see cref="Overhead"/> bytes more than the clear.</param>
    public void Encrypt(ReadOnlySpan<byte> clear, ReadOnlySpan<byte> beside, Span<byte> kept)
    {
        RandomNumberGenerator.Fill(kept[..NonceLength]);
        using var aes = new AesGcm(_key, TagLength);
        aes.Encrypt(kept[..NonceLength], clear, kept[NonceLength..^TagLength], kept[^TagLength..], beside);
    }

    /// <summary>Decrypts.</summary>
    /// <exception cref="CryptographicException">It is not what was encrypted.</exception>
    public byte[] Decrypt(ReadOnlySpan<byte> kept, ReadOnlySpan<byte> beside)
    {
        if (kept.Length < Overhead)
        {
            throw new CryptographicException("It is too short.");
        }

        var clear = new byte[kept.Length - Overhead];
        using var aes = new AesGcm(_key, TagLength);
        aes.Decrypt(kept[..NonceLength], kept[NonceLength..^TagLength], kept[^TagLength..], clear, beside);
        return clear;
    }

    /// <summary>A hash of a text by which it is found again, and from which nobody without the key learns the text by trying all that it may be.</summary>
    public byte[] Fingerprint(string text) => HMACSHA256.HashData(_searching, Encoding.UTF8.GetBytes(text));

    /// <summary>The id alone: the key is a secret.</summary>
    public override string ToString() => Id;

    private static ModuleConfigurationException Unusable(string path, Exception problem) => new(
        Words.Of(
            $"档案密钥文件 {path} 不能使用：须为 32 字节的 Base64，且本进程可读写；也可改用设置 Customs:Archive:Key",
            $"The archive's key {path} cannot be used: it must be 32 bytes as Base64 that this process may read and write; the setting Customs:Archive:Key may hold one instead"),
        problem);
}
