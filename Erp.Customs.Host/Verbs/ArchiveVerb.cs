using System.Globalization;
using Erp.Customs.Contracts;

namespace Erp.Customs.Host.Verbs;

/// <summary>验证存证: verifies the archive's chain of evidence and says where it is broken first.</summary>
internal static class ArchiveVerb
{
    /// <summary>Exit code of a verification that could not be carried to its end.</summary>
    private const int NotVerified = 2;

    /// <summary>Between two lines of progress. The default value is 1 second.</summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan s_china = TimeSpan.FromHours(8);

    public static Verb Verb { get; } = new(
        "archive", "archive verify [--from N|日期 --to N|日期] [--resume]：验证存证链，0 完好 1 有异 2 未完成。 Verifies the archive: 0 whole, 1 not, 2 not carried through.", RunAsync);

    private static async Task<int> RunAsync(VerbArguments arguments)
    {
        if (arguments.TakeWord() != "verify")
        {
            throw new UsageException("用法：archive verify [--from 编号或日期] [--to 编号或日期] [--resume]。 Usage: archive verify [--from NUMBER|DATE] [--to NUMBER|DATE] [--resume].");
        }

        var range = Range(arguments.TakeOption("--from"), arguments.TakeOption("--to")) with { Resume = arguments.TakeFlag("--resume") };
        if (range is { Resume: true, IsAll: false })
        {
            throw new UsageException("--resume 只能继续整体验证，不能与 --from、--to 同用。 --resume goes on with a run over everything: without --from and --to.");
        }

        int? outcome = null;
        await ModuleVerb.RunAsync(arguments, "verify-archive", async (customs, cancellationToken) => (outcome = await VerifyAsync(customs, range, cancellationToken)).Value, reads: true);
        return outcome ?? NotVerified;
    }

    private static async Task<int> VerifyAsync(ICustoms customs, ArchiveRange range, CancellationToken cancellationToken)
    {
        var progress = new Progress();
        try
        {
            var verification = await customs.VerifyArchiveAsync(range, progress, cancellationToken);
            foreach (var line in verification.Findings.Select(finding => finding.Sentence).Concat(verification.Notes))
            {
                Console.WriteLine(line);
            }

            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{verification.First}-{verification.Last}: {verification.Checked} 条已验证，{verification.Erased} 条已依法删除，{verification.Checkpoints} 个检查点（至 {verification.LastCheckpoint}），异常 {verification.FindingsTotal}，{verification.Took.TotalSeconds:0.0} s。 {verification.Checked} verified, {verification.Erased} erased lawfully, {verification.Checkpoints} checkpoints (up to {verification.LastCheckpoint}), {verification.FindingsTotal} findings."));
            return verification.IsClean ? 0 : VerbTable.Failed;
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync($"已在编号 {progress.Number} 处中断，可用 archive verify --resume 继续。 Ended at number {progress.Number}; archive verify --resume goes on.");
            return NotVerified;
        }
    }

    private static ArchiveRange Range(string? from, string? to)
    {
        var (first, sealedFrom) = Bound("--from", from, wholeDay: false);
        var (last, sealedBefore) = Bound("--to", to, wholeDay: true);
        return new ArchiveRange { From = first, SealedFrom = sealedFrom, To = last, SealedBefore = sealedBefore };
    }

    /// <summary>A number, or a day of China's calendar; the last day counts to its end.</summary>
    private static (long? Number, DateTimeOffset? Time) Bound(string name, string? text, bool wholeDay) =>
        text is null ? (null, null)
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? (number, null)
        : DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? (null, new DateTimeOffset(day.AddDays(wholeDay ? 1 : 0), TimeOnly.MinValue, s_china))
        : throw new UsageException($"选项 {name} 应为编号（如 1200）或日期（如 2026-11-26）。 Option {name} takes a number such as 1200 or a day such as 2026-11-26.");

    /// <summary>A line a second at most.</summary>
    private sealed class Progress : IProgress<ArchiveVerificationProgress>
    {
        private long _shown = TimeProvider.System.GetTimestamp();

        public long Number { get; private set; }

        public void Report(ArchiveVerificationProgress value)
        {
            Number = value.Number;
            if (TimeProvider.System.GetElapsedTime(_shown) >= s_pause)
            {
                _shown = TimeProvider.System.GetTimestamp();
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{value.Number}/{value.Last}  {value.Findings} 异常 findings"));
            }
        }
    }
}
