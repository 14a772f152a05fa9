using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using Erp.Customs.Contracts;
using Erp.Customs.Module.Archive.Sealing;
using Erp.Customs.Module.Retention;
using Erp.Customs.Module.Storage;
using Erp.Customs.Tests.Storage;
using Erp.Customs.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Erp.Customs.Tests.Archive;

/// <summary>What is sealed, and what its verification finds, for every engine.</summary>
public abstract class EvidenceCompliance<TEngine> : EvidenceTest<TEngine> where TEngine : TestEngine, new()
{
    /// <summary>Records of <see cref="EvidenceTest{TEngine}.FillAsync"/>: without a seal stays the push that had no answer.</summary>
    private static readonly Dictionary<string, long> s_filled = new(StringComparer.Ordinal)
    {
        ["payment"] = 1,
        ["payment_version"] = 2,
        ["customs_request"] = 1,
        ["request_event"] = 8,
        ["envelope"] = 2,
        ["upload_attempt"] = 2,
        ["bridge_exchange"] = 1,
        ["captured_message"] = 1,
    };

    [EngineFact]
    public async Task Every_record_gets_one_number_without_a_gap()
    {
        await FillAsync();
        Assert.Equal(s_filled.Values.Sum(), await Sealer.SealAsync(default));
        Assert.Equal(0, await Sealer.SealAsync(default));
        await FillAsync("two");
        Assert.Equal(s_filled.Values.Sum(), await Sealer.SealAsync(default));

        Assert.Equal(s_filled.ToDictionary(one => one.Key, one => one.Value * 2), await Evidence.CountsAsync(0, long.MaxValue, default));
        Assert.Equal(Enumerable.Range(1, (int)s_filled.Values.Sum() * 2).Select(number => (long)number), (await Evidence.PageAsync(0, long.MaxValue, 500, default)).Select(seal => seal.Number));
        var verification = await VerifyAsync();
        Assert.True(verification.IsClean, string.Join('\n', verification.Findings));
        Assert.Equal((36, 0), (verification.Checked, verification.Erased));
    }

    [EngineFact]
    public async Task A_stranger_computes_the_same_hashes()
    {
        await FillAsync();
        await Sealer.SealAsync(default);
        var seals = await Evidence.PageAsync(0, long.MaxValue, 500, default);
        var records = await Evidence.RecordsAsync([.. seals], default);

        var chain = new byte[32];
        foreach (var seal in seals)
        {
            var record = records[(seal.Kind, seal.RecordId, seal.RecordNo)];
            byte[] leaf = [.. seal.Salt!, .. Text(seal.Kind), .. record.Kind.Columns.SelectMany((column, i) => Text(column).Concat(record.Values[i] switch
            {
                null => [255, 255, 255, 255],
                byte[] bytes => [.. Length(bytes.Length), .. bytes],
                var other => Text(Convert.ToString(other, CultureInfo.InvariantCulture)!),
            }))];
            Assert.Equal(SHA256.HashData(leaf), seal.Leaf);
            chain = SHA256.HashData([.. chain, .. Number(seal.Number), .. Number(seal.SealedAt), .. Number(seal.RecordId), .. Number(seal.RecordNo), .. Text(seal.Kind), .. seal.Leaf]);
            Assert.Equal(chain, seal.Chain);
        }

        static byte[] Length(int length) => BitConverter.GetBytes(BinaryPrimitives.ReverseEndianness(length));
        static byte[] Number(long number) => BitConverter.GetBytes(BinaryPrimitives.ReverseEndianness(number));
        static byte[] Text(string text) => [.. Length(Encoding.UTF8.GetByteCount(text)), .. Encoding.UTF8.GetBytes(text)];
    }

    [EngineFact]
    public async Task What_still_changes_is_sealed_when_it_has_ended()
    {
        var request = await ClaimedAsync();
        var number = await Requests.BeginAttemptAsync(request.Id, request.Fence, To(RequestState.Sending, Time.GetUtcNow(), release: false));
        await Sealer.SealAsync(default);
        Assert.DoesNotContain("upload_attempt", (await Evidence.CountsAsync(0, long.MaxValue, default)).Keys);

        // Others come in between, and are sealed, before it ends.
        await Archive.AppendAsync(Delivery());
        await Requests.InsertAsync(Request("session-2"));
        await Sealer.SealAsync(default);
        await Requests.EndAttemptAsync(request.Fence, new UploadAttempt(request.Id, number!.Value, Time.GetUtcNow(), Time.GetUtcNow(), 200, [1], "10000", "", ""), To(RequestState.Accepted));
        Assert.Equal(2, await Sealer.SealAsync(default));
        Assert.Equal(1, (await Evidence.CountsAsync(0, long.MaxValue, default))["upload_attempt"]);
    }

    [EngineFact]
    public async Task How_long_a_record_waits_is_known()
    {
        Assert.Equal((TimeSpan.Zero, null), (await Sealer.OldestAsync(default), Sealer.Unreadable));
        await Archive.AppendAsync(Delivery());
        Time.Advance(TimeSpan.FromMinutes(11));
        await Archive.AppendAsync(Delivery("pay-2", orders: "order-2"));

        Assert.Equal(TimeSpan.FromMinutes(11), await Sealer.OldestAsync(default));
        Assert.Single((await VerifyAsync()).Notes, note => note.Contains("11 min", StringComparison.Ordinal));
        await Sealer.SealAsync(default);
        Assert.Equal(TimeSpan.Zero, await Sealer.OldestAsync(default));
    }

    [EngineFact]
    public async Task A_record_that_cannot_be_read_keeps_no_other_from_its_seal_and_its_age_stays_known()
    {
        await Archive.AppendAsync(Delivery());
        var kept = (await ScalarAsync<byte[]>("SELECT request FROM payment"))!;
        kept[^1] ^= 1;
        await Database.WriteAsync((connection, transaction) => connection.ExecuteAsync("UPDATE payment SET request = @kept", new { kept }, transaction));
        await Requests.InsertAsync(Request("session-1"));

        // The only payment and its only version get none; what comes after them in the order of kinds does.
        Assert.Equal(2, await Sealer.SealAsync(default));
        Time.Advance(TimeSpan.FromMinutes(11));
        Assert.Equal(0, await Sealer.SealAsync(default));
        await Archive.AppendAsync(Delivery("pay-2", orders: "order-2"));
        Assert.Equal(2, await Sealer.SealAsync(default));
        Assert.Equal(TimeSpan.FromMinutes(11), await Sealer.OldestAsync(default));
        Assert.StartsWith("payment 1 的内容读不出来，不能存证：", Sealer.Unreadable, StringComparison.Ordinal);
        Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(0, await Sealer.SealAsync(default));
        Assert.Equal(TimeSpan.FromMinutes(71), await Sealer.OldestAsync(default));
        Assert.Single((await VerifyAsync()).Notes, note => note.Contains("71 min", StringComparison.Ordinal));
    }

    [EngineFact]
    public async Task What_an_erasure_took_is_no_gap_and_leaves_no_salt()
    {
        await FillAsync("old");
        await Checkpoints.MakeAsync(default);
        Time.Advance(TimeSpan.FromDays((3 * 365) + 3));
        await FillAsync("new");
        await Retention().RunAsync(dryRun: false, default);
        Assert.Null(await Checkpoints.MakeAsync(default));

        var verification = await VerifyAsync();
        Assert.True(verification.IsClean, string.Join('\n', verification.Findings));
        // The order at the bridge goes by itself.
        Assert.Equal((s_filled.Values.Sum() - 1, 2), (verification.Erased, verification.Checkpoints));
        Assert.Equal(0, await ScalarAsync<long>("SELECT COUNT(*) FROM evidence WHERE erased_by IS NOT NULL AND salt IS NOT NULL"));
        Assert.Equal(verification.Erased, await ScalarAsync<long>("SELECT COUNT(*) FROM evidence WHERE erased_by IS NOT NULL"));
        Assert.Equal(1, (await Evidence.CountsAsync(0, long.MaxValue, default))["erasure"]);
    }

    [EngineFact]
    public async Task An_erasure_that_nobody_wrote_down_is_found()
    {
        await FillAsync();
        await Sealer.SealAsync(default);
        var number = await NumberAsync("captured_message", 1);
        await TamperAsync($"DELETE FROM captured_message WHERE id = 1");
        Assert.Equal((number, ArchiveFindingKind.Missing), First(await VerifyAsync()));

        await TamperAsync($"UPDATE evidence SET salt = NULL, erased_by = 1 WHERE number = {number}");
        Assert.Equal((number, ArchiveFindingKind.FalseErasure), First(await VerifyAsync()));
    }

    [EngineFact]
    public async Task An_erasure_takes_nothing_along_that_it_does_not_list()
    {
        await FillAsync("old");
        await Sealer.SealAsync(default);
        Time.Advance(TimeSpan.FromDays((3 * 365) + 3));
        await FillAsync("new");
        await Retention().RunAsync(dryRun: false, default);
        await Sealer.SealAsync(default);

        var number = await NumberAsync("captured_message", 2);
        await TamperAsync($"UPDATE evidence SET salt = NULL, erased_by = (SELECT MAX(erased_by) FROM evidence) WHERE number = {number}");
        await TamperAsync($"DELETE FROM captured_message WHERE id = 2");
        var verification = await VerifyAsync();
        Assert.Equal(2, verification.FindingsTotal);
        Assert.All(verification.Findings, finding => Assert.Equal(ArchiveFindingKind.FalseErasure, finding.Kind));
        Assert.Contains(verification.Findings, finding => finding.Number == number);
    }

    [EngineFact]
    public async Task Each_tampering_is_named_with_its_first_bad_number()
    {
        await FillAsync();
        await Checkpoints.MakeAsync(default);
        await FillAsync("two");
        await Sealer.SealAsync(default);
        var number = await NumberAsync("envelope", 1, no: 1);

        await TamperAsync($"UPDATE replaced_envelope SET sign_value = 'YnJva2Vu' WHERE id = 1");
        Assert.Equal((number, ArchiveFindingKind.Changed), First(await VerifyAsync()));
        await TamperAsync($"UPDATE evidence SET sealed_at = sealed_at + 1 WHERE number = 3");
        Assert.Equal((3, ArchiveFindingKind.Moved), First(await VerifyAsync()));
        await TamperAsync($"DELETE FROM evidence WHERE number = 2");
        Assert.Equal((2, ArchiveFindingKind.Gap), First(await VerifyAsync()));
        Assert.Equal((number, ArchiveFindingKind.Changed), First(await VerifyAsync(new ArchiveRange { From = 10 })));
        await TamperAsync($"DELETE FROM evidence WHERE number > 15");
        Assert.Contains(ArchiveFindingKind.Cut, (await VerifyAsync()).Findings.Select(finding => finding.Kind));
    }

    private protected static (long Number, ArchiveFindingKind Kind) First(ArchiveVerification verification) => verification.Findings is [var first, ..] ? (first.Number, first.Kind) : default;
}

public sealed class SqliteEvidenceTests : EvidenceCompliance<SqliteEngine>
{
    [Fact]
    public async Task A_flip_in_any_sealed_column_of_any_kind_is_found()
    {
        await FillAsync();
        await Sealer.SealAsync(default);
        Assert.True((await VerifyAsync()).IsClean);
        foreach (var kind in SealedKind.All.Where(kind => kind.Name != SealedKind.Erasure))
        {
            var number = await NumberAsync(kind.Name, 1, kind.Table switch { "envelope" => 2, "replaced_envelope" => 1, _ => 0 });
            number = number == 0 ? await ScalarAsync<long>($"SELECT MIN(number) FROM evidence WHERE kind = '{kind.Name}'") : number;
            var id = await ScalarAsync<long>(string.Create(CultureInfo.InvariantCulture, $"SELECT record_id FROM evidence WHERE number = {number}"));
            foreach (var column in kind.Columns.Where(column => column != kind.Key && column is not ("payment_id" or "order_id" or "request_id")))
            {
                await TamperAsync($"CREATE TABLE was AS SELECT {column} AS v FROM {kind.Table} WHERE {kind.Key} = {id}");
                await TamperAsync($"UPDATE {kind.Table} SET {column} = CASE typeof({column}) WHEN 'integer' THEN {column} + 1000 WHEN 'blob' THEN {column} || X'00' ELSE COALESCE({column}, '') || 'x' END WHERE {kind.Key} = {id}");
                Assert.Equal((kind.Name, column, number, ArchiveFindingKind.Changed), (kind.Name, column, First(await VerifyAsync()).Number, First(await VerifyAsync()).Kind));
                await TamperAsync($"UPDATE {kind.Table} SET {column} = (SELECT v FROM was) WHERE {kind.Key} = {id}");
                await TamperAsync($"DROP TABLE was");
            }
        }

        Assert.True((await VerifyAsync()).IsClean);
    }

    [Fact]
    public async Task Rows_that_were_swapped_are_found()
    {
        await FillAsync();
        await FillAsync("two");
        await Sealer.SealAsync(default);
        await TamperAsync($"CREATE TABLE was AS SELECT * FROM payment_version");
        await TamperAsync($"UPDATE payment_version SET (facts, facts_sha256) = (SELECT was.facts, was.facts_sha256 FROM was WHERE was.id = 5 - payment_version.id) WHERE id IN (2, 3)");
        var verification = await VerifyAsync();
        Assert.Equal((await NumberAsync("payment_version", 2), ArchiveFindingKind.Changed), First(verification));
        Assert.Equal(2, verification.FindingsTotal);
    }

    [Fact]
    public async Task A_chain_that_somebody_computed_anew_is_found_by_the_checkpoint_outside()
    {
        await FillAsync();
        Assert.Null(await Checkpoints.MakeAsync(default));
        var first = (await Evidence.HeadAsync(long.MaxValue, default)).Number;
        await FillAsync("two");
        Assert.Null(await Checkpoints.MakeAsync(default));
        await FillAsync("three");
        await Sealer.SealAsync(default);

        await TamperAsync($"UPDATE payment SET response_charset = 'gbk' WHERE id = 2");
        await RecomputeAsync();

        var finding = Assert.Single((await VerifyAsync()).Findings);
        Assert.Equal((first + 1, first * 2, ArchiveFindingKind.Rewritten), (finding.Number, finding.LastNumber, finding.Kind));
        // And nothing is ever signed on top of it.
        var checkpoints = Checkpoints;
        Assert.Contains("checkpoint 36", await checkpoints.MakeAsync(default), StringComparison.Ordinal);
        Assert.Equal(2, Directory.GetFiles(CheckpointsFolder).Length);
    }

    [Fact]
    public async Task An_older_copy_that_was_restored_is_found_also_when_it_has_grown()
    {
        await FillAsync();
        await Checkpoints.MakeAsync(default);
        await Database.DisposeAsync();
        File.Copy(Engine.File, Engine.File + ".older");
        await ReopenAsync();
        await FillAsync("two");
        await Checkpoints.MakeAsync(default);
        await Database.DisposeAsync();
        File.Copy(Engine.File + ".older", Engine.File, overwrite: true);
        await ReopenAsync();

        Assert.Equal((19, ArchiveFindingKind.Cut), First(await VerifyAsync()));
        Assert.NotNull(await Checkpoints.MakeAsync(default));
        await FillAsync("another");
        await FillAsync("and another");
        await Sealer.SealAsync(default);
        Assert.Equal((19, ArchiveFindingKind.Rewritten), First(await VerifyAsync()));
        Assert.NotNull(await Checkpoints.MakeAsync(default));
    }

    [Fact]
    public async Task A_checkpoint_that_was_forged_or_taken_away_is_found()
    {
        foreach (var name in (string[])["one", "two", "three"])
        {
            await FillAsync(name);
            await Checkpoints.MakeAsync(default);
        }

        var file = Path.Combine(CheckpointsFolder, "000000000000036.json");
        var text = await File.ReadAllTextAsync(file);
        await File.WriteAllTextAsync(file, text.Replace("number: 36", "number: 35", StringComparison.Ordinal));
        Assert.Equal((36, ArchiveFindingKind.ForgedCheckpoint), First(await VerifyAsync()));

        File.Delete(file);
        Assert.True((await VerifyAsync()).IsClean);
        await TamperAsync($"DELETE FROM archive_checkpoint WHERE number = 36");
        Assert.Equal((54, ArchiveFindingKind.MissingCheckpoint), First(await VerifyAsync()));
        await File.WriteAllTextAsync(file, "no JSON");
        Assert.Contains(ArchiveFindingKind.ForgedCheckpoint, (await VerifyAsync()).Findings.Select(finding => finding.Kind));
    }

    [Fact]
    public async Task A_run_that_was_ended_goes_on_where_it_was()
    {
        for (var i = 0; i < 600; i++)
        {
            await FillAsync($"order {i}");
        }

        await Sealer.SealAsync(default);
        await TamperAsync($"UPDATE payment SET response_charset = 'gbk' WHERE id = 1");
        await TamperAsync($"UPDATE captured_message SET charset = 'gbk' WHERE id = 600");
        using var ended = new CancellationTokenSource();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => VerifyAsync(progress: new Told(progress => EndAt(10_000, progress, ended)), cancellationToken: ended.Token));
        var numbers = new List<long>();
        var verification = await VerifyAsync(new ArchiveRange { Resume = true }, new Told(progress => numbers.Add(progress.Number)));

        Assert.True(numbers[0] > 10_000, $"It began at {numbers[0]}.");
        Assert.Equal((10_800, 2), (verification.Checked, verification.FindingsTotal));
        Assert.Equal((1, ArchiveFindingKind.Changed), First(verification));
        Assert.Equal(500, (await FirstProgressAsync()).Number);

        static void EndAt(long number, ArchiveVerificationProgress progress, CancellationTokenSource ended)
        {
            if (progress.Number > number)
            {
                ended.Cancel();
            }
        }
    }

    [Fact]
    public async Task A_target_that_was_away_gets_what_it_lacks()
    {
        var target = new AwayTarget(new CheckpointFolder(CheckpointsFolder)) { IsAway = true };
        var checkpoints = Kept([target]);
        await FillAsync();
        Assert.Contains("away", await checkpoints.MakeAsync(default), StringComparison.Ordinal);
        await FillAsync("two");
        Assert.NotNull(await checkpoints.MakeAsync(default));
        Assert.NotNull(checkpoints.Problem);
        target.IsAway = false;

        Assert.Null(await checkpoints.MakeAsync(default));
        Assert.Null(checkpoints.Problem);
        Assert.Equal(2, Directory.GetFiles(CheckpointsFolder).Length);
        var last = Checkpoint.Read((await new CheckpointFolder(CheckpointsFolder).ReadAsync(18, default))[0].Statement);
        Assert.Equal((36, 2, 202.20m), (last.Number, last.Records["payment"], last.Amounts["142"]));
    }

    [Fact]
    public async Task The_key_is_made_once_for_its_owner_alone_and_another_is_not_trusted()
    {
        var folder = Directory.CreateTempSubdirectory("erp-customs-key-").FullName;
        try
        {
            using var key = new SealingKey(new(), folder);
            using var again = new SealingKey(new(), folder);
            using var other = new SealingKey(new() { SealingKey = ECDsaPem() }, folder);
            using var knowing = new SealingKey(new() { FormerKeys = new HashSet<string>([SealingKey.Fingerprint(other.PublicKey)]) }, folder);
            Assert.Equal(key.PublicKey, again.PublicKey);
            Assert.True(again.Trusts(key.Sign(1, "said")));
            Assert.False(key.Trusts(key.Sign(1, "said") with { Statement = "said otherwise" }));
            Assert.False(key.Trusts(other.Sign(1, "said")));
            Assert.True(knowing.Trusts(other.Sign(1, "said")));
            if (!OperatingSystem.IsWindows())
            {
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(folder, SealingKey.FileName)));
            }

            await File.WriteAllTextAsync(Path.Combine(folder, SealingKey.FileName), "no key");
            Assert.Contains("archive-key.pem", Assert.Throws<ModuleConfigurationException>(() => new SealingKey(new(), folder)).Message, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        static string ECDsaPem()
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            return key.ExportPkcs8PrivateKeyPem();
        }
    }

    private async Task<ArchiveVerificationProgress> FirstProgressAsync()
    {
        var first = new List<ArchiveVerificationProgress>();
        await VerifyAsync(new ArchiveRange { Resume = true }, new Told(first.Add));
        return first[0];
    }

    /// <summary>What somebody does who may do anything in the database, but has no key.</summary>
    private async Task RecomputeAsync()
    {
        var head = ChainHead.None;
        foreach (var seal in await Evidence.PageAsync(0, long.MaxValue, 500, default))
        {
            var record = (await Evidence.RecordsAsync([seal], default))[(seal.Kind, seal.RecordId, seal.RecordNo)];
            seal.Leaf = Seal.Leaf(seal.Salt!, record);
            seal.Chain = Seal.Chain(head.Chain, seal);
            head = new ChainHead(seal.Number, seal.Chain);
            await Database.WriteAsync((connection, transaction) => connection.ExecuteAsync("UPDATE evidence SET leaf = @Leaf, chain = @Chain WHERE number = @Number", seal, transaction));
        }
    }

    private sealed class Told(Action<ArchiveVerificationProgress> tell) : IProgress<ArchiveVerificationProgress>
    {
        public void Report(ArchiveVerificationProgress value) => tell(value);
    }

    private sealed class AwayTarget(ICheckpointTarget inner) : ICheckpointTarget
    {
        public bool IsAway { get; set; }

        public string Name => "away";

        public Task<long> LastNumberAsync(CancellationToken cancellationToken) => IsAway ? throw new IOException("away") : inner.LastNumberAsync(cancellationToken);

        public Task WriteAsync(ArchiveCheckpoint checkpoint, CancellationToken cancellationToken) => inner.WriteAsync(checkpoint, cancellationToken);

        public Task<IReadOnlyList<ArchiveCheckpoint>> ReadAsync(long after, CancellationToken cancellationToken) => inner.ReadAsync(after, cancellationToken);
    }
}

public sealed class PostgresEvidenceTests : EvidenceCompliance<PostgresEngine>;

public sealed class SqlServerEvidenceTests : EvidenceCompliance<SqlServerEngine>;
