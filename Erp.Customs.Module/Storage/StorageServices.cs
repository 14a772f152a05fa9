using Erp.Customs.Contracts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Erp.Customs.Module.Storage;

/// <summary>Registers the database and its tables.</summary>
internal static class StorageServices
{
    /// <summary>The SQLite file in the module's data folder.</summary>
    private const string FileName = "customs.db";

    public static IServiceCollection AddStorage(this IServiceCollection services, ModuleContext context)
    {
        services.AddSingleton<CustomsDatabase>(provider => provider.GetService<IErpDatabase>() is { } host
            ? throw new ModuleConfigurationException($"The host hands in a database of engine '{host.Engine}', but this version of the module keeps its own SQLite file: register no IErpDatabase.")
            : new SqliteDatabase(Path.Combine(context.DataDirectory, FileName)));
        services.AddSingleton(provider => new Migrations(
            provider.GetRequiredService<CustomsDatabase>(),
            Path.Combine(context.ModuleDirectory, "migrations"),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<Migrations>>()));
        services.AddSingleton<RequestTable>();
        services.AddSingleton<CaptureTable>();
        return services;
    }
}
