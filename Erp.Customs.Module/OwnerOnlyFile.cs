namespace Erp.Customs.Module;

/// <summary>A file with a secret of the module's own: for the owner of the process alone, and never half of it.</summary>
internal static class OwnerOnlyFile
{
    /// <summary>Writes a file that is not there yet; on the disk when this returns. On Windows it inherits the rights of its folder.</summary>
    /// <exception cref="IOException">It is there, or cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        // Renamed when it is whole: a process that dies here leaves no half of a secret.
        var half = path + ".new";
        File.Delete(half);
        using (var file = new FileStream(half, options))
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }

        File.Move(half, path);
    }
}
