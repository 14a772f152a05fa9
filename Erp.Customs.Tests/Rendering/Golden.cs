using System.Reflection;
using System.Text;

namespace Erp.Customs.Tests.Rendering;

/// <summary>Texts as they leave the house, one file each, compared byte for byte. A text that differs is put into TestResults/Golden, to be read and, if right, copied over.</summary>
internal static class Golden
{
    public static void Equal(string file, string text)
    {
        var path = Path.Combine(AppContext.BaseDirectory, "Rendering", "Golden", file);
        var bytes = Encoding.UTF8.GetBytes(text);
        if (File.Exists(path) && bytes.AsSpan().SequenceEqual(File.ReadAllBytes(path)))
        {
            return;
        }

        var root = typeof(Golden).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key is "RepositoryRoot").Value!;
        var received = Directory.CreateDirectory(Path.Combine(root, "TestResults", "Golden"));
        File.WriteAllBytes(Path.Combine(received.FullName, file), bytes);
        Assert.Equal(File.Exists(path) ? File.ReadAllText(path, new UTF8Encoding(false)) : $"(there is no {file})", text);
        Assert.Fail($"{file} is not the same bytes as the text, though it reads the same.");
    }
}
