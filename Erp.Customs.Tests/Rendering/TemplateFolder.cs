namespace Erp.Customs.Tests.Rendering;

/// <summary>A module folder of a test's own, with a copy of the product's templates.</summary>
internal sealed class TemplateFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("erp-customs-templates-");

    public TemplateFolder()
    {
        Directory.CreateDirectory(System.IO.Path.Combine(Path, "templates", "179"));
        foreach (var name in new[] { "head", "lists" })
        {
            File.Copy(File179(Payments.ModuleDirectory, name), File179(Path, name));
        }
    }

    public string Path => _folder.FullName;

    public void Write(string name, string text) => File.WriteAllText(File179(Path, name), text);

    /// <summary>Changes a template; a change that changes nothing is a mistake in the test.</summary>
    public void Change(string name, Func<string, string> change)
    {
        var text = File.ReadAllText(File179(Path, name));
        var changed = change(text);
        Assert.NotEqual(text, changed, StringComparer.Ordinal);
        Write(name, changed);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static string File179(string folder, string name) => System.IO.Path.Combine(folder, "templates", "179", name + ".scriban");
}
