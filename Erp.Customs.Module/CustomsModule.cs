using System.Threading.RateLimiting;
using Erp.Customs.Contracts;
using Erp.Customs.Contracts.Capture;
using Erp.Customs.Module.Admin;
using Erp.Customs.Module.Admin.Dashboard;
using Erp.Customs.Module.Admin.Import;
using Erp.Customs.Module.Archive;
using Erp.Customs.Module.Archive.Bundles;
using Erp.Customs.Module.Archive.Capture;
using Erp.Customs.Module.Archive.Sealing;
using Erp.Customs.Module.Completeness;
using Erp.Customs.Module.Diagnostics;
using Erp.Customs.Module.Diagnostics.Alerts;
using Erp.Customs.Module.Diagnostics.Health;
using Erp.Customs.Module.Integration;
using Erp.Customs.Module.Jobs;
using Erp.Customs.Module.Payments;
using Erp.Customs.Module.Platform;
using Erp.Customs.Module.Rendering;
using Erp.Customs.Module.Retention;
using Erp.Customs.Module.Signing;
using Erp.Customs.Module.Signing.Agents;
using Erp.Customs.Module.Storage;
using Erp.Customs.Module.Upload;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Erp.Customs.Module;

/// <summary>The module as an ERP loads it: the only place that knows all rooms.</summary>
public sealed class CustomsModule : IErpModule
{
    /// <inheritdoc/>
    public IReadOnlyList<Permission> Permissions => CustomsPermissions.All;

    /// <inheritdoc/>
    public string BasePath(IConfiguration configuration) => new CustomsOptionsReader(configuration, secrets: null).BasePath();

    /// <inheritdoc/>
    public IReadOnlyList<MenuEntry> Menu(IConfiguration configuration) =>
    [
        .. AdminMenu.Entries(BasePath(configuration)),
        .. JobsScreen.Menu(BasePath(configuration), new CustomsOptionsReader(configuration, secrets: null).JobEngine()),
    ];

    /// <inheritdoc/>
    public void ConfigureServices(IServiceCollection services, ModuleContext context)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(context);
        var secrets = Registered<ISecretStore>(services);
        var time = Registered<TimeProvider>(services) ?? TimeProvider.System;
        var stored = StorageServices.ReadAhead(Registered<IErpDatabase>(services), new CustomsOptionsReader(context.Configuration, secrets).Database(), context.DataDirectory);
        var layers = new SettingLayers(context.Configuration, secrets, stored);
        var options = layers.Read(stored);

        services.AddSingleton(layers);
        services.AddSingleton(options);
        services.AddSingleton(context);

        services.AddStorage(context);
        services.AddAlerts();
        services.AddDiagnostics(options);
        services.AddSingleton<PaymentArchive>();
        services.AddSingleton<PaymentIntake>();
        services.AddSingleton<Answerable>();
        services.AddSingleton<CaptureArchive>();
        services.AddSingleton<ICaptureReceiver>(provider => provider.GetRequiredService<CaptureArchive>());
        services.AddSealing(options.Archive, context.DataDirectory);
        services.AddSingleton<ClearAccess>();
        services.AddSingleton<EvidenceBundles>();
        services.AddRendering(context);
        services.AddSigning();

        // Filled up about ten times a second, and always at the rate that is set: 19 a second are one every 52.6 ms.
        var tokens = Math.Max(1, options.RequestsPerSecond / 10);
        services.AddSingleton<RateLimiter>(_ => new TokenBucketRateLimiter(new TokenBucketRateLimiterOptions
        {
            TokenLimit = options.RequestsPerSecond,
            TokensPerPeriod = tokens,
            ReplenishmentPeriod = TimeSpan.FromSeconds(tokens / (double)options.RequestsPerSecond),
            QueueLimit = 0,
        }));
        services.AddSingleton<PlatDataOpenEndpoint>();
        services.AddSingleton<CustomsService>();
        services.AddSingleton<ICustoms>(provider => provider.GetRequiredService<CustomsService>());

        services.AddSingleton(CustomsReplies.Read(context.ModuleDirectory));
        services.AddSingleton<CustomsClient>();
        services.AddSingleton<RetrySchedule>();
        services.AddSingleton<PersonNotice>();
        services.AddSingleton<PaymentFinder>();
        services.AddSingleton<EnvelopeMaker>();
        services.AddSingleton<SignerGate>();
        services.AddSingleton<ISignerStop>(provider => provider.GetRequiredService<SignerGate>());
        services.AddSingleton<ITestSigning, TestSigning>();
        services.AddSingleton<IUploadWork, UploadWork>();
        services.AddSingleton<IUploadRecord, UploadRecord>();
        services.AddSingleton<IUploadRequeue, RequeueRequests>();
        services.AddSingleton<UploadCircuits>();
        services.AddSingleton<IUploadIncidents, UploadIncidents>();

        services.AddPayments(context, options);

        services.AddSingleton<RetentionTable>();
        services.AddSingleton<ClockTrust>();
        services.AddSingleton<RetentionJob>();
        services.AddSingleton<IRetention>(provider => provider.GetRequiredService<RetentionJob>());
        services.AddSingleton<ILegalHolds, LegalHolds>();
        services.AddSingleton<IOrderEnds, OrderEnds>();
        services.AddSingleton<DetachedArchive>();
        services.AddSingleton<IScheduledWork, RetentionSchedule>();
        services.AddSingleton<CompletenessTable>();
        services.AddSingleton<ICompleteness, CompletenessCheck>();
        services.AddSingleton<IScheduledWork, CompletenessSchedule>();
        services.AddSingleton<DaySums>();
        services.AddSingleton<IScheduledWork>(provider => provider.GetRequiredService<DaySums>());
        services.AddHostedService<DeadlineWatch>();
        services.AddJobs(time);
        services.PreferHangfire(
            provider =>
            {
                var database = provider.GetRequiredService<CustomsDatabase>();
                return new JobsDatabase(database.Engine, database.Server);
            },
            options.JobEngine);
        services.AddAdmin();
        services.AddJobsScreen();
    }

    /// <inheritdoc/>
    public void Configure(IApplicationBuilder app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.UseMiddleware<WellFormedAnswers>();
        app.UseModuleAssets();
        app.UseJobsScreen();
        app.UseRouting();
        app.UseAntiforgery();
        app.UseEndpoints(endpoints =>
        {
            PlatDataOpenEndpoint.Map(endpoints);
            PaymentCallbackEndpoint.Map(endpoints);
            IntegrationEndpoints.Map(endpoints);
            SignAgentEndpoints.Map(endpoints);
            HealthEndpoint.Map(endpoints, CustomsPermissions.View);
            endpoints.MapAdmin();
        });
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> MigrateAsync(IServiceProvider services, bool dryRun, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(services);
        await services.GetRequiredService<CustomsDatabase>().OpenAsync(cancellationToken);
        var migrations = services.GetRequiredService<Migrations>();
        var steps = dryRun ? await migrations.PlanAsync(cancellationToken) : await migrations.ApplyAsync(cancellationToken);
        return [.. steps.Select(step => $"{step.Name}  sha256 {step.Sha256[..12]}")];
    }

    /// <inheritdoc/>
    public async Task StartAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(services);
        await services.GetRequiredService<CustomsDatabase>().OpenAsync(cancellationToken);
        await services.GetRequiredService<Migrations>().ApplyAsync(cancellationToken);
        await services.GetRequiredService<ContentKeyTable>().SettleAsync();
        if ((await services.GetRequiredService<SettingTable>().ReadAsync(cancellationToken)).Number != services.GetRequiredService<SettingLayers>().InForce.Number)
        {
            throw new ModuleConfigurationException(Words.Of("启动期间参数设置有变动或当时无法读取，请再启动一次", "The settings of the screen changed during the start, or could not be read then: start it again"));
        }

        await services.GetRequiredService<RequestTable>().ReleaseLeasesOfEarlierBootsAsync();
        await services.GetRequiredService<SignJobTable>().RemoveOfEarlierBootsAsync();
        await services.StartPaymentsAsync();
        await services.GetRequiredService<TemplateBook>().RefreshAsync(cancellationToken);
        services.GetRequiredService<Signers>().LoadAll();
        services.GetRequiredService<SealingKey>();
        services.GetRequiredService<ImportFolder>();
        ModuleStart.Announce(services);
    }

    /// <inheritdoc/>
    public void Stopping(IServiceProvider services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.GetRequiredService<AgentDesk>().Stop();
    }

    /// <summary>What came in until now is sealed, and a checkpoint says so.</summary>
    public async Task StopAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(services);
        await services.GetRequiredService<Checkpoints>().MakeAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<SelfCheck>> CheckAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(services);
        return services.GetRequiredService<SelfChecks>().RunAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public Task RefuseAsync(HttpContext http, ModuleRefusal refusal)
    {
        ArgumentNullException.ThrowIfNull(http);
        return Refusal.WriteAsync(http, refusal);
    }

    /// <inheritdoc/>
    public Task OpenAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(services);
        return services.GetRequiredService<CustomsDatabase>().OpenAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<string?> DetachAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(services);
        return await services.GetRequiredService<DetachedArchive>().LeaveAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public Task<string?> WhyKeepAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(services);
        return services.GetRequiredService<IRetention>().WhyKeepAsync(cancellationToken);
    }

    private static T? Registered<T>(IServiceCollection services) where T : class =>
        services.LastOrDefault(service => service.ServiceType == typeof(T))?.ImplementationInstance as T;
}
