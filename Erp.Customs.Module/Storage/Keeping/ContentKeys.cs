using Erp.Customs.Contracts;

namespace Erp.Customs.Module.Storage.Keeping;

/// <summary>
/// The keys of the archive's content: the one that encrypts what comes in, and those before it, with which nothing is encrypted any more and much can still be read.
/// Changing the key rewrites nothing: each content names its key.
/// </summary>
internal sealed class ContentKeys
{
    private readonly Dictionary<string, ContentKey> _known = new(StringComparer.Ordinal);
    private readonly ArchiveOptions _options;
    private readonly string _file;
    private ContentKey? _current;

    /// <param name="options">The settings.</param>
    /// <param name="dataFolder">The module's data folder, where a key stands that was made because no setting gave one.</param>
    public ContentKeys(ArchiveOptions options, string dataFolder)
    {
        _options = options;
        _file = Path.Combine(dataFolder, ContentKey.FileName);
        foreach (var retired in options.RetiredKeys)
        {
            Know(ContentKey.Import(retired));
        }

        if (options.Key is { } given)
        {
            _current = Know(ContentKey.Import(given));
            // What it encrypted before the setting was there stays readable as long as the file does.
            if (ContentKey.OfFile(_file) is { } made)
            {
                Know(made);
            }
        }
        else if (ContentKey.OfFile(_file) is { } made)
        {
            _current = Know(made);
        }
    }

    /// <summary>The key stands beside the data, in the module's data folder, and not in the host's secret store.</summary>
    public bool IsHomeMade => _options.Key is null;

    /// <summary>What encrypts now.</summary>
    /// <exception cref="InvalidOperationException"><see cref="Settle"/> was not called.</exception>
    public ContentKey Current => _current ?? throw new InvalidOperationException("The archive has no key yet.");

    /// <summary>Those that a search has to try.</summary>
    public IReadOnlyCollection<ContentKey> All => _known.Values;

    /// <summary>The key with an id.</summary>
    public ContentKey? Find(ReadOnlySpan<byte> id) => _known.GetValueOrDefault(Convert.ToHexStringLower(id));

    /// <summary>Makes sure, once at the start, that there is a key and that none is missing which the stored content needs.</summary>
    /// <param name="needed">The ids of all keys that the database's content was ever encrypted with.</param>
    /// <exception cref="ModuleConfigurationException">One is missing; the sentence says which, and nothing was made.</exception>
    public void Settle(IReadOnlyCollection<string> needed)
    {
        if (needed.FirstOrDefault(id => !_known.ContainsKey(id) && !_options.LostKeys.Contains(id)) is { } missing)
        {
            throw new ModuleConfigurationException(Words.Of(
                $"档案内容由密钥 {missing} 加密，而 Customs:Archive:Key、Customs:Archive:RetiredKeys 与 {_file} 中均没有它：请提供该密钥；如已永久丢失，请将 {missing} 写入 Customs:Archive:LostKeys，相应内容将不可读",
                $"The archive's content was encrypted with key {missing}, which is neither in Customs:Archive:Key nor in Customs:Archive:RetiredKeys nor in {_file}: give it; where it is lost for good, put {missing} into Customs:Archive:LostKeys, and what needs it stays unreadable"));
        }

        _current ??= Know(ContentKey.Make(_file));
    }

    private ContentKey Know(ContentKey key)
    {
        _known[key.Id] = key;
        return key;
    }
}
