namespace Erp.Customs.Module.Signing.KeyFiles;

/// <summary>A key or certificate file that a setting names, read whole.</summary>
/// <param name="Bytes">Its content.</param>
/// <param name="ReadableByOthers">On Unix, whether every account of the machine may read it.</param>
internal sealed record SmallFile(byte[] Bytes, bool ReadableByOthers)
{
    /// <summary>The largest file that is read. The default value is 1 MiB; key files have a few KiB.</summary>
    private const int MaxBytes = 1024 * 1024;

    /// <summary>Reads it.</summary>
    /// <param name="setting">The setting's name, for the sentence.</param>
    /// <param name="path">Its value; a relative path starts from the working directory.</param>
    /// <exception cref="SignerException">It cannot be read; the sentence names the setting.</exception>
    public static SmallFile Read(string setting, string path)
    {
        var start = Path.IsPathRooted(path) ? "" : $" (a relative path: it starts from {Environment.CurrentDirectory})";
        if (Directory.Exists(path))
        {
            throw KeyFileSettings.Wrong(setting, $"names a directory{start}, but it takes a file");
        }

        try
        {
            using var file = File.OpenRead(path);
            if (file.Length > MaxBytes)
            {
                throw KeyFileSettings.Wrong(setting, $"names a file of more than {MaxBytes} bytes, which no key or certificate has");
            }

            var bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            return new SmallFile(bytes, !OperatingSystem.IsWindows() && File.GetUnixFileMode(file.SafeFileHandle).HasFlag(UnixFileMode.OtherRead));
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw KeyFileSettings.Wrong(setting, $"names a file that does not exist{start}", WithoutPath(exception));
        }
        catch (UnauthorizedAccessException exception)
        {
            throw KeyFileSettings.Wrong(setting, $"names a file that this account may not read{start}", WithoutPath(exception));
        }
        catch (Exception exception) when (exception is IOException or ArgumentException or NotSupportedException)
        {
            throw KeyFileSettings.Wrong(setting, $"names a file that cannot be read{start}", WithoutPath(exception));
        }
    }

    /// <summary>The system's messages repeat the path; see <see cref="KeyFileSettings.Wrong"/>.</summary>
    private static IOException WithoutPath(Exception exception) => new(exception.GetType().Name);
}
