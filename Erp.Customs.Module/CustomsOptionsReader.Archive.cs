using Erp.Customs.Module.Archive.Sealing;
using static Erp.Customs.Module.Setting;

namespace Erp.Customs.Module;

/// <summary>The settings of the evidence. The key is a secret: no sentence repeats it.</summary>
internal sealed partial class CustomsOptionsReader
{
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
        };
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
