using System.Security.Cryptography;
using Erp.Customs.Reliability.World;

namespace Erp.Customs.Reliability.Faults;

/// <summary>kill -9 of the host at a random moment of a running erasure: what is inside its term stays, what is past it goes with the next run, and the chain proves both.</summary>
internal sealed class Erasures : IFault
{
    /// <summary>Payments past their term before each kill: several batches.</summary>
    private const int Old = 600;

    /// <summary>The longest that a kill waits after the first payment has gone, in milliseconds.</summary>
    private const int LongestWait = 400;

    private const string Never = "0 0 0 1 1 ? 2099";

    public string Name => "erasures";

    public string What => $"kill -9 of the host at a random moment of the erasure of {Old} payments";

    public int LongForm => 50;

    public int ShortForm => 2;

    public async Task<Finding> RunAsync(int count, string folder, Action<string> progress)
    {
        await using var rehearsal = await Rehearsal.StartAsync(folder, payments: 50, [("Customs:Retention:Cron", Never)]);
        var (wrong, half, left) = (new List<string>(), 0, 0L);
        for (var round = 1; round <= count; round++)
        {
            rehearsal.Set("Customs:Retention:Cron", Never);
            await rehearsal.KillAndStartAsync();
            await rehearsal.DeliverOldAsync(Old);
            if (await rehearsal.PaymentsAsync() is var (_, before) && before != Old)
            {
                wrong.Add($"round {round}: {before} payments past their term were delivered");
            }

            rehearsal.Set("Customs:Retention:Cron", "* * * * * ?");
            await rehearsal.KillAndStartAsync();
            await rehearsal.OldAreAsync(old => old < Old);
            await Task.Delay(RandomNumberGenerator.GetInt32(0, LongestWait));
            await rehearsal.Erp.KillAsync();
            var (_, standing) = await rehearsal.PaymentsAsync();
            half += standing is > 0 and < Old ? 1 : 0;
            left += standing;

            // The next run takes the rest.
            await rehearsal.KillAndStartAsync();
            await rehearsal.OldAreAsync(old => old == 0);
            var (all, old) = await rehearsal.PaymentsAsync();
            if (old > 0 || all != rehearsal.Orders.Count)
            {
                wrong.Add($"round {round}: {old} payments past their term are left, and {all - old} of {rehearsal.Orders.Count} inside it");
            }

            if (await rehearsal.VerifyAsync() is { IsClean: false } verification)
            {
                wrong.Add($"round {round}: {verification.First?.Sentence}");
            }

            progress($"{round}/{count} kills, {half} in the midst");
        }

        return new(
            count, wrong.Count == 0,
            $"{half} of {count} kills in the midst of an erasure, {left:N0} of {(long)count * Old:N0} payments past their term still there at the kill; erased early, left after the next run, or not proved by the chain: {wrong.Count}{string.Concat(wrong.Take(10).Select(one => "\n  " + one))}");
    }
}
