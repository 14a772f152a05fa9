using Erp.Customs.Contracts;
using Erp.Customs.Contracts.Hosting;
using Erp.Customs.Host.Demo;
using Erp.Customs.Simulator;

namespace Erp.Customs.Host.Verbs;

/// <summary>The whole job on this machine: an ERP with the module, simulated customs and payment bridge, two merchants, two dozen payments, four pushed orders.</summary>
internal static class DemoVerb
{
    public static Verb Verb { get; } = new(
        "demo", "演示全流程（本机模拟海关），--exit 完成后退出。 Shows the whole job against simulated customs; --exit ends when it is done.", RunAsync);

    private static async Task<int> RunAsync(VerbArguments arguments)
    {
        var exit = arguments.TakeFlag("--exit");
        var data = Path.GetFullPath(arguments.TakeOption("--data") ?? "data");
        var folder = Path.Combine(data, "demo");
        var setup = DemoSetup.ReadOrMake(folder, TimeProvider.System);
        await using var customs = await StartCustomsAsync(folder);
        if (customs is null)
        {
            return VerbTable.Failed;
        }

        setup.RegisterAt(customs, folder);
        await using var app = HostApplication.Build(
            new VerbArguments([.. arguments.Rest, "--data", data]),
            builder => builder.Configuration.AddInMemoryCollection(setup.Settings(folder, customs.UploadAddress, customs.BaseAddress)));
        if (!await HostApplication.StartAsync(app))
        {
            return VerbTable.Failed;
        }

        var problems = await TellAsync(app, setup, customs);
        PrintAddresses(app, setup, customs);
        if (!exit)
        {
            Console.WriteLine("按 Ctrl+C 结束。 Serving until Ctrl+C.");
            await app.WaitForShutdownAsync();
        }

        await app.StopAsync();
        return problems == 0 ? 0 : VerbTable.Failed;
    }

    private static async Task<CustomsServer?> StartCustomsAsync(string folder)
    {
        try
        {
            return await CustomsServer.StartAsync(new CustomsServerOptions { LogFile = Path.Combine(folder, "customs.jsonl"), AcceptUnasked = true }, CancellationToken.None);
        }
        catch (IOException exception)
        {
            await Console.Error.WriteLineAsync($"该数据目录可能正被另一个演示使用，请用 --data 另选。 Another demo may be using this data; choose another folder with --data: {exception.Message}");
            return null;
        }
    }

    private static async Task<int> TellAsync(WebApplication app, DemoSetup setup, CustomsServer customs)
    {
        var modules = app.Services.GetRequiredService<IErpModules>();
        if (modules.Find<ICustoms>() is not { } archive)
        {
            await Console.Error.WriteLineAsync($"模块未运行。 The module does not run. {modules.Explain()}");
            return 1;
        }

        using var run = new DemoRun(new Uri(app.Urls.First()), setup.ApiKey, customs, archive);
        var problems = await run.TellAsync(DemoOrders.Build(setup.Day), DemoPush.Build(setup.Day), app.Lifetime.ApplicationStopping);
        foreach (var problem in problems)
        {
            await Console.Error.WriteLineAsync(problem);
        }

        Console.WriteLine(problems.Count == 0
            ? "全部受理，全部校验一致。 Everything was accepted and every sum matches."
            : $"有 {problems.Count} 处未成功，见上。 {problems.Count} things did not succeed, see above.");
        return problems.Count;
    }

    private static void PrintAddresses(WebApplication app, DemoSetup setup, CustomsServer customs)
    {
        var erp = app.Urls.First();
        Console.WriteLine($"""

            ERP                          {erp}/
            模块管理 module screen       {erp}/admin/modules
            海关支付数据 module          {erp}/customs/admin
            模拟海关 simulated customs   {customs.BaseAddress}
            用户 user / 口令 password    {DemoSetup.User} / {setup.Password}
            """);
    }
}
