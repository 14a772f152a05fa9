namespace Erp.Customs.Module;

/// <summary>Files and folders for the owner of the process alone. On Windows they inherit the rights of the folder that they stand in.</summary>
internal static class OwnerOnlyFile
{
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Opens a file; where that makes one, it is the owner's.</summary>
    public static FileStream Open(string path, FileMode mode, FileAccess access, FileShare share, FileOptions options = FileOptions.None)
    {
        var all = new FileStreamOptions { Mode = mode, Access = access, Share = share, Options = options };
        if (!OperatingSystem.IsWindows())
        {
            all.UnixCreateMode = OwnerFile;
        }

        return new FileStream(path, all);
    }

    /// <summary>Makes a folder where there is none; one that exists keeps its rights.</summary>
    public static void CreateFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, OwnerFile | UnixFileMode.UserExecute);
        }
    }

    /// <summary>Writes a secret of the module's own into a file that is not there yet, never half of it; on the disk when this returns.</summary>
    /// <exception cref="IOException">It is there, or cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        // Renamed when it is whole: a process that dies here leaves no half of a secret.
        var half = path + ".new";
        File.Delete(half);
        using (var file = Open(half, FileMode.CreateNew, FileAccess.Write, FileShare.None))
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }

        File.Move(half, path);
    }
}
