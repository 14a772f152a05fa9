using Erp.Customs.Contracts;
using Erp.Customs.Contracts.Hosting;

namespace Erp.Customs.Host.Verbs;

/// <summary>What verbs have in common that ask the module for something and end.</summary>
internal static class ModuleVerb
{
    /// <summary>Starts a host with the module, has it do something, and stops it.</summary>
    /// <param name="arguments">What the verb has left.</param>
    /// <param name="address">The integration API's address of the same, for where the service runs already.</param>
    /// <param name="work">What to do; gives the exit code.</param>
    /// <param name="reads">It only reads: then a module that is switched off, as one that was detached, is opened for it and not started.</param>
    public static async Task<int> RunAsync(VerbArguments arguments, string address, Func<ICustoms, CancellationToken, Task<int>> work, bool reads = false)
    {
        // The module needs a host around it; nobody needs to know where this one listens.
        await using var app = HostApplication.Build(new VerbArguments([.. arguments.Rest, "--urls", "http://127.0.0.1:0"]));
        if (!await HostApplication.StartAsync(app))
        {
            return VerbTable.Failed;
        }

        var modules = app.Services.GetRequiredService<IErpModules>();
        var result = modules.Find<ICustoms>() is { } customs ? await work(customs, app.Lifetime.ApplicationStopping)
            : reads && modules.All is [{ State: ModuleState.Disabled } off] ? await ReadAsync(modules, off.Manifest.Id, work, app.Lifetime.ApplicationStopping)
            : await SayWhyNotAsync(modules, address);
        await app.StopAsync();
        return result;
    }

    private static async Task<int> ReadAsync(IErpModules modules, string id, Func<ICustoms, CancellationToken, Task<int>> work, CancellationToken cancellationToken)
    {
        try
        {
            return await modules.ReadAsync<ICustoms, int>(id, customs => work(customs, cancellationToken), cancellationToken);
        }
        catch (ModuleConfigurationException exception)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return VerbTable.Failed;
        }
    }

    private static async Task<int> SayWhyNotAsync(IErpModules modules, string address)
    {
        await Console.Error.WriteLineAsync($"模块未运行，服务运行中时请改用接口 {address}。 The module does not run here; where the service runs, use its address {address}. {modules.Explain()}");
        return VerbTable.Failed;
    }
}
