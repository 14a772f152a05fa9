using System.Security.Cryptography;
using System.Text;

namespace Erp.Customs.Module.Rendering;

/// <summary>A template's text, from its file or published.</summary>
/// <param name="Name">One of <see cref="Names"/>.</param>
/// <param name="Version">0 for the file beside the module.</param>
/// <param name="Bytes">UTF-8.</param>
internal sealed record TemplateSource(string Name, long Version, byte[] Bytes)
{
    public const string Head = "179/head";
    public const string Lists = "179/lists";
    public const string Data = "cbt/edata";
    public const string Message = "cbt/payExInfoStr";

    /// <summary>Every template that there is.</summary>
    public static IReadOnlyList<string> Names { get; } = [Head, Lists, Data, Message];

    /// <summary>Path of its file in the module's folder; also what its faults are told by.</summary>
    public string File => FileOf(Name);

    /// <summary>SHA-256 of the bytes, lower-case hex.</summary>
    public string Sha256 { get; } = Convert.ToHexStringLower(SHA256.HashData(Bytes));

    /// <summary>The text, as far as it is one.</summary>
    public string Text => Encoding.UTF8.GetString(Bytes);

    /// <summary>A text that somebody wrote, with line feeds at the ends of lines whatever the browser sent.</summary>
    public static TemplateSource Of(string name, long version, string text) => new(name, version, Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\n")));

    /// <summary>Reads the file.</summary>
    /// <param name="moduleDirectory">The module's folder.</param>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <exception cref="RenderingException">It is missing.</exception>
    public static TemplateSource OfFile(string moduleDirectory, string name)
    {
        try
        {
            return new(name, 0, System.IO.File.ReadAllBytes(Path.Combine(moduleDirectory, FileOf(name))));
        }
        catch (Exception missing) when (missing is IOException or UnauthorizedAccessException)
        {
            throw new RenderingException($"{FileOf(name)}：模板无法从模块目录读取。", $"{FileOf(name)}: the template cannot be read from the module's folder.", missing);
        }
    }

    private static string FileOf(string name) => $"templates/{name}.scriban";
}
