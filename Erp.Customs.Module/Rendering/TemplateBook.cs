using Erp.Customs.Contracts;
using Erp.Customs.Module.Storage;
using Microsoft.Extensions.Logging;

namespace Erp.Customs.Module.Rendering;

/// <summary>
/// 模板: which are in force. Version 0 of each is the file beside the module; what was published stands in the database, wins over the file, and reaches every node within
/// <see cref="TemplateWatch.Interval"/>. What cannot be used is told and changes nothing: the templates before it stay.
/// </summary>
internal sealed class TemplateBook(ModuleContext context, TemplateTable table, RenderersInForce renderers, ILogger<TemplateBook> logger) : IDisposable
{
    private readonly SemaphoreSlim _one = new(1, 1);
    private readonly Dictionary<string, TemplateSource> _files = TemplateSource.Names.ToDictionary(name => name, name => TemplateSource.OfFile(context.ModuleDirectory, name), StringComparer.Ordinal);
    private volatile IReadOnlyDictionary<string, TemplateSource>? _inForce;
    private volatile IReadOnlyDictionary<string, TemplateSource>? _tried;
    private volatile string? _problem;

    /// <summary>Whether templates are used at all; without Scriban the built-in writer renders.</summary>
    public static bool IsUsed => PayExchangeRenderers.ScribanBuiltIn;

    /// <summary>What is in force, by name.</summary>
    public IReadOnlyDictionary<string, TemplateSource> InForce => _inForce ?? _files;

    /// <summary>Why what was published last is not in force; <see langword="null"/> when it is.</summary>
    public string? Problem => _problem;

    /// <summary>The file beside the module.</summary>
    public TemplateSource File(string name) => _files[name];

    /// <summary>Looks what was published, and puts it into force.</summary>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            var wanted = new Dictionary<string, TemplateSource>(_files, StringComparer.Ordinal);
            foreach (var published in await table.NewestAsync(cancellationToken))
            {
                if (wanted.ContainsKey(published.Name))
                {
                    wanted[published.Name] = TemplateSource.Of(published.Name, published.Version, published.Text);
                }
            }

            if (!Same(wanted, _tried ?? _files))
            {
                _tried = wanted;
                Use(wanted);
            }
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Publishes a template, unless somebody else has published one since; it is in force on this node when the task completes.</summary>
    /// <param name="template">As it will be stored; tried before.</param>
    /// <returns><see langword="false"/> when there is a newer one: nothing is published.</returns>
    public async Task<bool> PublishAsync(PublishedTemplate template)
    {
        if (!await table.AddAsync(template))
        {
            return false;
        }

        logger.LogWarning("{User} published template {Path} version {Version}", template.By, template.Name, template.Version);
        await RefreshAsync(CancellationToken.None);
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _one.Dispose();

    private void Use(IReadOnlyDictionary<string, TemplateSource> wanted)
    {
        try
        {
            if (TemplateEngine.Make(wanted, logger) is { } made)
            {
                renderers.Switch(made.Customs, made.Cbt);
                (_inForce, _problem) = (wanted, null);
            }
        }
        catch (ModuleConfigurationException wrong)
        {
            _problem = wrong.Message;
            logger.LogError("What was published last cannot be used, the templates before it stay: {Problem}", wrong.Message);
        }
    }

    private static bool Same(IReadOnlyDictionary<string, TemplateSource> some, IReadOnlyDictionary<string, TemplateSource> others) =>
        some.All(one => others[one.Key].Version == one.Value.Version);
}
