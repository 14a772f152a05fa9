using System.Text.Json;
using Erp.Customs.Contracts;
using Erp.Customs.Contracts.Hosting;
using Erp.Customs.Module;
using Erp.Customs.Module.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Erp.Customs.Benchmarks.World;

/// <summary>An ERP on Kestrel with the module in it and its SQLite file on the disk, all settings as usual but the rate limit.</summary>
internal sealed class ModuleWorld : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ModuleWorld(WebApplication app) => (_app, Address) = (app, new Uri(app.Urls.Single()));

    /// <summary>Where the ERP listens.</summary>
    public Uri Address { get; }

    /// <summary>platDataOpen.</summary>
    public Uri PlatDataOpen => new(Address, "/customs/platDataOpen");

    /// <summary>Starts it.</summary>
    /// <param name="folder">For its data.</param>
    /// <param name="merchant">The one merchant.</param>
    /// <param name="uploadUrl">Customs.</param>
    /// <param name="services">Ports of the host.</param>
    /// <param name="map">What else the ERP serves.</param>
    /// <param name="engine">What drives the uploads.</param>
    /// <param name="settings">Settings beside the usual ones.</param>
    public static async Task<ModuleWorld> StartAsync(
        string folder, MerchantOptions merchant, Uri uploadUrl, Action<IServiceCollection>? services = null, Action<WebApplication>? map = null, JobEngineChoice engine = JobEngineChoice.Auto,
        IReadOnlyList<(string Name, string Value)>? settings = null)
    {
        var prefix = $"Customs:Merchants:{merchant.Name}:";
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = folder });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Modules:Enabled"] = "Erp.Customs",
            ["Customs:Upload:Url"] = uploadUrl.ToString(),
            ["Customs:RequestsPerSecond"] = "1000000",
            ["Customs:Jobs:Engine"] = EnumWords<JobEngineChoice>.Word(engine),
            [prefix + "EbpCode"] = merchant.EbpCode,
            [prefix + "Signing:Kind"] = merchant.Signing.Kind,
            [prefix + "Signing:KeyFile"] = merchant.Signing.KeyFile,
            [prefix + "Signing:KeyPassword"] = merchant.Signing.KeyPassword,
        });
        builder.Configuration.AddInMemoryCollection(settings?.Select(setting => KeyValuePair.Create(setting.Name, (string?)setting.Value)));
        builder.Configuration.AddInMemoryCollection(merchant.Signing.Agents.Select(agent => KeyValuePair.Create($"{prefix}Signing:Agents:{agent.Key}", (string?)Convert.ToHexStringLower(agent.Value))));
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRouting();
        builder.Services.AddDataProtection().UseEphemeralDataProtectionProvider();
        builder.Services.AddErpModules(modules =>
        {
            modules.ModulesDirectory = Path.Combine(folder, "no-folders");
            modules.DataDirectory = Path.Combine(folder, "data");
            modules.AddModule<CustomsModule>(Manifest(), AppContext.BaseDirectory);
        });
        services?.Invoke(builder.Services);
        var app = builder.Build();
        app.UseErpModules();
        map?.Invoke(app);
        await app.StartAsync();
        var module = app.Services.GetRequiredService<IErpModules>().All.Single();
        return module.State == ModuleState.Running ? new ModuleWorld(app) : throw new InvalidOperationException(module.Sentence);
    }

    /// <summary>Services of the ERP.</summary>
    public IServiceProvider Erp => _app.Services;

    /// <summary>A service of the module.</summary>
    public T Service<T>() where T : class => _app.Services.GetRequiredService<IErpModules>().Find<T>() ?? throw new InvalidOperationException($"The module has no {typeof(T).Name}.");

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static ModuleManifest Manifest() =>
        JsonSerializer.Deserialize<ModuleManifest>(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "module.json")), JsonSerializerOptions.Web)!;
}
