using Erp.Customs.Contracts;

namespace Erp.Customs.Module.Admin.Import;

/// <summary>
/// The folder of uploaded files and of their results, for the owner of the process alone. An upload goes as soon as it is imported or given up; what a process left behind goes when the next one starts.
/// </summary>
internal sealed class ImportFolder
{
    /// <summary>How long a file waits for a person's decision. 1 day.</summary>
    private static readonly TimeSpan UploadsKept = TimeSpan.FromDays(1);

    /// <summary>How long results are kept. 7 days.</summary>
    private static readonly TimeSpan ResultsKept = TimeSpan.FromDays(7);

    private readonly string _folder;

    public ImportFolder(ModuleContext context)
    {
        _folder = System.IO.Path.Combine(context.DataDirectory, "import");
        OwnerOnlyFile.CreateFolder(_folder);

        // No import outlives its process, so what is not a result belongs to nobody.
        foreach (var left in Directory.EnumerateFiles(_folder).Where(file => System.IO.Path.GetExtension(file) != ".result"))
        {
            File.Delete(left);
        }
    }

    /// <summary>For what libraries put on the disk.</summary>
    public string Path => _folder;

    /// <summary>Where an import's file stands.</summary>
    public string Upload(long id) => System.IO.Path.Combine(_folder, $"{id}.upload");

    /// <summary>Where an import's result stands.</summary>
    public string Result(long id) => System.IO.Path.Combine(_folder, $"{id}.result");

    /// <summary>A new file for the owner alone, that takes the place of another of its name.</summary>
    public static FileStream Create(string path) => Open(path, FileOptions.None);

    /// <summary>A file without a name of its own that goes when it is closed.</summary>
    public FileStream Temporary() => Open(System.IO.Path.Combine(_folder, $"{Guid.NewGuid():N}.tmp"), FileOptions.DeleteOnClose);

    /// <summary>Deletes what is old.</summary>
    public void Clean(DateTimeOffset now)
    {
        foreach (var old in Old("*.upload", now - UploadsKept).Concat(Old("*.result", now - ResultsKept)))
        {
            File.Delete(old);
        }
    }

    private IEnumerable<string> Old(string pattern, DateTimeOffset before) => Directory.EnumerateFiles(_folder, pattern).Where(file => File.GetLastWriteTimeUtc(file) < before.UtcDateTime);

    private static FileStream Open(string path, FileOptions also) => OwnerOnlyFile.Open(path, FileMode.Create, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete, also);
}
