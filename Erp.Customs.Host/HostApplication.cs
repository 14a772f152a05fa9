using System.Text.Unicode;
using Erp.Customs.Contracts;
using Erp.Customs.Contracts.Hosting;
using Erp.Customs.Host.Ports;
using Erp.Customs.Host.Users;
using Erp.Customs.Host.Verbs;
using Erp.Customs.Host.Web;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.WebEncoders;

namespace Erp.Customs.Host;

/// <summary>The ERP put together: configuration, users, ports, modules, pages. Every verb that serves builds it here.</summary>
internal static class HostApplication
{
    /// <summary>Where it listens when nothing else is said.</summary>
    public const string DefaultUrl = "http://127.0.0.1:5080";

    /// <summary>The setting that <c>--data</c> stands for.</summary>
    public const string DataDirectorySetting = "Host:DataDirectory";

    // Weaker than any setting. One line per request would tell nothing; that a new key is not encrypted is known: its folder's rights keep others out.
    private static readonly Dictionary<string, string?> _quietLog = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Logging:LogLevel:Microsoft.AspNetCore"] = "Warning",
        ["Logging:LogLevel:Microsoft.AspNetCore.DataProtection.KeyManagement.XmlKeyManager"] = "Error",
    };

    /// <summary>Builds it; nothing listens yet.</summary>
    /// <param name="arguments">Takes <c>--data</c>; what is left is configuration.</param>
    /// <param name="configure">Adds configuration and services after the host's own, e.g. a demo's settings.</param>
    public static WebApplication Build(VerbArguments arguments, Action<WebApplicationBuilder>? configure = null)
    {
        var typedData = arguments.TakeOption("--data");
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = arguments.Rest, ContentRootPath = AppContext.BaseDirectory });
        var data = PrepareData(typedData ?? builder.Configuration[DataDirectorySetting] ?? "data");
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = _quietLog });
        builder.Configuration
            .AddJsonFile(new PhysicalFileProvider(data), "appsettings.json", optional: true, reloadOnChange: true)
            .AddEnvironmentVariables()
            .AddCommandLine(arguments.Rest)
            .AddInMemoryCollection([new(DataDirectorySetting, data)]);
        if (builder.Configuration["urls"] is null && builder.Configuration["http_ports"] is null && !builder.Configuration.GetSection("Kestrel:Endpoints").Exists())
        {
            builder.WebHost.UseUrls(DefaultUrl);
        }

        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        AddServices(builder, data);
        configure?.Invoke(builder);
        var app = builder.Build();
        UsePipeline(app);
        return app;
    }

    /// <summary>Starts it and prints where it listens.</summary>
    /// <returns>False when it cannot listen there; a sentence has been printed.</returns>
    public static async Task<bool> StartAsync(WebApplication app)
    {
        try
        {
            await app.StartAsync();
        }
        catch (IOException exception) when (exception.InnerException is AddressInUseException)
        {
            await Console.Error.WriteLineAsync($"监听地址已被占用，请用 --urls 另选。 The address is in use, choose another one with --urls: {exception.Message}");
            return false;
        }

        foreach (var url in app.Urls)
        {
            Console.WriteLine($"已启动 listening: {url}");
        }

        return true;
    }

    private static string PrepareData(string directory)
    {
        var data = Path.GetFullPath(directory);
        OwnFolder.Create(data);
        return data;
    }

    private static void AddServices(WebApplicationBuilder builder, string data)
    {
        var services = builder.Services;
        services.AddSingleton(TimeProvider.System);
        services.AddHostKeys(data);
        services.AddHostUsers();
        services.AddSingleton<INotifier, LogNotifier>();
        if (builder.Configuration[FileSecrets.DirectorySetting] is { Length: > 0 } secrets)
        {
            services.AddSingleton<ISecretStore>(new FileSecrets(Path.GetFullPath(secrets)));
        }

        if (builder.Configuration[PaidOrderFiles.DirectorySetting] is { Length: > 0 } paidOrders)
        {
            services.AddSingleton<IPaidOrders>(new PaidOrderFiles(Path.GetFullPath(paidOrders)));
        }

        services.AddErpModules(options => options.DataDirectory = data);
        services.Configure<WebEncoderOptions>(options => options.TextEncoderSettings = new(UnicodeRanges.All));
        services.AddHttpContextAccessor();
        services.AddScoped<Words>();
        services.AddScoped<HostMenu>();
        services.AddRazorPages(options => options.Conventions
            .AuthorizePage("/Index")
            .AuthorizeFolder("/Admin", HostPermissions.Modules.Key));
    }

    private static void UsePipeline(WebApplication app)
    {
        app.UseExceptionHandler("/error");
        app.UseSecurityHeaders();
        app.UseStaticFiles();
        app.UseLanguageChoice();
        app.UseAuthentication();
        app.UseErpModules();
        // From here on everything is a screen of the host's own.
        app.UseStatusCodePagesWithReExecute("/status/{0}");
        app.UseClosedScreens();
        app.UseRouting();
        app.UseAuthorization();
        app.MapRazorPages();
    }
}
