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
}
