namespace Erp.Customs.Module;

/// <summary>Settings under <c>Customs:Archive</c>: how the evidence is sealed.</summary>
internal sealed record ArchiveOptions
{
    /// <summary><c>Customs:Archive:SealingCron</c>: when what is new is sealed, China time. The default value is every 5 seconds.</summary>
    public string SealingCron { get; init; } = "0/5 * * * * ?";

    /// <summary><c>Customs:Archive:SealWithin</c>: a record that waits longer for its seal is an alarm. The default value is 600 seconds.</summary>
    public TimeSpan SealWithin { get; init; } = TimeSpan.FromSeconds(600);

    /// <summary><c>Customs:Archive:CheckpointCron</c>: when a checkpoint is made, China time; one is made at the module's stop too. The default value is every hour.</summary>
    public string CheckpointCron { get; init; } = "0 0 * * * ?";

    /// <summary><c>Customs:Archive:CheckpointFolder</c>: where checkpoints are written outside the database. The default value is <c>checkpoints</c> in the module's data folder.</summary>
    public string CheckpointFolder { get; init; } = "";

    /// <summary><c>Customs:Archive:SealingKey</c>: a private key on P-256, PEM; a secret. The default value is a key that is made once in the module's data folder.</summary>
    public string? SealingKey { get; init; }

    /// <summary><c>Customs:Archive:FormerKeys</c>: keys that signed checkpoints before, each as the SHA-256 of its public key, lower-case hex. The default value is none.</summary>
    public IReadOnlySet<string> FormerKeys { get; init; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary><c>Customs:Archive:Key</c>: what content is encrypted with, 32 bytes as Base64; a secret. The default value is a key that is made once in the module's data folder.</summary>
    public string? Key { get; init; }

    /// <summary><c>Customs:Archive:RetiredKeys</c>: keys that encrypted before, needed to read what they did; secrets. The default value is none.</summary>
    public IReadOnlyList<string> RetiredKeys { get; init; } = [];

    /// <summary><c>Customs:Archive:LostKeys</c>: ids of keys (8 hex digits) that nobody has any more: the module starts all the same, and what needs them stays unreadable. The default value is none.</summary>
    public IReadOnlySet<string> LostKeys { get; init; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>Without the keys.</summary>
    public override string ToString() => $"{SealingCron}, {CheckpointCron}, {CheckpointFolder}";
}
