using System.Diagnostics;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Erp.Customs.Tests.Signing;
using Erp.Customs.Tests.Support;

namespace Erp.Customs.Tests.Archive;

/// <summary>证据包: an auditor with Python and openssl, and without us, finds in it what was sealed, and any change of it.</summary>
public sealed class When_an_evidence_bundle_is_made : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("erp-customs-bundle-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [AuditorTheory]
    [InlineData(CustomsWorld.Ningbo)]
    [InlineData(CustomsWorld.Guangzhou)]
    public async Task Should_be_verified_by_a_stranger(string merchant)
    {
        await using var world = await CustomsWorld.StartAsync();
        var bundle = await AnsweredAsync(world, merchant);

        var (code, output) = await VerifyAsync(bundle);

        Assert.True(code == 0, output);
        Assert.Contains($"OK: order SO1 of {merchant}", output, StringComparison.Ordinal);
        var key = output.Split("Key of the archive (SHA-256): ")[1][..64];
        Assert.Contains(key, await EntryAsync(bundle, "摘要.html"), StringComparison.Ordinal);
        Assert.Equal(0, (await VerifyAsync(bundle, "--key", key)).Code);
        Assert.Contains("signed with another key", (await VerifyAsync(bundle, "--key", new string('0', 64))).Output, StringComparison.Ordinal);
        // Unpacked, as most people do it.
        await ZipFile.ExtractToDirectoryAsync(bundle, Path.Combine(_folder, "unpacked"));
        Assert.Equal(0, (await RunAsync(Path.Combine(_folder, "unpacked", "verify.py"))).Code);
    }

    [AuditorFact]
    public async Task Should_hold_the_originals_byte_for_byte_and_a_summary_to_read()
    {
        await using var world = await CustomsWorld.StartAsync();
        var payment = CustomsWorld.Payment("T1", "SO1", "SO2");
        await world.DeliveredAsync(payment);
        await world.DeliveredAsync(CustomsWorld.Payment("T3", "SO3"));
        var answered = await world.AnswerAsync("SO1");
        await world.AnswerAsync("SO3");

        var bundle = await ExportAsync(world, null);

        Assert.Equal((string)payment["initalRequest"]!, await EntryAsync(bundle, "payment-request.txt"));
        Assert.Equal((string)payment["initalResponse"]!, await EntryAsync(bundle, "payment-response.txt"));
        Assert.Equal(answered.PayloadSha256, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(await EntryAsync(bundle, "envelope-payload.json")))));
        var summary = await EntryAsync(bundle, "摘要.html");
        foreach (var told in (string[])["支付数据证据包：订单 SO1", "T1", "100.10", "2026-11-11 00:00:01", "已受理", "SO1、SO2", "10000"])
        {
            Assert.Contains(told, System.Net.WebUtility.HtmlDecode(summary), StringComparison.Ordinal);
        }

        Assert.DoesNotContain("SO3", (await EntryAsync(bundle, "bundle.json")) + summary, StringComparison.Ordinal);
    }

    [AuditorFact]
    public async Task Should_show_any_change_of_it()
    {
        await using var world = await CustomsWorld.StartAsync();
        var bundle = await AnsweredAsync(world, CustomsWorld.Ningbo);
        var unpacked = Path.Combine(_folder, "unpacked");
        await ZipFile.ExtractToDirectoryAsync(bundle, unpacked);
        foreach (var file in Directory.GetFiles(Path.Combine(unpacked, "files")))
        {
            await TamperAsync(unpacked, file, content => content[RandomNumberGenerator.GetInt32(content.Length)] ^= 1);
        }

        var content = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(unpacked, "bundle.json")))!;
        foreach (var change in (Action<JsonNode>[])
        [
            all => all["records"]![0]!["salt"] = new string('0', 32),
            all => all["records"]![0]!["values"]![1]![1] = "guangzhou",
            all => all["records"]![1]!["recordId"] = 77,
            all => all["pieces"]![0]!["links"]!.AsArray().RemoveAt(0),
            all => all["pieces"]![0]!["links"]![0]![1] = 1,
            all => all["checkpoints"]![0]!["statement"] = ((string)all["checkpoints"]![0]!["statement"]!).Replace("amounts: ", "amounts: 502=1 ", StringComparison.Ordinal),
            all => all["records"]!.AsArray().Clear(),
        ])
        {
            var changed = content.DeepClone();
            change(changed);
            await TamperAsync(unpacked, Path.Combine(unpacked, "bundle.json"), text: changed.ToJsonString());
        }

        Assert.Equal(0, (await RunAsync(Path.Combine(unpacked, "verify.py"))).Code);
    }

    [AuditorFact]
    public async Task Should_be_written_down_before_it_is_given_and_sealed()
    {
        await using var world = await CustomsWorld.StartAsync();
        await AnsweredAsync(world, CustomsWorld.Ningbo);

        Assert.Equal("li|稽核|SO1|ningbo|bundle", await world.SqlAsync("SELECT reader || '|' || reason || '|' || order_no || '|' || merchant || '|' || kind FROM clear_access"));
        Assert.Equal(2L, await world.SqlAsync("SELECT COUNT(*) FROM evidence WHERE kind = 'clear_access'"));
        await world.SqlAsync("CREATE TRIGGER full BEFORE INSERT ON clear_access BEGIN SELECT RAISE(ABORT, 'full'); END");
        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => world.Services.ExportEvidenceAsync("SO1", null, "li", "稽核", default));
    }

    [Fact]
    public async Task Should_say_in_a_sentence_why_there_is_none()
    {
        await using var world = await CustomsWorld.StartAsync();
        await world.DeliveredAsync(CustomsWorld.Payment("T1", "SO1"));

        Assert.Contains("没有订单 SO9 的数据", (await world.Services.ExportEvidenceAsync("SO9", null, "li", "稽核", default)).Problem, StringComparison.Ordinal);
        Assert.Contains("没有订单 SO1 的数据", (await world.Services.ExportEvidenceAsync("SO1", CustomsWorld.Guangzhou, "li", "稽核", default)).Problem, StringComparison.Ordinal);
        Assert.Contains("请填写查阅原因", (await world.Services.ExportEvidenceAsync("SO1", null, "li", "  ", default)).Problem, StringComparison.Ordinal);
        Assert.Contains("最多 200 个字", (await world.Services.ExportEvidenceAsync("SO1", null, "li", new string('x', 201), default)).Problem, StringComparison.Ordinal);
        Assert.Equal(0L, await world.SqlAsync("SELECT COUNT(*) FROM clear_access"));
    }

    /// <summary>An order that was paid, corrected, refused by customs once and then accepted, with checkpoints in between, and its bundle.</summary>
    private async Task<string> AnsweredAsync(CustomsWorld world, string merchant)
    {
        var payment = CustomsWorld.Payment("T1", "SO1", "SO2");
        payment["merchant"] = merchant;
        await world.DeliveredAsync(payment);
        await ExportAsync(world, merchant);
        await world.AnswerAsync("SO1");
        return await ExportAsync(world, merchant);
    }

    private async Task<string> ExportAsync(CustomsWorld world, string? merchant)
    {
        var made = await world.Services.ExportEvidenceAsync("SO1", merchant, "li", "稽核", default);
        Assert.Equal("", made.Problem);
        var file = Path.Combine(_folder, made.FileName);
        await File.WriteAllBytesAsync(file, made.Content.ToArray());
        return file;
    }

    private static async Task<string> EntryAsync(string bundle, string name)
    {
        await using var zip = await ZipFile.OpenReadAsync(bundle);
        using var reader = new StreamReader(await zip.Entries.Single(entry => entry.FullName.EndsWith(name, StringComparison.Ordinal)).OpenAsync(), Encoding.UTF8);
        return await reader.ReadToEndAsync();
    }

    /// <summary>Changes a file, verifies, and changes it back.</summary>
    private static async Task TamperAsync(string unpacked, string file, Action<byte[]>? change = null, string? text = null)
    {
        var before = await File.ReadAllBytesAsync(file);
        var after = text is null ? [.. before] : Encoding.UTF8.GetBytes(text);
        change?.Invoke(after);
        await File.WriteAllBytesAsync(file, after);
        var (code, output) = await RunAsync(Path.Combine(unpacked, "verify.py"));
        Assert.True(code == 1 && output.StartsWith("NOT as it was sealed", StringComparison.Ordinal), $"{Path.GetFileName(file)} {text}: {output}");
        await File.WriteAllBytesAsync(file, before);
    }

    private async Task<(int Code, string Output)> VerifyAsync(string bundle, params string[] arguments)
    {
        var script = Path.Combine(_folder, "verify.py");
        await File.WriteAllTextAsync(script, await EntryAsync(bundle, "verify.py"));
        Assert.True((await File.ReadAllLinesAsync(script)).Length < 200);
        return await RunAsync(script, [bundle, .. arguments]);
    }

    private static async Task<(int Code, string Output)> RunAsync(string script, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(AuditorFactAttribute.Python, ["-I", script, .. arguments]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await error);
    }
}

/// <summary>Skipped, with the reason, where there is no Python or no openssl.</summary>
public sealed class AuditorFactAttribute : FactAttribute
{
    internal const string Python = "python3";

    public AuditorFactAttribute() => Skip = Absent;

    internal static string? Absent { get; } = Openssl.Missing ?? ((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, Python)))
        ? null
        : "There is no python3 on this machine.");
}

/// <summary>The same for several.</summary>
public sealed class AuditorTheoryAttribute : TheoryAttribute
{
    public AuditorTheoryAttribute() => Skip = AuditorFactAttribute.Absent;
}
