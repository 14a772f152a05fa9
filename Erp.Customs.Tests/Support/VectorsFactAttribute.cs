using System.Reflection;

namespace Erp.Customs.Tests.Support;

/// <summary>A fact that needs the real signatures of <c>../shared/vectors</c>, seen from the repository's root; without them it is skipped and says so.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class VectorsFactAttribute : FactAttribute
{
    public VectorsFactAttribute()
    {
        if (Folder is null)
        {
            Skip = "The real signatures are not here: there is no folder ../shared/vectors beside the repository.";
        }
    }

    /// <summary>The folder, or <see langword="null"/> when it is absent.</summary>
    public static string? Folder { get; } = Find();

    private static string? Find()
    {
        var root = typeof(VectorsFactAttribute).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(one => one.Key is "RepositoryRoot").Value!;
        var folder = Path.GetFullPath(Path.Combine(root, "..", "shared", "vectors"));
        return Directory.Exists(folder) ? folder : null;
    }
}
