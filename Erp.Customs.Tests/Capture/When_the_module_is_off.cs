using System.Text;
using Erp.Customs.Contracts;
using Erp.Customs.Contracts.Capture;
using Erp.Customs.Tests.Hosting;
using Erp.Customs.Tests.Signing;

namespace Erp.Customs.Tests.Capture;

public sealed class When_the_module_is_off : InFolder
{
    private const string Canary = "CANARY-6222020200112233";

    [Fact]
    public async Task Should_wait_in_files_and_be_stored_once_when_it_runs_again()
    {
        await using var erp = new CapturingErp(Folder);
        erp.Module.IsOn = false;
        for (var i = 0; i < 150; i++)
        {
            erp.Capture.Note("ningbo", $"T{i}", CapturedKind.Request, $"message {i} {Canary}");
        }

        Assert.Empty(await erp.StoredAsync());
        Assert.Equal((150, 150), (Files.Length, erp.Capture.Spooled));

        erp.Module.IsOn = true;
        await DrainedAsync(erp);

        Assert.Equal(Enumerable.Range(0, 150).Select(i => $"message {i} {Canary}").Order(StringComparer.Ordinal), erp.Module.Stored.Select(CapturingErp.Text).Order(StringComparer.Ordinal));
        Assert.Equal((150, 150), (erp.Module.Given, erp.Module.Stored.Count));
        Assert.Empty(Files);
        Assert.DoesNotContain(Canary, erp.Log.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_give_back_a_file_exactly_as_it_was()
    {
        var bytes = Enumerable.Range(0, 256).Select(i => (byte)i).ToArray();
        await using var erp = new CapturingErp(Folder);
        erp.Module.IsOn = false;
        erp.Capture.Note("宁波", "单\"号\\1", CapturedKind.NotifyAnswer, new RawMessage(bytes, "gbk"), "alipay page");
        await erp.StoredAsync();
        erp.Module.IsOn = true;
        await DrainedAsync(erp);

        var message = Assert.Single(erp.Module.Stored);
        Assert.Equal(bytes, message.Message.Bytes.ToArray());
        Assert.Equal(("宁波", "单\"号\\1", CapturedKind.NotifyAnswer, "gbk", "alipay page"), (message.Merchant, message.TradeNo, message.Kind, message.Message.Charset, message.Origin));
    }

    [Fact]
    public async Task Should_wait_in_files_when_the_module_fails_and_show_its_exception_to_nobody()
    {
        await using var erp = new CapturingErp(Folder);
        erp.Module.IsBroken = true;
        erp.Capture.Note("ningbo", "T1", CapturedKind.Request, "x");
        await erp.StoredAsync();
        Assert.Single(Files);

        erp.Module.IsBroken = false;
        await DrainedAsync(erp);

        Assert.Single(erp.Module.Stored);
        Assert.DoesNotContain(Canary, erp.Log.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_not_keep_others_out_when_the_module_cannot_take_one()
    {
        await using var erp = new CapturingErp(Folder);
        erp.Module.Poison = "T2";
        for (var i = 0; i < 5; i++)
        {
            erp.Capture.Note("ningbo", $"T{i}", CapturedKind.Request, "x");
        }

        await erp.StoredAsync();

        Assert.Equal(["T0", "T1", "T3", "T4"], erp.Module.Stored.Select(message => message.TradeNo).Order(StringComparer.Ordinal));
        Assert.Contains("T2", Assert.Single(Files.Select(File.ReadAllText)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_be_found_by_the_next_process()
    {
        var module = new ModuleDouble { IsOn = false };
        var killed = new CapturingErp(Folder, module);
        killed.Capture.Note("ningbo", "T1", CapturedKind.Request, "one");
        killed.Capture.Note("ningbo", "T1", CapturedKind.Notify, "two");
        await killed.StoredAsync();

        // It was killed after the module had the first message and before the file was erased.
        var copies = Files.ToDictionary(file => file, File.ReadAllBytes);
        module.IsOn = true;
        await DrainedAsync(killed);
        await killed.DisposeAsync();
        foreach (var (file, content) in copies)
        {
            await File.WriteAllBytesAsync(file, content);
        }

        await using var next = new CapturingErp(Folder, module);
        next.Capture.Note("ningbo", "T2", CapturedKind.Request, "three");
        await next.StoredAsync();
        await DrainedAsync(next);

        Assert.Equal(5, module.Given);
        Assert.Equal(["one", "three", "two"], module.Stored.Select(CapturingErp.Text).Order(StringComparer.Ordinal));
        Assert.Empty(Files);
    }

    [Fact]
    public async Task Should_finish_what_a_killed_process_had_not_finished()
    {
        var module = new ModuleDouble { IsOn = false };
        await using (var killed = new CapturingErp(Folder, module))
        {
            killed.Capture.Note("ningbo", "T1", CapturedKind.Request, "whole");
            killed.Capture.Note("ningbo", "T2", CapturedKind.Request, "half");
            killed.Capture.Note("ningbo", "T3", CapturedKind.Request, "changed");
            await killed.StoredAsync();
        }

        foreach (var file in Files)
        {
            var text = await File.ReadAllTextAsync(file);
            if (text.EndsWith("whole", StringComparison.Ordinal))
            {
                File.Move(file, file + ".new");
            }
            else if (text.EndsWith("half", StringComparison.Ordinal))
            {
                File.Delete(file);
                await File.WriteAllTextAsync(file + ".new", text[..^2]);
            }
            else
            {
                await File.WriteAllTextAsync(file, text.Replace("changed", "CHANGED", StringComparison.Ordinal));
            }
        }

        module.IsOn = true;
        await using var next = new CapturingErp(Folder, module);
        await next.Capture.FlushAsync(CancellationToken.None);
        await DrainedAsync(next);

        Assert.Equal("whole", CapturingErp.Text(Assert.Single(module.Stored)));
        Assert.Equal(2, next.Capture.Count(CaptureOutcome.Lost));
        Assert.Single(Directory.GetFiles(Folder), file => file.EndsWith(".damaged", StringComparison.Ordinal));
        Assert.Contains("damaged file", next.Log.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_stay_in_memory_while_the_folder_cannot_be_written_to_and_be_stored_later()
    {
        await File.WriteAllTextAsync(Folder, "a file stands where the folder should");
        await using var erp = new CapturingErp(Folder);
        erp.Module.IsOn = false;
        await using var company = await PaymentCompany.StartAsync();
        using var content = new StringContent("<xml><out_trade_no>T1</out_trade_no></xml>");

        using var response = await erp.Client.PostAsync(company.Address, content);

        Assert.Equal(PaymentCompany.Answer, await response.Content.ReadAsStringAsync());
        await Waiting.ForAsync(() => Task.FromResult(erp.Capture.Count(CaptureOutcome.Failed)), failed => failed > 0);
        erp.Module.IsOn = true;
        Assert.Equal(2, (await erp.StoredAsync()).Count);
        Assert.Equal(0, erp.Capture.Count(CaptureOutcome.Lost));
    }

    [Fact]
    public async Task Should_name_what_is_lost_when_neither_module_nor_folder_nor_memory_takes_it()
    {
        await File.WriteAllTextAsync(Folder, "a file stands where the folder should");
        var erp = new CapturingErp(Folder, limits: limits => limits.MemoryLimit = 10_000);
        erp.Module.IsOn = false;
        var message = Encoding.UTF8.GetBytes(Canary + new string('x', 1000));
        for (var i = 0; i < 20; i++)
        {
            erp.Capture.Note("ningbo", $"T{i}", CapturedKind.Request, new RawMessage(message, "utf-8"));
        }

        var atOnce = erp.Capture.Count(CaptureOutcome.Lost);
        Assert.InRange(atOnce, 10, 19);
        await erp.DisposeAsync();

        // What it still had at its end is lost, too, and all are named.
        Assert.Equal(20, erp.Capture.Count(CaptureOutcome.Lost));
        Assert.All(Enumerable.Range(0, 20), i => Assert.Contains($"T{i}", erp.Log.All, StringComparison.Ordinal));
        Assert.DoesNotContain(Canary, erp.Log.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_keep_the_oldest_when_the_folder_is_full()
    {
        var erp = new CapturingErp(Folder, limits: limits => limits.DirectoryLimit = 3000);
        erp.Module.IsOn = false;
        for (var i = 0; i < 5; i++)
        {
            erp.Capture.Note("ningbo", $"T{i}", CapturedKind.Request, new string('x', 1000));
        }

        await erp.DisposeAsync();

        Assert.Equal(["T0", "T1"], Files.Select(file => File.ReadAllText(file).Split("\"TradeNo\":\"")[1][..2]).Order(StringComparer.Ordinal));
        Assert.Equal((2, 3), (erp.Capture.Count(CaptureOutcome.Spooled), erp.Capture.Count(CaptureOutcome.Lost)));
    }

    [UnixFact]
    public async Task Should_be_readable_for_nobody_else()
    {
        await using var erp = new CapturingErp(Folder);
        erp.Module.IsOn = false;
        erp.Capture.Note("ningbo", "T1", CapturedKind.Request, "x");
        await erp.StoredAsync();

        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Assert.Single(Files)));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Folder));
        }
    }

    [Theory]
    [InlineData("", "T1")]
    [InlineData("ningbo", "")]
    [InlineData("ningbo", "a\u0001b")]
    [InlineData(null, null)]
    public async Task Should_refuse_a_note_without_shape_but_never_by_an_exception(string? merchant, string? tradeNo)
    {
        await using var erp = new CapturingErp(Folder);
        erp.Capture.Note(merchant!, tradeNo!, CapturedKind.Request, "x");
        erp.Capture.Note(merchant!, tradeNo!, CapturedKind.Request, new RawMessage(new byte[] { 1 }, "utf-8"), null!);
        erp.Capture.Note("ningbo", "T1", CapturedKind.Request, (string)null!);
        erp.Capture.Note("ningbo", "T1", CapturedKind.Request, message: null!);

        Assert.Empty(await erp.StoredAsync());
        Assert.Equal((2, 2), (erp.Capture.Count(CaptureOutcome.Unassigned), erp.Capture.Count(CaptureOutcome.Failed)));
    }

    private static Task<int> DrainedAsync(CapturingErp erp) => Waiting.ForAsync(() => Task.FromResult(erp.Capture.Spooled), left => left == 0);
}
