using Erp.Customs.Contracts;
using Erp.Customs.Contracts.Hosting;

namespace Erp.Customs.Host.Verbs;

/// <summary>Brings the databases of the modules up to date, or says what would be done.</summary>
internal static class MigrateVerb
{
    public static Verb Verb { get; } = new(
        "migrate", "升级数据库，--dry-run 只列出将执行的脚本。 Brings the database up to date; --dry-run only says what it would do.", RunAsync);

    private static async Task<int> RunAsync(VerbArguments arguments)
    {
        var dryRun = arguments.TakeFlag("--dry-run");
        // Built and not started: nothing listens and no module runs.
        await using var app = HostApplication.Build(arguments);
        var modules = app.Services.GetRequiredService<IErpModules>();
        modules.Discover();
        foreach (var module in modules.All)
        {
            try
            {
                var steps = await modules.MigrateAsync(module.Manifest.Id, dryRun, CancellationToken.None);
                Console.WriteLine(steps.Count == 0
                    ? $"{module.Manifest.Id}: 已是最新 up to date"
                    : $"{module.Manifest.Id}: {(dryRun ? "将执行 would apply" : "已执行 applied")}\n  {string.Join("\n  ", steps)}");
            }
            catch (ModuleConfigurationException exception)
            {
                await Console.Error.WriteLineAsync($"{module.Manifest.Id}: {exception.Message}");
                return VerbTable.Failed;
            }
        }

        return 0;
    }
}
