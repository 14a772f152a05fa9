using Erp.Customs.Contracts;
using Erp.Customs.Module.Storage;
using Microsoft.Extensions.Configuration;

namespace Erp.Customs.Module;

/// <summary>What the screen 参数设置 has set lies over the host's configuration.</summary>
/// <param name="host">The host's configuration.</param>
/// <param name="secrets">The host's secret store.</param>
/// <param name="inForce">What was set when the module started, and counts until it starts again.</param>
internal sealed class SettingLayers(IConfiguration host, ISecretStore? secrets, StoredSettings inForce)
{
    private const string Channels = "Customs:Alerts:Channels:";

    /// <summary>What the screen had set when the module started.</summary>
    public StoredSettings InForce => inForce;

    /// <summary>The host's own value of a setting; <see langword="null"/> where it gives none.</summary>
    public string? OfHost(string name) => host[name] is { Length: > 0 } value ? value : null;

    /// <summary>Whether the host gives a setting, or settings under it.</summary>
    public bool IsInHost(string name) => host.GetSection(name).GetChildren().Any() || OfHost(name) is not null;

    /// <summary>Whether the host's secret store gives a secret.</summary>
    public bool IsInStore(string name) => secrets?.Read(name) is { Length: > 0 };

    /// <summary>Reads and checks everything together.</summary>
    /// <param name="stored">What the screen has set, or would set.</param>
    /// <exception cref="ModuleConfigurationException">Something is missing or wrong.</exception>
    public CustomsOptions Read(StoredSettings stored)
    {
        try
        {
            return new CustomsOptionsReader(
                new ConfigurationBuilder().AddConfiguration(host).AddInMemoryCollection(stored.Values.Where(IsOfSomething).Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value))).Build(), secrets).Read();
        }
        catch (ModuleConfigurationException wrong) when (stored.Values.Keys.FirstOrDefault(name => wrong.Message.Contains(name + " ", StringComparison.Ordinal)) is { } name)
        {
            throw new ModuleConfigurationException(
                Words.Of($"{Words.In(wrong.Message, english: false)}（{name} 在参数设置页面设置，优先于宿主配置）", $"{Words.In(wrong.Message, english: true)} ({name} was set on the settings screen and wins over the host's configuration)"), wrong);
        }
    }

    /// <summary>A channel that the host no longer has would come back without its address.</summary>
    private bool IsOfSomething(KeyValuePair<string, string> setting) =>
        !setting.Key.StartsWith(Channels, StringComparison.OrdinalIgnoreCase) || host.GetSection(setting.Key[..setting.Key.LastIndexOf(':')]).GetChildren().Any();
}
