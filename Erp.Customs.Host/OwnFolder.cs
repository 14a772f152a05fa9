namespace Erp.Customs.Host;

/// <summary>Folders that only the account of this process may enter.</summary>
internal static class OwnFolder
{
    /// <summary>Creates a folder where there is none; one that exists keeps its rights. Windows has folder rights for that, inherited from above.</summary>
    public static void Create(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    /// <summary>Writes a file that only this account may read; an old one is replaced.</summary>
    public static void WriteFile(string path, byte[] content)
    {
        File.Delete(path); // rights are given when a file is made
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var file = new FileStream(path, options);
        file.Write(content);
    }
}
