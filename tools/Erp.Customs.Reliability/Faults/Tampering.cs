using Erp.Customs.Reliability.World;
using Erp.Customs.Simulator;

namespace Erp.Customs.Reliability.Faults;

/// <summary>
/// Somebody with all rights in the database, but without the sealing key, changes the archive, one way each time; a verification must find it, at its first bad number. One that finds
/// something in a whole archive is as wrong.
/// </summary>
internal sealed class Tampering : IFault
{
    /// <summary>Between two verifications of the whole archive, and between two restores of an older copy, which cost a restart.</summary>
    private const int BetweenWhole = 20;

    private const int BetweenRestores = 1000;

    private const string Never = "0 0 0 1 1 ? 2099";

    public string Name => "tampering";

    public string What => "the archive is changed by somebody who may do anything in the database: bits, rows, order, end, older copy, whole chain; then verified";

    public int LongForm => 10_000;

    public int ShortForm => 60;

    public async Task<Finding> RunAsync(int count, string folder, Action<string> progress)
    {
        await using var rehearsal = await Rehearsal.StartAsync(folder, payments: 10, [("Customs:Retention:Cron", "* * * * * ?"), ("Customs:Archive:SealingCron", "* * * * * ?")]);
        var file = Path.Combine(rehearsal.DataFolder, "customs.db");
        var (older, whole) = (Path.Combine(folder, "older.db"), Path.Combine(folder, "whole.db"));
        await rehearsal.DeliverOldAsync(5);
        await StopAsync(rehearsal);
        File.Copy(file, older);
        await rehearsal.StartErpAsync();
        await AnswerAsync(rehearsal, 10);
        // From here on nothing writes but who tampers.
        rehearsal.Set("Customs:Retention:Cron", Never);
        rehearsal.Set("Customs:Archive:SealingCron", Never);
        rehearsal.Set("Customs:Archive:CheckpointCron", Never);
        await StopAsync(rehearsal);
        File.Copy(file, whole);
        await rehearsal.StartErpAsync();

        var first = await rehearsal.VerifyAsync();
        var (missed, falseAlarms, verified) = (new List<string>(), first.IsClean ? 0 : 1, 1);
        var random = new Random(20261126);
        using (var archive = new TamperedArchive(file, whole, first.LastCheckpoint, KeptContent.OfRehearsal, random))
        {
            for (var time = 1; time <= count; time++)
            {
                var (what, from, to) = archive.Tamper();
                var found = (await rehearsal.VerifyAsync()).First;
                if (found is null || found.Number != from || found.LastNumber < from || found.Number > to)
                {
                    missed.Add($"{what}: {from} is the first bad number, found was {found?.Sentence ?? "nothing"}");
                }

                archive.Restore();
                if (time % BetweenWhole == 0)
                {
                    verified++;
                    falseAlarms += (await rehearsal.VerifyAsync()).IsClean ? 0 : 1;
                }

                progress($"{time}/{count} tamperings, {missed.Count} not found, {falseAlarms} false alarms");
            }
        }

        var restores = Math.Max(1, count / BetweenRestores);
        for (var time = 1; time <= restores; time++)
        {
            await RestoreAsync(rehearsal, older, file);
            if ((await rehearsal.VerifyAsync()).First is not { Kind: "cut" })
            {
                missed.Add("an older copy of the database was restored");
            }

            await RestoreAsync(rehearsal, whole, file);
            verified++;
            falseAlarms += (await rehearsal.VerifyAsync()).IsClean ? 0 : 1;
        }

        return new(
            count, missed.Count == 0 && falseAlarms == 0,
            $"an archive of {first.Checked} seals ({first.Erased} erased, {first.Checkpoints} checkpoints); {count} tamperings and {restores} restored copies, not found or not at their first bad number: {missed.Count}; {verified} verifications of the whole archive, false alarms: {falseAlarms}{string.Concat(missed.Take(10).Select(one => "\n  " + one))}");
    }

    private static async Task AnswerAsync(Rehearsal rehearsal, int requests)
    {
        for (var number = 0; number < requests; number++)
        {
            await rehearsal.Customs.Caller.CallPlatDataOpenAsync(rehearsal.PlatDataOpen, rehearsal.Orders[number % rehearsal.Orders.Count], Caller.NewSessionId(), OpenReqShape.Usual, CancellationToken.None);
        }

        await rehearsal.SettleAsync(TimeSpan.FromMinutes(1));
    }

    /// <summary>As an operator does: what is there is sealed, and a checkpoint says so.</summary>
    private static async Task StopAsync(Rehearsal rehearsal)
    {
        await rehearsal.Erp.TerminateAsync();
        await rehearsal.Erp.DisposeAsync();
    }

    private static async Task RestoreAsync(Rehearsal rehearsal, string copy, string file)
    {
        // Killed: a checkpoint is none of its business now.
        await rehearsal.Erp.KillAsync();
        await rehearsal.Erp.DisposeAsync();
        foreach (var left in (string[])[file + "-wal", file + "-shm"])
        {
            File.Delete(left);
        }

        File.Copy(copy, file, overwrite: true);
        await rehearsal.StartErpAsync();
    }
}
