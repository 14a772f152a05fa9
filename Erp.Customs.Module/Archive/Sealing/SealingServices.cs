using Erp.Customs.Contracts;
using Microsoft.Extensions.DependencyInjection;

namespace Erp.Customs.Module.Archive.Sealing;

/// <summary>Registers what seals and verifies the archive.</summary>
internal static class SealingServices
{
    private const string FolderName = "checkpoints";

    /// <param name="services">The module's services; a host's <see cref="ICheckpointTarget"/> is among them already.</param>
    /// <param name="options">The settings.</param>
    /// <param name="dataFolder">The module's data folder.</param>
    public static IServiceCollection AddSealing(this IServiceCollection services, ArchiveOptions options, string dataFolder)
    {
        services.AddSingleton(options);
        services.AddSingleton(_ => new SealingKey(options, dataFolder));
        services.AddSingleton(_ => new VerificationState(Path.Combine(dataFolder, VerificationState.FileName)));
        services.AddSingleton<ICheckpointTarget>(_ => new CheckpointFolder(options.CheckpointFolder.Length > 0 ? options.CheckpointFolder : Path.Combine(dataFolder, FolderName)));
        services.AddSingleton<Sealer>();
        services.AddSingleton<Erasures>();
        services.AddSingleton<Checkpoints>();
        services.AddSingleton<ArchiveVerifier>();
        return services;
    }
}
