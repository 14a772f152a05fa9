using System.Text.Json;
using System.Text.RegularExpressions;

namespace Erp.Customs.Contracts.Hosting;

/// <summary>The folder with the modules' folders: which there are, and what their <c>module.json</c> says.</summary>
internal static partial class ModuleFolder
{
    private const string ManifestFile = "module.json";

    private static readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web) { ReadCommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>Folders that hold a manifest, right or wrong, in order.</summary>
    public static IReadOnlyList<string> Find(string modulesDirectory) =>
        Directory.Exists(modulesDirectory)
            ? [.. Directory.EnumerateDirectories(modulesDirectory).Where(folder => File.Exists(Path.Combine(folder, ManifestFile))).Order(StringComparer.OrdinalIgnoreCase)]
            : [];

    /// <summary>What is shown of a module whose manifest could not be read.</summary>
    public static ModuleManifest Unreadable(string folderName) => new(folderName, folderName, folderName, "", "", "", "", "", "");

    /// <summary>When a folder's manifest was last written.</summary>
    public static DateTime WrittenAt(string folder) => File.GetLastWriteTimeUtc(Path.Combine(folder, ManifestFile));

    /// <summary>Reads and checks a folder's manifest.</summary>
    /// <exception cref="ModuleConfigurationException">It is wrong; the sentence names the field.</exception>
    public static ModuleManifest ReadManifest(string folder)
    {
        var folderName = Path.GetFileName(folder);
        var read = Parse(folder, folderName);
        string Required(string? value, string field) =>
            !string.IsNullOrWhiteSpace(value) ? value.Trim()
            : throw new ModuleConfigurationException(Words(folderName, $"缺少字段 {field}，须为非空文本", $"field {field} is missing; it must be a text that is not empty"));

        var manifest = new ModuleManifest(
            Required(read.Id, "id"), Required(read.Name, "name"), read.NameEn ?? read.Name!, Required(read.Version, "version"),
            read.Description ?? "", read.DescriptionEn ?? read.Description ?? "",
            Required(read.Assembly, "assembly"), Required(read.EntryType, "entryType"), Required(read.Contracts, "contracts"));

        if (!IdShape().IsMatch(manifest.Id))
        {
            throw new ModuleConfigurationException(Words(folderName, "字段 id 须为 1 至 64 个字母、数字、点、连字符或下划线", "field id must be 1 to 64 letters, digits, points, hyphens or underscores"));
        }

        if (!string.Equals(manifest.Id, folderName, StringComparison.OrdinalIgnoreCase))
        {
            throw new ModuleConfigurationException(Words(folderName, $"字段 id 为 {manifest.Id}，模块文件夹须与其同名", $"field id is {manifest.Id}, and a module's folder must bear its id"));
        }

        if (!manifest.Assembly.EndsWith(".dll", StringComparison.OrdinalIgnoreCase) || manifest.Assembly.AsSpan().ContainsAny('/', '\\'))
        {
            throw new ModuleConfigurationException(Words(folderName, "字段 assembly 须为本文件夹中的 .dll 文件名，不含路径", "field assembly must be the file name of a .dll in this folder, without a path"));
        }

        return string.Equals(manifest.Contracts, ModuleManifest.ContractsVersion, StringComparison.Ordinal)
            ? manifest
            : throw new ModuleConfigurationException(Words(
                folderName,
                $"字段 contracts 为 {manifest.Contracts}，本系统只运行按 contracts {ModuleManifest.ContractsVersion} 编译的模块",
                $"field contracts is {manifest.Contracts}, and this host runs modules built for contracts {ModuleManifest.ContractsVersion}"));
    }

    private static string Words(string folderName, string chinese, string english) =>
        $"文件夹 {folderName} 的 {ManifestFile}：{chinese} | {ManifestFile} in folder {folderName}: {english}";

    private static ManifestFields Parse(string folder, string folderName)
    {
        try
        {
            using var file = File.OpenRead(Path.Combine(folder, ManifestFile));
            return JsonSerializer.Deserialize<ManifestFields>(file, _json)
                ?? throw new ModuleConfigurationException(Words(folderName, "内容须为 JSON 对象", "it must hold a JSON object"));
        }
        catch (JsonException exception)
        {
            throw new ModuleConfigurationException(Words(
                folderName,
                $"内容须为由文本组成的 JSON 对象，见第 {exception.LineNumber + 1} 行第 {exception.BytePositionInLine + 1} 字节",
                $"it must hold a JSON object of texts, see line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}"), exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ModuleConfigurationException(Words(folderName, $"无法读取（{exception.GetType().Name}）", $"it cannot be read ({exception.GetType().Name})"), exception);
        }
    }

    [GeneratedRegex("^[A-Za-z0-9._-]{1,64}$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex IdShape();

    private sealed record ManifestFields(
        string? Id, string? Name, string? NameEn, string? Version, string? Description, string? DescriptionEn, string? Assembly, string? EntryType, string? Contracts);
}
