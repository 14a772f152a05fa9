using System.Diagnostics;
using System.Text;
using System.Xml.Linq;

namespace Erp.Customs.SignAgent.Installing;

/// <summary>
/// Windows: a task that starts the agent when its user logs on, and again a minute after it ended. Not a service: middleware of cards often knows the user's own session alone.
/// </summary>
internal static class LogonTask
{
    /// <summary>The task's name.</summary>
    public const string Name = "Erp.Customs.SignAgent";

    private static readonly XNamespace s_task = "http://schemas.microsoft.com/windows/2004/02/mit/task";

    /// <summary>What schtasks is given.</summary>
    /// <param name="program">Path of the agent.</param>
    /// <param name="folder">The agent's folder.</param>
    /// <param name="user">Whose logon, <c>DOMAIN\name</c>.</param>
    public static XDocument Describe(string program, string folder, string user) => new(
        new XDeclaration("1.0", "UTF-16", null),
        new XElement(
            s_task + "Task",
            new XAttribute("version", "1.2"),
            Part("RegistrationInfo", Part("Description", "Erp.Customs 签名代理 (sign agent)")),
            Part("Triggers", Part("LogonTrigger", Part("Enabled", "true"), Part("UserId", user))),
            Part("Principals", new XElement(s_task + "Principal", new XAttribute("id", "Author"), Part("UserId", user), Part("LogonType", "InteractiveToken"), Part("RunLevel", "LeastPrivilege"))),
            Part(
                "Settings",
                Part("MultipleInstancesPolicy", "IgnoreNew"),
                Part("DisallowStartIfOnBatteries", "false"),
                Part("StopIfGoingOnBatteries", "false"),
                Part("ExecutionTimeLimit", "PT0S"),
                Part("RestartOnFailure", Part("Interval", "PT1M"), Part("Count", "999"))),
            new XElement(s_task + "Actions", new XAttribute("Context", "Author"), Part("Exec", Part("Command", program), Part("Arguments", $"run --data \"{folder}\""), Part("WorkingDirectory", folder)))));

    /// <summary>Registers it and starts it.</summary>
    /// <returns>What schtasks returned.</returns>
    public static async Task<int> InstallAsync(XDocument task, string folder)
    {
        var file = Path.Combine(folder, "logon-task.xml");
        await using (var writer = new StreamWriter(file, append: false, Encoding.Unicode))
        {
            await task.SaveAsync(writer, SaveOptions.None, CancellationToken.None);
        }

        var registered = await RunAsync("/Create", "/TN", Name, "/XML", file, "/F");
        return registered == 0 ? await RunAsync("/Run", "/TN", Name) : registered;
    }

    /// <summary>Ends it and takes it away.</summary>
    /// <returns>What schtasks returned.</returns>
    public static async Task<int> UninstallAsync()
    {
        await RunAsync("/End", "/TN", Name);
        return await RunAsync("/Delete", "/TN", Name, "/F");
    }

    private static XElement Part(string name, params object[] content) => new(s_task + name, content);

    private static async Task<int> RunAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("schtasks.exe", arguments) { UseShellExecute = false })!;
        await process.WaitForExitAsync();
        return process.ExitCode;
    }
}
