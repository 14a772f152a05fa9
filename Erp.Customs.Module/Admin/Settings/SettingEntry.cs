namespace Erp.Customs.Module.Admin.Settings;

/// <summary>A setting as the page shows it.</summary>
/// <param name="Name">Its name, as <c>Customs:Deadline</c>.</param>
/// <param name="Zh">What it is, in Chinese.</param>
/// <param name="En">In English.</param>
/// <param name="InForce">Its value in given settings, spelt as a setting is.</param>
internal sealed record SettingEntry(string Name, string Zh, string En, Func<CustomsOptions, string> InForce)
{
    /// <summary>What its value counts, <c>中文 | English</c>; empty for a word.</summary>
    public string Unit { get; init; } = "";

    /// <summary>How it is written, <c>中文 | English</c>; empty where that is plain.</summary>
    public string Hint { get; init; } = "";

    /// <summary>Whether it can be changed on the page.</summary>
    public bool IsEditable { get; init; }

    /// <summary>Whether only that it is set may be shown.</summary>
    public bool IsSecret { get; init; }

    /// <summary>Whether there is no default: the host must give it.</summary>
    public bool IsRequired { get; init; }

    /// <summary>What may be chosen, each with its words; empty for free text.</summary>
    public IReadOnlyList<(string Value, string Words)> Choices { get; init; } = [];
}

/// <summary>Settings that belong together.</summary>
/// <param name="Id">For addresses and forms.</param>
/// <param name="Zh">Its title in Chinese.</param>
/// <param name="En">In English.</param>
/// <param name="Entries">The settings.</param>
internal sealed record SettingGroup(string Id, string Zh, string En, IReadOnlyList<SettingEntry> Entries);
