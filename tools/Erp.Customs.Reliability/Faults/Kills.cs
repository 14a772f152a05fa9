using System.Security.Cryptography;
using Erp.Customs.Reliability.World;

namespace Erp.Customs.Reliability.Faults;

/// <summary>kill -9 of the whole ERP at a random moment while customs ask ten times a second.</summary>
internal sealed class Kills : IFault
{
    public string Name => "kills";

    public string What => "kill -9 of the host at a random moment under 10 requests/s";

    public int LongForm => 1_000;

    public int ShortForm => 6;

    public async Task<Finding> RunAsync(int count, string folder, Action<string> progress)
    {
        await using var rehearsal = await Rehearsal.StartAsync(folder, payments: 100);
        await using (new AskingCustoms(rehearsal, perSecond: 10))
        {
            for (var kill = 1; kill <= count; kill++)
            {
                await Task.Delay(RandomNumberGenerator.GetInt32(10, 1_500));
                await rehearsal.KillAndStartAsync();
                progress($"{kill}/{count} kills, {rehearsal.Customs.Log.AcceptedSessions.Count} accepted");
            }
        }

        await rehearsal.SettleAsync(TimeSpan.FromMinutes(5));
        var judgement = await Judgement.OfAsync(rehearsal);
        return new(count, judgement.Holds && judgement.Accepted > 0, judgement.ToString());
    }
}
