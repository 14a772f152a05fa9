using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Erp.Customs.Simulator;
using Erp.Customs.Tests.Support;

namespace Erp.Customs.Tests.Simulator;

public sealed partial class When_the_simulator_restarts : IAsyncLifetime
{
    private Customs _customs = null!;

    public async Task InitializeAsync() => _customs = await Customs.StartAsync();

    public async Task DisposeAsync() => await _customs.DisposeAsync();

    [Fact]
    public async Task Should_still_refuse_a_used_session_and_know_an_open_one()
    {
        var used = _customs.NewUpload().ToString();
        var open = _customs.NewUpload().ToString();
        await _customs.PostAsync(used);

        await _customs.RestartAsync();

        Assert.Equal("20000", (await _customs.PostAsync(used)).Code);
        Assert.Equal("10000", (await _customs.PostAsync(open)).Code);
        Assert.All(_customs.Log.AcceptedSessions.Values, count => Assert.Equal(1, count));
    }

    [Fact]
    public async Task Should_remember_everything_it_told_before()
    {
        var upload = _customs.NewUpload(Customs.Sm2);
        var payload = upload.ToString();
        await _customs.PostAsync(upload.With("verDept", "\"9\""));
        await _customs.PostAsync(payload);
        var before = JsonSerializer.Serialize(_customs.Log.Sessions);

        await _customs.RestartAsync();

        Assert.Equal(before, JsonSerializer.Serialize(_customs.Log.Sessions));
        Assert.Equal(payload, _customs.Log.Read(_customs.Log.Sessions[0].Uploads[1]).PayExInfoStr);
    }

    [Fact]
    public async Task Should_only_ever_append()
    {
        await _customs.PostAsync(_customs.NewUpload());
        var before = await ReadLogAsync();

        await _customs.PostAsync(_customs.NewUpload());
        await _customs.RestartAsync();
        var after = await ReadLogAsync();

        Assert.StartsWith(before, after, StringComparison.Ordinal);
        Assert.Equal(["started", "asked", "upload", "asked", "upload", "started"], after.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Kind), StringComparer.Ordinal);
    }

    [Fact]
    public async Task Should_pass_over_a_line_that_was_torn_by_a_crash()
    {
        var payload = _customs.NewUpload().ToString();
        await _customs.RestartAsync(() => File.AppendAllText(_customs.LogFile, "{\"kind\":\"upload\",\"sessionId\":\"x"));
        Assert.Equal("10000", (await _customs.PostAsync(payload)).Code);

        await _customs.RestartAsync();

        Assert.Equal("20000", (await _customs.PostAsync(payload)).Code);
        Assert.Null(_customs.Log.FindSession("x"));
    }

    [Fact]
    public async Task Should_not_start_on_a_log_that_somebody_has_spoilt()
    {
        await _customs.PostAsync(_customs.NewUpload());
        var exception = await Assert.ThrowsAsync<InvalidDataException>(() => _customs.RestartAsync(
            () => File.WriteAllText(_customs.LogFile, File.ReadAllText(_customs.LogFile).Replace("\"kind\":\"asked\"", "\"kind\"", StringComparison.Ordinal))));

        Assert.Contains("2", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_not_share_its_log()
    {
        await Assert.ThrowsAsync<IOException>(() => CustomsServer.StartAsync(new CustomsServerOptions { LogFile = _customs.LogFile }, CancellationToken.None));
    }

    [Fact]
    public async Task Should_have_the_line_in_the_file_when_the_answer_arrives()
    {
        for (var i = 0; i < 20; i++)
        {
            var payload = _customs.NewUpload().ToString();
            await _customs.PostAsync(payload);

            using var line = JsonDocument.Parse((await ReadLogAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1]);
            Assert.Equal("upload", line.RootElement.GetProperty("kind").GetString());
            Assert.Equal(payload, line.RootElement.GetProperty("payExInfoStr").GetString());
            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(payload))), line.RootElement.GetProperty("payloadSha256").GetString());
            Assert.Equal("accepted", line.RootElement.GetProperty("verdict").GetString());
        }
    }

    [Fact]
    public async Task Should_remember_what_the_program_accepted_before_it_was_killed()
    {
        var data = Path.Combine(_customs.Folder, "program");
        Directory.CreateDirectory(data);
        await File.WriteAllTextAsync(Path.Combine(data, "card.pem"), Customs.Rsa.CertificatePem);
        await File.WriteAllTextAsync(Path.Combine(data, "register.json"), JsonSerializer.Serialize(new[] { new { certNo = Customs.Rsa.CertNo, ebpCode = Upload.Ebp, certificate = "card.pem" } }));
        Customs.Sm2.WriteCertificate(Path.Combine(data, "sm2.pem"));
        string[] arguments = ["--data", data, "--urls", "http://127.0.0.1:0", "--accept-unasked", "--register", $"{Customs.Sm2.CertNo}:{Upload.Ebp}:{Path.Combine(data, "sm2.pem")}"];
        var rsa = new Upload(Customs.Rsa, "killed-1", Customs.Order).ToString();
        var sm2 = new Upload(Customs.Sm2, "killed-2", Customs.Order).ToString();

        Assert.Equal("10000", await RunAndKillAsync(arguments, rsa));
        Assert.Equal("20000", await RunAndKillAsync(arguments, rsa));
        Assert.Equal("10000", await RunAndKillAsync(arguments, sm2));
    }

    private async Task<string> RunAndKillAsync(string[] arguments, string payload)
    {
        using var program = Process.Start(new ProcessStartInfo("dotnet", [typeof(CustomsServer).Assembly.Location, .. arguments]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        try
        {
            string? line;
            while ((line = await program.StandardOutput.ReadLineAsync()) is not null && !Address().IsMatch(line))
            {
            }

            using var form = new FormUrlEncodedContent([KeyValuePair.Create("payExInfoStr", payload)]);
            using var response = await _customs.Http.PostAsync(Address().Match(line ?? "").Value, form);
            using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
            return json.RootElement.GetProperty("code").GetString()!;
        }
        finally
        {
            program.Kill();
            await program.WaitForExitAsync();
        }
    }

    private static string Kind(string line)
    {
        using var json = JsonDocument.Parse(line);
        return json.RootElement.GetProperty("kind").GetString()!;
    }

    private async Task<string> ReadLogAsync()
    {
        await using var file = new FileStream(_customs.LogFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file);
        return await reader.ReadToEndAsync();
    }

    [GeneratedRegex(@"http://\S+/realTimeDataUpload", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Address();
}
