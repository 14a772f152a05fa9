namespace Erp.Customs.Contracts;

/// <summary>The content of a module folder's <c>module.json</c> (UTF-8, camelCase names).</summary>
/// <param name="Id">Unique and stable, e.g. <c>Erp.Customs</c>; also the folder's name.</param>
/// <param name="Name">Shown to Chinese users.</param>
/// <param name="NameEn">Shown to others.</param>
/// <param name="Version">Shown on the module screen.</param>
/// <param name="Description">One sentence in Chinese.</param>
/// <param name="DescriptionEn">The same in English.</param>
/// <param name="Assembly">File name of the entry assembly in the folder.</param>
/// <param name="EntryType">Full name of the public type that implements <see cref="IErpModule"/>.</param>
/// <param name="Contracts">The version of these contracts that the module was built for; a host refuses any other than <see cref="ContractsVersion"/>.</param>
public sealed record ModuleManifest(
    string Id,
    string Name,
    string NameEn,
    string Version,
    string Description,
    string DescriptionEn,
    string Assembly,
    string EntryType,
    string Contracts)
{
    /// <summary>The version of the contracts in this assembly. It grows when a module built for the one before would no longer run.</summary>
    public const string ContractsVersion = "1";
}

/// <summary>An entry of the host's menu.</summary>
/// <param name="Path">Address from the host's root, e.g. <c>/customs/admin</c>.</param>
/// <param name="Title">Chinese title.</param>
/// <param name="TitleEn">English title.</param>
/// <param name="Permission">Key of the <see cref="Permission"/> that a user needs to see it.</param>
public sealed record MenuEntry(string Path, string Title, string TitleEn, string Permission);

/// <summary>Something that a user may be allowed to do.</summary>
/// <param name="Key">Stable key, e.g. <c>customs.view</c>.</param>
/// <param name="Title">Chinese title.</param>
/// <param name="TitleEn">English title.</param>
public sealed record Permission(string Key, string Title, string TitleEn);

/// <summary>One light on the module screen.</summary>
/// <param name="Name">What was looked at, in Chinese.</param>
/// <param name="NameEn">The same in English.</param>
/// <param name="Light">How it stands.</param>
/// <param name="Sentence">What was found, in Chinese; no personal data, no secret.</param>
/// <param name="SentenceEn">The same in English.</param>
public sealed record SelfCheck(string Name, string NameEn, SelfCheckLight Light, string Sentence, string SentenceEn);

/// <summary>How a <see cref="SelfCheck"/> came out.</summary>
public enum SelfCheckLight
{
    /// <summary>Works.</summary>
    Green,

    /// <summary>Works, but a person should look.</summary>
    Yellow,

    /// <summary>Does not work.</summary>
    Red,
}
