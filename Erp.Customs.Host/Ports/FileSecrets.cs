using Erp.Customs.Contracts;

namespace Erp.Customs.Host.Ports;

/// <summary>
/// Secrets from a folder: one UTF-8 file for each, named like the setting with <c>__</c> for the colon, e.g. <c>Customs__Merchants__ningbo__Signing__KeyPassword</c>.
/// One line break at the end is not part of it.
/// </summary>
/// <param name="directory">The folder.</param>
/// <param name="where">What people know it as.</param>
internal sealed class FileSecrets(string directory, string where = FileSecrets.DirectorySetting) : ISecretStore
{
    /// <summary>The setting that names the folder.</summary>
    public const string DirectorySetting = "Host:SecretsDirectory";

    /// <summary>The longest secret, in bytes.</summary>
    private const int LongestSecret = 64 * 1024;

    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    public string? Read(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var fileName = name.Replace(":", "__", StringComparison.Ordinal);
        if (fileName.AsSpan().ContainsAny('/', '\\', '\0') || fileName is "" or "." or "..")
        {
            return null;
        }

        var path = Path.Combine(directory, fileName);
        if (!File.Exists(path))
        {
            return null;
        }

        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file.SafeFileHandle) & Others) != UnixFileMode.None)
        {
            throw new ModuleConfigurationException($"Secret {name}: its file in {where} may be opened by others than its owner; set its rights to 600 or 400.");
        }

        if (file.Length > LongestSecret)
        {
            throw new ModuleConfigurationException($"Secret {name}: its file in {where} is longer than {LongestSecret} bytes.");
        }

        using var reader = new StreamReader(file);
        var text = reader.ReadToEnd();
        return text.EndsWith("\r\n", StringComparison.Ordinal) ? text[..^2] : text.EndsWith('\n') ? text[..^1] : text;
    }
}
