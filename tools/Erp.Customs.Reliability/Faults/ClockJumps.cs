using System.Globalization;
using System.Security.Cryptography;
using Erp.Customs.Reliability.World;
using Erp.Customs.Simulator;

namespace Erp.Customs.Reliability.Faults;

/// <summary>The clock of the host's machine is set, forward and back by a second, an hour and a day, while customs ask and do not always answer well; libfaketime stands between .NET and the clock.</summary>
internal sealed class ClockJumps : IFault
{
    private const string Library = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1";

    private static readonly int[] s_seconds = [1, -1, 3_600, -3_600, 86_400, -86_400];

    public string Name => "clock";

    public string What => "the machine's clock set by ±1 s, ±1 h, ±1 day under 10 requests/s, two uploads after each step answered 503";

    public int LongForm => 200;

    public int ShortForm => 6;

    public string? Absent => File.Exists(Library) ? null : $"There is no {Library} (Debian: apt-get install faketime).";

    public async Task<Finding> RunAsync(int count, string folder, Action<string> progress)
    {
        var clock = Path.Combine(folder, "clock");
        Set(clock, 0);
        await using var rehearsal = await Rehearsal.StartAsync(
            folder, payments: 100,
            ("LD_PRELOAD", Library), ("FAKETIME_TIMESTAMP_FILE", clock), ("FAKETIME_CACHE_DURATION", "1"), ("FAKETIME_DONT_FAKE_MONOTONIC", "1"));
        await using (new AskingCustoms(rehearsal, perSecond: 10))
        {
            for (var jump = 1; jump <= count; jump++)
            {
                rehearsal.Customs.Faults.Set(Fault.HttpStatus(503) with { Times = 2 });
                // From wherever the clock is: as a time server that is right, wrong, and right again.
                Set(clock, jump % 2 == 0 ? 0 : s_seconds[(jump / 2) % s_seconds.Length]);
                await Task.Delay(RandomNumberGenerator.GetInt32(1_200, 3_000));
                progress($"{jump}/{count} jumps, {rehearsal.Customs.Log.AcceptedSessions.Count} accepted");
            }
        }

        Set(clock, 0);
        await rehearsal.SettleAsync(TimeSpan.FromMinutes(2));
        var judgement = await Judgement.OfAsync(rehearsal);
        return new(count, judgement.Holds && judgement.Accepted > 0, judgement.ToString());
    }

    private static void Set(string clock, int seconds)
    {
        File.WriteAllText(clock + ".new", seconds.ToString("+0;-0", CultureInfo.InvariantCulture) + "\n");
        File.Move(clock + ".new", clock, overwrite: true);
    }
}
