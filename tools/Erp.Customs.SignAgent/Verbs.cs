using System.Security.Cryptography;
using System.Text;
using Erp.Customs.Contracts;
using Erp.Customs.Module;
using Erp.Customs.Module.Signing;
using Erp.Customs.SignAgent.Installing;
using Erp.Customs.SignAgent.Page;
using Erp.Customs.SignAgent.Settings;
using Erp.Customs.SignAgent.Working;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Erp.Customs.SignAgent;

/// <summary>What the program can do. Exit code 0: done; 1: it did not work out; 2: it was asked wrongly, or a setting is wrong.</summary>
internal static class Verbs
{
    private const int Done = 0;
    private const int Failed = 1;
    private const int Wrong = 2;

    /// <summary>Bytes of a token. 32: nobody guesses it.</summary>
    private const int TokenBytes = 32;

    private const string Help = """
        Erp.Customs 签名代理 (sign agent)    [VERB] [--data DIR]
          run              运行（默认）                     works: fetches texts and signs them (the default)
          token            生成令牌，打印其 SHA-256          makes a token and prints its SHA-256 for the module's settings
          secret NAME      从键盘读入机密，如 PIN            reads a secret, such as the PIN, from the keyboard
          test             试签名                           signs a harmless text
          install          登录时自动运行（--print 只打印）   has it started at logon (--print only prints how)
          uninstall        取消自动运行                     takes that away
          version          版本                             the version
          --data DIR       agent.json 与 secrets 所在文件夹；默认为程序所在文件夹 (the folder of agent.json and secrets; by default the program's)
        """;

    /// <summary>Does one of them.</summary>
    public static async Task<int> RunAsync(List<string> arguments)
    {
        var print = arguments.Remove("--print");
        var folder = new AgentFolder(Path.GetFullPath(TakeData(arguments) ?? AppContext.BaseDirectory));
        try
        {
            return arguments switch
            {
                [] or ["run"] => await WorkAsync(folder),
                ["token"] => await TokenAsync(folder),
                ["secret", var name] => await SecretAsync(folder, name),
                ["test"] => await TestAsync(folder),
                ["install"] => await InstallAsync(folder, print),
                ["uninstall"] => await UninstallAsync(),
                ["version"] => Say(AgentWork.Version),
                _ => Refuse(Help),
            };
        }
        catch (Exception problem) when (problem is ModuleConfigurationException or SignerException { Failure: SignerFailure.Configuration })
        {
            return Refuse(problem.Message);
        }
    }

    private static string? TakeData(List<string> arguments)
    {
        var at = arguments.IndexOf("--data");
        if (at < 0 || at + 1 >= arguments.Count)
        {
            return null;
        }

        var folder = arguments[at + 1];
        arguments.RemoveRange(at, 2);
        return folder;
    }

    private static async Task<int> WorkAsync(AgentFolder folder)
    {
        var settings = AgentSettings.Read(folder);
        await using var alone = folder.TryEnter();
        if (alone is null)
        {
            return Refuse(AnotherRuns);
        }

        using var logging = LoggerFactory.Create(log => log.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "yyyy-MM-dd HH:mm:ss ";
            console.ColorBehavior = LoggerColorBehavior.Disabled;
        }));
        using var stop = new CancellationTokenSource();
        using var term = System.Runtime.InteropServices.PosixSignalRegistration.Create(System.Runtime.InteropServices.PosixSignal.SIGTERM, signal => End(signal, stop));
        using var interrupt = System.Runtime.InteropServices.PosixSignalRegistration.Create(System.Runtime.InteropServices.PosixSignal.SIGINT, signal => End(signal, stop));
        var logger = logging.CreateLogger<AgentWork>();
        var status = new AgentStatus(TimeProvider.System);
        await using var signer = new LocalSigner(folder, settings.Merchant, TimeProvider.System, logger);
        using var module = new ModuleClient(settings);
        await using var page = settings.Port == 0 ? null : await PageAsync(new StatusPage(status, signer, TimeProvider.System), settings.Port, logger);
        await new AgentWork(module, signer, status, TimeProvider.System, logger).RunAsync(stop.Token);
        return Done;
    }

    private static void End(System.Runtime.InteropServices.PosixSignalContext signal, CancellationTokenSource stop)
    {
        signal.Cancel = true;
        stop.Cancel();
    }

    private static async Task<WebApplication?> PageAsync(StatusPage page, int port, ILogger logger)
    {
        try
        {
            var server = await page.StartAsync(port);
            logger.LogInformation("状态页面 http://127.0.0.1:{Port} | The page of its state", port);
            return server;
        }
        catch (IOException)
        {
            logger.LogWarning("端口 {Port} 已被占用，未开状态页面，可用 Agent:Port 另选 | The port is taken: no page; Agent:Port names another", port);
            return null;
        }
    }

    private static async Task<int> TokenAsync(AgentFolder folder)
    {
        var token = Convert.ToBase64String(RandomNumberGenerator.GetBytes(TokenBytes)).Replace('+', '-').Replace('/', '_').TrimEnd('=');
        await folder.WriteSecretAsync(AgentSettings.TokenKey, token);
        Console.WriteLine(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token))));
        await Console.Error.WriteLineAsync(Words.Of(
            "以上为令牌的 SHA-256，请填入模块设置 Customs:Merchants:<商户>:Signing:Agents:<代理名称>；令牌本身已保存，仅本人可读",
            "That is the token's SHA-256: it belongs into the module's setting Customs:Merchants:<merchant>:Signing:Agents:<name of the agent>; the token itself is kept for you alone"));
        return Done;
    }

    private static async Task<int> SecretAsync(AgentFolder folder, string name)
    {
        if (!name.Contains(':', StringComparison.Ordinal) || name.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not (':' or '-' or '_' or '.')))
        {
            return Refuse(Words.Of("名称应为设置名，如 Customs:Merchants:ningbo:Signing:Pin", "NAME is a setting's name, such as Customs:Merchants:ningbo:Signing:Pin"));
        }

        await Console.Error.WriteAsync($"{name}: ");
        var value = Console.IsInputRedirected ? await Console.In.ReadLineAsync() : Unseen();
        if (string.IsNullOrEmpty(value))
        {
            return Refuse(Words.Of("没有输入，未保存", "Nothing was entered; nothing is kept"));
        }

        await folder.WriteSecretAsync(name, value);
        await Console.Error.WriteLineAsync(Words.Of("已保存，仅本人可读", "Kept, for you alone"));
        return Done;
    }

    /// <summary>A line from the keyboard that nobody sees.</summary>
    private static string Unseen()
    {
        var typed = new StringBuilder();
        while (true)
        {
            var key = Console.ReadKey(intercept: true);
            if (key.Key == ConsoleKey.Enter)
            {
                Console.Error.WriteLine();
                return typed.ToString();
            }

            if (key.Key == ConsoleKey.Backspace)
            {
                typed.Length = Math.Max(0, typed.Length - 1);
            }
            else if (key.KeyChar != '\0')
            {
                typed.Append(key.KeyChar);
            }
        }
    }

    private static async Task<int> TestAsync(AgentFolder folder)
    {
        var settings = AgentSettings.Read(folder);
        await using var alone = folder.TryEnter();
        if (alone is null)
        {
            return Refuse(AnotherRuns);
        }

        using var quiet = LoggerFactory.Create(_ => { });
        await using var signer = new LocalSigner(folder, settings.Merchant, TimeProvider.System, quiet.CreateLogger(nameof(Verbs)));
        var began = TimeProvider.System.GetTimestamp();
        try
        {
            var request = HarmlessText.At(TimeProvider.System.GetUtcNow());
            var signature = await signer.SignAsync(request, CancellationToken.None);
            var took = TimeProvider.System.GetElapsedTime(began);
            var check = SignatureCheck.Verify(HarmlessText.TextOf(request, signature), signature, TimeProvider.System.GetUtcNow());
            if (!check.Ok)
            {
                return Fail(Words.Of($"本地验签未通过：{check.Sentence}", $"The local check of the signature failed: {check.Sentence}"));
            }

            var certificate = await signer.CertificateAsync(CancellationToken.None);
            return Say($"{certificate.Scheme}  certNo {certificate.CertNo}  {ChinaTime.ToScreen(certificate.NotBefore)} - {ChinaTime.ToScreen(certificate.NotAfter)}  {took.TotalMilliseconds:N0} ms");
        }
        catch (SignerException problem) when (problem.Failure != SignerFailure.Configuration)
        {
            return Fail(problem.Message);
        }
    }

    private static async Task<int> InstallAsync(AgentFolder folder, bool print)
    {
        AgentSettings.Read(folder);
        var program = Environment.ProcessPath!;
        // Run by 'dotnet agent.dll', the program is dotnet.
        string[] command = Path.GetFileNameWithoutExtension(program).Equals("dotnet", StringComparison.OrdinalIgnoreCase) ? [program, Path.Combine(AppContext.BaseDirectory, "Erp.Customs.SignAgent.dll")] : [program];
        if (OperatingSystem.IsWindows())
        {
            if (command.Length > 1)
            {
                return Refuse(Words.Of("请安装发布的单文件程序（dotnet publish -r win-x64）", "Install the published program (dotnet publish -r win-x64)"));
            }

            var task = LogonTask.Describe(program, folder.Root, $"{Environment.UserDomainName}\\{Environment.UserName}");
            return print ? Say(task.ToString()) : await LogonTask.InstallAsync(task, folder.Root) == 0 ? Done : Fail(Words.Of("未能登记登录任务", "The logon task could not be registered"));
        }

        var unit = UserUnit.Describe(command, folder.Root);
        if (print)
        {
            return Say(unit);
        }

        await UserUnit.InstallAsync(unit);
        return Say($"""
            {UserUnit.File}
            systemctl --user daemon-reload
            systemctl --user enable --now {UserUnit.Name}
            """);
    }

    private static async Task<int> UninstallAsync()
    {
        if (OperatingSystem.IsWindows())
        {
            return await LogonTask.UninstallAsync() == 0 ? Done : Fail(Words.Of("没有登录任务", "There is no logon task"));
        }

        File.Delete(UserUnit.File);
        return Say($"systemctl --user disable --now {UserUnit.Name}");
    }

    private static string AnotherRuns => Words.Of(
        "另一个签名代理正在使用此文件夹；请先停止它，或在模块页面“签名与证书”试签名", "Another sign agent uses this folder: stop it first, or use the test on the module's page 签名与证书");

    private static int Say(string text)
    {
        Console.WriteLine(text);
        return Done;
    }

    private static int Fail(string sentence)
    {
        Console.Error.WriteLine(sentence);
        return Failed;
    }

    private static int Refuse(string sentence)
    {
        Console.Error.WriteLine(sentence);
        return Wrong;
    }
}
