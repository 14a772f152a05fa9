using Erp.Customs.Contracts.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Erp.Customs.Contracts.Capture;

/// <summary>The doors of payment capture, as an ERP opens them; the third is <see cref="IPaymentCapture.Note(string, string, CapturedKind, string, string)"/>.</summary>
public static class PaymentCaptureExtensions
{
    /// <summary>
    /// Adds <see cref="IPaymentCapture"/>. <c>AddErpModules</c> and <see cref="AddRawPaymentCapture"/> do it by themselves; call it to change the limits, or in a process
    /// that loads no modules: what it captures then waits in its folder.
    /// </summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configure">Changes folder and limits.</param>
    public static IServiceCollection AddPaymentCapture(this IServiceCollection services, Action<PaymentCaptureOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddOptions<PaymentCaptureOptions>();
        if (configure is not null)
        {
            services.Configure(configure);
        }

        services.AddLogging();
        services.TryAddSingleton(provider => new CaptureCounts(Time(provider), provider.GetRequiredService<ILogger<PaymentCapture>>()));
        services.TryAddSingleton(Spool);
        services.TryAddSingleton(provider => new PaymentCapture(provider.GetRequiredService<CaptureSpool>(), provider.GetRequiredService<CaptureCounts>(), Time(provider)));
        services.TryAddSingleton<IPaymentCapture>(provider => provider.GetRequiredService<PaymentCapture>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, CaptureLife>());
        return services;
    }

    /// <summary>
    /// 第一道门: captures what a client sends to a payment company and what comes back, byte for byte. Add it last, next to the transport, so that it hears what other
    /// handlers have made of a request, and each of a retry's attempts.
    /// </summary>
    /// <param name="builder">The client.</param>
    /// <param name="configure">Whose exchanges, and how their trade numbers are found.</param>
    /// <exception cref="InvalidOperationException">An option is missing or wrong.</exception>
    public static IHttpClientBuilder AddRawPaymentCapture(this IHttpClientBuilder builder, Action<RawPaymentCaptureOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        var options = new RawPaymentCaptureOptions();
        configure(options);
        options.Check();
        builder.Services.AddPaymentCapture();
        return builder.AddHttpMessageHandler(provider => new RawPaymentCaptureHandler(provider.GetRequiredService<PaymentCapture>(), options));
    }

    /// <summary>
    /// 第二道门: captures the notifies that a payment company sends to the ERP's own address, and the ERP's answers. Stands before the endpoint or middleware that answers them;
    /// only what that has accepted is captured, see <see cref="PaymentNotifyCaptureOptions.Accepted"/>.
    /// </summary>
    /// <param name="app">The host's pipeline.</param>
    /// <param name="path">The address' path, with everything below it.</param>
    /// <param name="configure">Whose notifies, and how their trade numbers are found.</param>
    /// <exception cref="InvalidOperationException">An option is missing or wrong.</exception>
    public static IApplicationBuilder CapturePaymentNotify(this IApplicationBuilder app, PathString path, Action<PaymentNotifyCaptureOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(app);
        ArgumentNullException.ThrowIfNull(configure);
        var options = new PaymentNotifyCaptureOptions();
        configure(options);
        options.Check();
        var capture = new PaymentNotifyCapture(app.ApplicationServices.GetRequiredService<PaymentCapture>(), options);
        return app.Use((http, next) => http.Request.Path.StartsWithSegments(path, StringComparison.OrdinalIgnoreCase) ? capture.InvokeAsync(http, next) : next(http));
    }

    private static CaptureSpool Spool(IServiceProvider provider)
    {
        var options = provider.GetRequiredService<IOptions<PaymentCaptureOptions>>().Value;
        var data = provider.GetService<IOptions<ErpModulesOptions>>()?.Value.DataDirectory ?? new ErpModulesOptions().DataDirectory;
        var directory = Path.GetFullPath(options.Directory ?? Path.Combine(data, "captured-payments"));
        var modules = provider.GetService<IErpModules>();
        return new CaptureSpool(
            options, new SpoolFolder(directory, options.DirectoryLimit), () => modules?.Find<ICaptureReceiver>(), provider.GetRequiredService<CaptureCounts>(), Time(provider));
    }

    private static TimeProvider Time(IServiceProvider provider) => provider.GetService<TimeProvider>() ?? TimeProvider.System;
}

/// <summary>Starts the spool with the host, and ends it when everything else of the host, which may still pay, has ended.</summary>
internal sealed class CaptureLife(CaptureSpool spool) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        spool.Start();
        return Task.CompletedTask;
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => spool.StopAsync(cancellationToken);
}
