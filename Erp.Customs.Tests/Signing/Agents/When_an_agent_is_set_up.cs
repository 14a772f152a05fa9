using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Erp.Customs.Reliability.World;
using Erp.Customs.SignAgent.Installing;
using Erp.Customs.Simulator;
using Erp.Customs.Tests.Support;

namespace Erp.Customs.Tests.Signing.Agents;

/// <summary>The agent's verbs as a person at the PC uses them.</summary>
public sealed class When_an_agent_is_set_up : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("erp-customs-agent-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Should_keep_token_and_PIN_for_its_owner_and_sign_a_harmless_text()
    {
        await using var control = await EportControl.StartAsync(new CardIssuer(TimeProvider.System).Issue(CardKind.Rsa1024, "宁波海淘"), AgentWorld.Pin);
        Settings("""{"Agent":{"Module":"https://erp.example.cn/customs"},"Customs":{"Merchants":{"ningbo":{"Signing":{"Kind":"EportClient","Address":"ADDRESS"}}}}}""".Replace("ADDRESS", control.Address.ToString(), StringComparison.Ordinal));

        var (made, sum, _) = await RunAsync(null, "token");
        Assert.Equal(0, made);
        var token = await File.ReadAllTextAsync(Path.Combine(_folder, "secrets", "Agent__Token"));
        Assert.Equal(AgentProgram.Sum(token), sum.Trim());
        Assert.True(token.Length >= 40, token);
        var (kept, output, _) = await RunAsync(AgentWorld.Pin + "\n", "secret", "Customs:Merchants:ningbo:Signing:Pin");
        Assert.Equal((0, ""), (kept, output));
        if (!OperatingSystem.IsWindows())
        {
            foreach (var file in Directory.GetFiles(Path.Combine(_folder, "secrets")))
            {
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
            }
        }

        var (signed, shown, error) = await RunAsync(null, "test");
        Assert.True(signed == 0, error);
        Assert.Matches($"^RSA-SHA1  certNo {control.Card.CertNo}  .* [0-9,]+ ms", shown);
        Assert.Equal((0, "0.1.0"), ((await RunAsync(null, "version")).ExitCode, (await RunAsync(null, "version")).Out.Trim()));
    }

    [Theory]
    [InlineData("""{"Agent":{"Module":"http://erp.example.cn/customs"},"Customs":{"Merchants":{"a":{"Signing":{"Kind":"KeyFile","KeyFile":"x"}}}}}""", "Agent:Module")]
    [InlineData("""{"Agent":{"Module":"ftp://erp.example.cn"},"Customs":{"Merchants":{"a":{}}}}""", "Agent:Module")]
    [InlineData("""{"Agent":{"Module":"https://erp.example.cn"},"Customs":{"Merchants":{"a":{},"b":{}}}}""", "Customs:Merchants")]
    [InlineData("""{"Agent":{"Module":"https://erp.example.cn"},"Customs":{"Merchants":{"a":{"Signing":{"Kind":"Agent"}}}}}""", "Signing:Agents")]
    [InlineData("""{"Agent":{"Module":"https://erp.example.cn","Port":"70000"},"Customs":{"Merchants":{"a":{"Signing":{"Kind":"EportClient"}}}}}""", "Agent:Port")]
    [InlineData("""{"Agent":{"Module":"https://erp.example.cn"},"Customs":{"Merchants":{"a":{"Signing":{"Kind":"EportClient"}}}}}""", "Signing:Pin")]
    [InlineData("""{"Agent":{"Module":"https://erp.example.cn","AuthorityFile":"none.pem"},"Customs":{"Merchants":{"a":{"Signing":{"Kind":"EportClient","Pin":"1"}}}}}""", "Agent:AuthorityFile")]
    [InlineData("""{"Agent":{"Module":"https://erp.example.cn","AuthorityFile":"agent.json"},"Customs":{"Merchants":{"a":{"Signing":{"Kind":"EportClient","Pin":"1"}}}}}""", "Agent:AuthorityFile")]
    [InlineData("{", "agent.json")]
    public async Task Should_say_which_setting_is_wrong(string settings, string named)
    {
        await RunAsync(null, "token");
        Settings(settings);
        var (exitCode, output, error) = await RunAsync(null, "run");
        Assert.Equal((2, ""), (exitCode, output));
        Assert.Contains(named, error, StringComparison.Ordinal);
        Assert.Contains(" | ", error, StringComparison.Ordinal);
        Assert.Single(error.Trim().Split('\n'));
    }

    [Fact]
    public async Task Should_say_what_it_can_do_when_asked_for_something_else()
    {
        var (exitCode, _, error) = await RunAsync(null, "sign");
        Assert.Equal(2, exitCode);
        Assert.Contains("install", error, StringComparison.Ordinal);
    }

    [UnixFact]
    public async Task Should_be_a_unit_of_the_user_on_Linux()
    {
        Settings("""{"Agent":{"Module":"https://erp.example.cn/customs"},"Customs":{"Merchants":{"a":{"Signing":{"Kind":"EportClient"}}}}}""");
        await RunAsync(null, "token");
        var (exitCode, unit, error) = await RunAsync(null, "install", "--print");
        Assert.True(exitCode == 0, error);
        Assert.Matches($"(?m)^ExecStart=\"[^\"]*dotnet\" \"[^\"]*Erp.Customs.SignAgent.dll\" \"run\" \"--data\" \"{Regex.Escape(_folder)}\"$", unit);
        Assert.Contains("Restart=always", unit, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_be_a_task_of_the_users_logon_on_Windows()
    {
        var task = LogonTask.Describe(@"C:\agents & co\Erp.Customs.SignAgent.exe", @"C:\agents & co", @"FIRM\clerk");
        XNamespace ns = "http://schemas.microsoft.com/windows/2004/02/mit/task";
        string Value(string name) => XDocument.Parse(task.ToString()).Descendants(ns + name).First().Value;
        Assert.Equal(
            (@"C:\agents & co\Erp.Customs.SignAgent.exe", "run --data \"C:\\agents & co\"", @"FIRM\clerk", "InteractiveToken", "LeastPrivilege", "PT0S"),
            (Value("Command"), Value("Arguments"), Value("UserId"), Value("LogonType"), Value("RunLevel"), Value("ExecutionTimeLimit")));
        Assert.Equal(["RegistrationInfo", "Triggers", "Principals", "Settings", "Actions"], task.Root!.Elements().Select(part => part.Name.LocalName));
    }

    [Fact]
    public async Task Should_show_how_it_stands_on_a_page_that_this_machine_alone_can_open()
    {
        await using var world = await AgentWorld.StartAsync();
        var port = FreePort();
        AgentProgram.Prepare(world.FolderOf("pc-1"), world.ModuleAddress, AgentWorld.TokenOf("pc-1"), new(StringComparer.Ordinal) { ["Kind"] = "EportClient", ["Address"] = world.Control.Address.ToString(), ["Pin"] = AgentWorld.Pin }, port);
        var agent = await world.StartAsync("pc-1");
        await world.World.DeliveredAsync(CustomsWorld.Payment("T1", "SO1"));
        await world.World.AnswerAsync("SO1");
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}") };
        await agent.PrintedAsync("Signed");

        var zh = await http.GetStringAsync(new Uri("/", UriKind.Relative));
        var en = await http.GetStringAsync(new Uri("/?lang=en", UriKind.Relative));

        Assert.Contains("已连接，等待签名", zh, StringComparison.Ordinal);
        Assert.Contains("<dt>已签名</dt><dd>1</dd>", zh, StringComparison.Ordinal);
        Assert.Matches("剩余 10[0-9]{2} 天", zh);
        Assert.Contains("Connected, waiting for texts", en, StringComparison.Ordinal);
        Assert.Contains(world.Control.Card.CertNo, en, StringComparison.Ordinal);
        foreach (var secret in new[] { AgentWorld.Pin, AgentWorld.TokenOf("pc-1") })
        {
            Assert.DoesNotContain(secret, zh + en + agent.Output, StringComparison.Ordinal);
        }

        using var elsewhere = new HttpRequestMessage(HttpMethod.Get, "/");
        elsewhere.Headers.Host = "evil.example";
        Assert.Equal(HttpStatusCode.NotFound, (await http.SendAsync(elsewhere)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await http.PostAsync(new Uri("/", UriKind.Relative), null)).StatusCode);
        Assert.Equal(0, await agent.TerminateAsync());
    }

    [Fact]
    public async Task Should_not_share_its_folder_with_another()
    {
        await using var world = await AgentWorld.StartAsync();
        await world.AgentAsync();
        foreach (var verb in new[] { "run", "test" })
        {
            var (exitCode, _, error) = await AgentProgram.RunAsync(null, verb, "--data", world.FolderOf("pc-1"));
            Assert.Equal(2, exitCode);
            Assert.Contains("Another sign agent uses this folder", error, StringComparison.Ordinal);
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private void Settings(string json) => File.WriteAllText(Path.Combine(_folder, "agent.json"), json);

    private Task<(int ExitCode, string Out, string Error)> RunAsync(string? input, params string[] verb) => AgentProgram.RunAsync(input, [.. verb, "--data", _folder]);
}
