using System.Security.Cryptography;
using System.Text;
using Erp.Customs.Contracts;
using Erp.Customs.Contracts.Hosting;
using Erp.Customs.Module.Archive;
using Erp.Customs.Module.Storage;
using Erp.Customs.Module.Storage.Keeping;
using Erp.Customs.Tests.Support;

namespace Erp.Customs.Tests.Archive;

/// <summary>The keys of the archive as an operator meets them: at the start, on screens, in logs.</summary>
public sealed class When_the_archive_is_encrypted
{
    private const string Setting = "Customs:Archive:Key";
    private const string Retired = "Customs:Archive:RetiredKeys:0";

    private static string NewKey() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    private static string KeyFile(CustomsWorld world) => Path.Combine(world.Folder, "data", "Erp.Customs", ContentKey.FileName);

    [Fact]
    public async Task Should_have_a_key_made_once_for_its_owner_alone_with_a_warning_on_every_start_and_screen()
    {
        var folder = Directory.CreateTempSubdirectory("erp-customs-").FullName;
        try
        {
            string made;
            await using (var world = await CustomsWorld.StartAsync(new() { [Setting] = null }, folder: folder))
            {
                made = await File.ReadAllTextAsync(KeyFile(world));
                Assert.Equal(32, Convert.FromBase64String(made).Length);
                Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(KeyFile(world)) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
                Assert.Contains("Customs:Archive:Key is not set", world.Log.All, StringComparison.Ordinal);
                Assert.DoesNotContain(made, world.Log.All, StringComparison.Ordinal);
                var light = Assert.Single(await world.Modules.CheckAsync("Erp.Customs", default), check => check.NameEn == "Archive key");
                Assert.Equal(SelfCheckLight.Yellow, light.Light);
                await world.DeliveredAsync(CustomsWorld.Payment("PT1", "SO1"));
            }

            await using var again = await CustomsWorld.StartAsync(new() { [Setting] = null }, folder: folder);
            Assert.Equal(made, await File.ReadAllTextAsync(KeyFile(again)));
            Assert.NotNull(await PaymentAsync(again, "SO1"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Should_have_nothing_of_a_person_in_its_files()
    {
        await using var world = await CustomsWorld.StartAsync(new() { [Setting] = NewKey() });
        var payment = CustomsWorld.Payment("PT1", "SO1");
        payment["initalRequest"] = "name=CANARY-张三&id=110101199003070011";
        payment["initalResponse"] = "{\"buyer\":\"CANARY-李四\"}";
        await world.DeliveredAsync(payment);

        Assert.False(File.Exists(KeyFile(world)));
        var files = string.Concat(Directory.GetFiles(Path.GetDirectoryName(world.DatabaseFile)!, "customs.db*").Where(file => !file.EndsWith(".lock", StringComparison.Ordinal)).Select(ReadShared));
        foreach (var canary in (string[])["CANARY", "张三", "110101199003070011", "宁波海淘"])
        {
            Assert.DoesNotContain(canary, files, StringComparison.Ordinal);
        }

        Assert.Equal("name=CANARY-张三&id=110101199003070011"u8.ToArray(), (await PaymentAsync(world, "SO1"))!.Payment.InitialRequest.Bytes);
    }

    [Fact]
    public async Task Should_read_what_earlier_keys_encrypted_when_the_key_was_changed()
    {
        await AcrossStartsAsync(async (first, start) =>
        {
            await using (var world = await start(new() { [Setting] = first }, false))
            {
                await world.DeliveredAsync(CustomsWorld.Payment("PT1", "SO1"));
            }

            await using var rotated = await start(new() { [Setting] = NewKey(), [Retired] = first }, false);
            await rotated.DeliveredAsync(CustomsWorld.Payment("PT2", "SO2"));
            Assert.NotNull(await PaymentAsync(rotated, "SO1"));
            Assert.NotNull(await PaymentAsync(rotated, "SO2"));
            Assert.Equal(2L, await rotated.SqlAsync("SELECT COUNT(*) FROM content_key"));
            Assert.True((await rotated.Services.VerifyArchiveAsync(new ArchiveRange(), null, default)).IsClean);
        });
    }

    [Fact]
    public async Task Should_not_start_without_a_key_that_its_content_needs_and_name_it()
    {
        await AcrossStartsAsync(async (first, start) =>
        {
            var id = ContentKey.Import(first).Id;
            await using (var world = await start(new() { [Setting] = first }, false))
            {
                await world.DeliveredAsync(CustomsWorld.Payment("PT1", "SO1"));
            }

            await using (var without = await start(new() { [Setting] = null }, true))
            {
                Assert.Equal(ModuleState.Failed, without.Module.State);
                Assert.Contains(id, without.Module.Sentence, StringComparison.Ordinal);
                Assert.False(File.Exists(KeyFile(without)));
            }

            await using (var wrong = await start(new() { [Setting] = NewKey() }, true))
            {
                Assert.Equal(ModuleState.Failed, wrong.Module.State);
                Assert.Contains(id, wrong.Module.Sentence, StringComparison.Ordinal);
            }

            await using var right = await start(new() { [Setting] = first }, false);
            Assert.Equal(1L, await right.SqlAsync("SELECT COUNT(*) FROM content_key"));
        });
    }

    [Fact]
    public async Task Should_keep_everything_else_readable_when_a_key_is_lost_for_good()
    {
        await AcrossStartsAsync(async (first, start) =>
        {
            var id = ContentKey.Import(first).Id;
            await using (var world = await start(new() { [Setting] = first }, false))
            {
                await world.DeliveredAsync(CustomsWorld.Payment("PT1", "SO1"));
            }

            await using var after = await start(new() { [Setting] = NewKey(), ["Customs:Archive:LostKeys"] = id }, false);
            await after.DeliveredAsync(CustomsWorld.Payment("PT2", "SO2"));
            Assert.NotNull(await PaymentAsync(after, "SO2"));
            var unreadable = await Assert.ThrowsAsync<UnreadableContentException>(() => PaymentAsync(after, "SO1"));
            Assert.Contains(id, unreadable.Message, StringComparison.Ordinal);
            var finding = Assert.Single((await after.Services.VerifyArchiveAsync(new ArchiveRange(), null, default)).Findings, finding => finding.Kind == ArchiveFindingKind.Unreadable && finding.Number == 1);
            Assert.Contains(id, finding.Sentence, StringComparison.Ordinal);
            var listed = await after.Modules.Find<PaymentArchive>()!.SearchAsync(new PaymentSearch(), new PaymentPage(10), default);
            Assert.Equal([true, false], listed.Select(payment => payment.Unreadable is null));
        });
    }

    [Theory]
    [InlineData("short", "c2hvcnQ=")]
    [InlineData("no Base64", "not a key at all, but of the right length !!")]
    public async Task Should_refuse_a_setting_that_is_no_key_without_repeating_it(string what, string key)
    {
        await using var world = await CustomsWorld.StartAsync(new() { [Setting] = key }, mayFail: true);

        Assert.Equal(ModuleState.Failed, world.Module.State);
        Assert.Contains(Setting, world.Module.Sentence, StringComparison.Ordinal);
        Assert.False(world.Module.Sentence.Contains(key, StringComparison.Ordinal), what);
    }

    [Fact]
    public async Task Should_find_a_person_s_orders_by_his_number_which_stands_nowhere()
    {
        await using var world = await CustomsWorld.StartAsync();
        var pushes = world.Modules.Find<BridgeTable>()!;
        var content = "{}"u8.ToArray();
        await pushes.DecideAsync((connection, transaction) => pushes.InsertAsync(
            connection, transaction, new NewPush("ningbo", "B1", "A", content, SHA256.HashData(content), "11010119900307001X", TimeProvider.System.GetUtcNow(), [])));

        Assert.Equal([("ningbo", "B1")], await pushes.OrdersOfReceiverAsync(" 11010119900307001x ", 10, default));
        Assert.Empty(await pushes.OrdersOfReceiverAsync("110101199003070011", 10, default));
        Assert.DoesNotContain("11010119900307001X", ReadShared(world.DatabaseFile) + ReadShared(world.DatabaseFile + "-wal"), StringComparison.OrdinalIgnoreCase);
    }

    private static Task<OrderPayment?> PaymentAsync(CustomsWorld world, string orderNo) => world.Modules.Find<PaymentArchive>()!.FindForOrderAsync(orderNo, null, default);

    private static async Task AcrossStartsAsync(Func<string, Func<Dictionary<string, string?>, bool, Task<CustomsWorld>>, Task> test)
    {
        var folder = Directory.CreateTempSubdirectory("erp-customs-").FullName;
        try
        {
            await test(NewKey(), (settings, mayFail) => CustomsWorld.StartAsync(settings, folder: folder, mayFail: mayFail));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string ReadShared(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return Encoding.UTF8.GetString(copy.ToArray());
    }
}
