namespace Erp.Customs.Host.Verbs;

/// <summary>Serves until Ctrl+C or SIGTERM.</summary>
internal static class ServeVerb
{
    public static Verb Verb { get; } = new("serve", "启动服务（默认）。 Serves; meant when no verb is named.", RunAsync);

    private static async Task<int> RunAsync(VerbArguments arguments)
    {
        await using var app = HostApplication.Build(arguments);
        if (!await HostApplication.StartAsync(app))
        {
            return VerbTable.Failed;
        }

        await app.WaitForShutdownAsync();
        return 0;
    }
}
