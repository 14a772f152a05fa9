using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Erp.Customs.Contracts.Hosting;

namespace Erp.Customs.Contracts.Capture;

/// <summary>
/// Messages that wait for the module, one file each: a line of JSON, then the bytes. A file has its name only when it is whole and on the disk; one that is not what it
/// was is set aside as <c>.damaged</c>. For one worker at a time; another process on the same folder does no harm, since the module stores a message once.
/// </summary>
/// <param name="directory">Made with the first file, for its owner alone.</param>
/// <param name="limit">Bytes of all files at most.</param>
internal sealed class SpoolFolder(string directory, long limit)
{
    private const string Whole = ".msg";
    private const string Unfinished = ".new";
    private const string Damaged = ".damaged";
    private const byte EndOfHead = (byte)'\n';

    private readonly Queue<string> _names = new();
    private long _size;

    /// <summary>Files.</summary>
    public int Count => _names.Count;

    /// <summary>Finds what an earlier process left: the oldest first. What it had not finished is finished, if it is whole, or erased.</summary>
    /// <returns>Files that were not whole.</returns>
    public int Open()
    {
        if (!Directory.Exists(directory))
        {
            return 0;
        }

        var broken = 0;
        foreach (var path in Directory.GetFiles(directory, "*" + Unfinished))
        {
            broken += TryFinish(path) ? 0 : 1;
        }

        foreach (var path in Directory.GetFiles(directory, "*" + Whole).Order(StringComparer.Ordinal))
        {
            _names.Enqueue(Path.GetFileName(path));
            _size += new FileInfo(path).Length;
        }

        return broken;
    }

    /// <summary>Writes a message; it is on the disk when the call returns.</summary>
    /// <exception cref="IOException">It is not: the folder is full or cannot be written to.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written to.</exception>
    public void Write(CapturedMessage message)
    {
        var head = JsonSerializer.SerializeToUtf8Bytes(Head.Of(message));
        var length = head.Length + 1 + message.Message.Bytes.Length;
        if (_size + length > limit)
        {
            throw new IOException("The spool folder is full.");
        }

        OwnerOnly.CreateDirectory(directory);
        var name = string.Create(CultureInfo.InvariantCulture, $"{message.CapturedAt.ToUnixTimeMilliseconds():D14}-{message.Id:N}{Whole}");
        var path = Path.Combine(directory, name);
        var unfinished = path + Unfinished;
        File.Delete(unfinished);
        using (var file = OwnerOnly.CreateFile(unfinished))
        {
            file.Write(head);
            file.WriteByte(EndOfHead);
            file.Write(message.Message.Bytes.Span);
            file.Flush(flushToDisk: true);
        }

        File.Move(unfinished, path, overwrite: true);
        _names.Enqueue(name);
        _size += length;
    }

    /// <summary>Takes the next file out of the queue; it stays in the folder until it is erased.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="message">What is in it; <see langword="null"/> when it is not what it was, and has been set aside.</param>
    /// <returns><see langword="false"/> when none is left.</returns>
    public bool TryTake(out string name, out CapturedMessage? message)
    {
        message = null;
        while (_names.TryDequeue(out name!))
        {
            var path = Path.Combine(directory, name);
            try
            {
                message = Read(path);
            }
            catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
            {
                // Another process has given it to the module.
                continue;
            }
            catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
            {
                _names.Enqueue(name);
                throw;
            }

            if (message is null)
            {
                _size -= new FileInfo(path).Length;
                File.Move(path, path + Damaged, overwrite: true);
            }

            return true;
        }

        return false;
    }

    /// <summary>Puts a file back into the queue.</summary>
    public void PutBack(string name) => _names.Enqueue(name);

    /// <summary>Erases a file.</summary>
    public void Erase(string name)
    {
        var path = Path.Combine(directory, name);
        var file = new FileInfo(path);
        _size -= file.Exists ? file.Length : 0;
        File.Delete(path);
    }

    private static bool TryFinish(string unfinished)
    {
        try
        {
            if (Read(unfinished) is not null)
            {
                File.Move(unfinished, unfinished[..^Unfinished.Length], overwrite: true);
                return true;
            }

            File.Delete(unfinished);
            return false;
        }
        catch (IOException)
        {
            // Another process is writing it.
            return true;
        }
    }

    private static CapturedMessage? Read(string path)
    {
        byte[] bytes;
        using (var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete))
        {
            bytes = new byte[file.Length];
            file.ReadExactly(bytes);
        }

        var end = Array.IndexOf(bytes, EndOfHead);
        if (end < 0)
        {
            return null;
        }

        try
        {
            var head = JsonSerializer.Deserialize<Head>(bytes.AsSpan(0, end));
            var content = bytes.AsMemory(end + 1);
            return head is not null && Convert.ToHexStringLower(SHA256.HashData(content.Span)) == head.Sha256 ? head.Message(content) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The first line of a file.</summary>
    private sealed record Head(Guid Id, string Merchant, string TradeNo, CapturedKind Kind, string Charset, DateTimeOffset CapturedAt, string Origin, string Sha256)
    {
        public static Head Of(CapturedMessage message) => new(
            message.Id, message.Merchant, message.TradeNo, message.Kind, message.Message.Charset, message.CapturedAt, message.Origin,
            Convert.ToHexStringLower(SHA256.HashData(message.Message.Bytes.Span)));

        public CapturedMessage Message(ReadOnlyMemory<byte> content) => new(Id, Merchant, TradeNo, Kind, new RawMessage(content, Charset), CapturedAt, Origin);
    }
}
