using Erp.Customs.Module.Archive.Sealing;
using Erp.Customs.Module.Storage.Keeping;
using static Erp.Customs.Module.Setting;

namespace Erp.Customs.Module;

/// <summary>The settings of the evidence. The keys are secrets: no sentence repeats one.</summary>
internal sealed partial class CustomsOptionsReader
{
    private const string ContentKeyOf = "Customs:Archive:Key";

    private ArchiveOptions Archive()
    {
        var usual = new ArchiveOptions();
        return new()
        {
            SealingCron = Cron("Customs:Archive:SealingCron", usual.SealingCron),
            SealWithin = Seconds("Customs:Archive:SealWithin", (int)usual.SealWithin.TotalSeconds, least: 10, most: 86_400),
            CheckpointCron = Cron("Customs:Archive:CheckpointCron", usual.CheckpointCron),
            CheckpointFolder = configuration["Customs:Archive:CheckpointFolder"] ?? "",
            SealingKey = SealingKeyOf("Customs:Archive:SealingKey"),
            FormerKeys = FormerKeys("Customs:Archive:FormerKeys"),
            Key = Secret(ContentKeyOf) is { Length: > 0 } key ? RightContentKey(ContentKeyOf, key) : null,
            RetiredKeys = RetiredKeys("Customs:Archive:RetiredKeys"),
            LostKeys = LostKeys("Customs:Archive:LostKeys"),
        };
    }

    /// <summary>In the host's secret store they stand in one text, commas between them.</summary>
    private string[] RetiredKeys(string section)
    {
        var listed = configuration.GetSection(section).GetChildren().Select(child => (Setting: child.Path, Key: Secret(child.Path) ?? ""));
        var inline = (Secret(section) ?? "").Split(',').Select(key => (Setting: section, Key: key));
        return [.. listed.Concat(inline).Select(one => (one.Setting, Key: one.Key.Trim())).Where(one => one.Key.Length > 0).Select(one => RightContentKey(one.Setting, one.Key))];
    }

    private static string RightContentKey(string setting, string key)
    {
        try
        {
            _ = ContentKey.Import(key);
            return key;
        }
        catch (ArgumentException)
        {
            throw Invalid(setting, "32 字节的 Base64（44 个字符）", "32 bytes as Base64 (44 characters)");
        }
    }

    private HashSet<string> LostKeys(string key)
    {
        var ids = Hosts(key);
        return ids.All(one => one.Length == 2 * ContentKey.IdLength && one.All(char.IsAsciiHexDigit))
            ? [.. ids.Select(one => one.ToLowerInvariant())]
            : throw Invalid(key, "密钥编号，8 位十六进制，可有多个", "ids of keys, each as 8 hex digits");
    }

    private string? SealingKeyOf(string key)
    {
        if (Secret(key) is not { Length: > 0 } pem)
        {
            return null;
        }

        try
        {
            using var right = SealingKey.Import(pem);
            return pem;
        }
        catch (ArgumentException)
        {
            throw Invalid(key, "P-256 私钥（PEM）", "a private key on P-256 as PEM");
        }
    }

    private HashSet<string> FormerKeys(string key)
    {
        var fingerprints = Hosts(key);
        return fingerprints.All(one => one.Length == 64 && one.All(char.IsAsciiHexDigit))
            ? [.. fingerprints.Select(one => one.ToLowerInvariant())]
            : throw Invalid(key, "公钥（SubjectPublicKeyInfo）的 SHA-256，64 位十六进制，可有多个", "the SHA-256 of public keys (SubjectPublicKeyInfo), each as 64 hex digits");
    }
}
