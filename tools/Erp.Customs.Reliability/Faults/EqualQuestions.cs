using System.Security.Cryptography;
using Erp.Customs.Reliability.World;
using Erp.Customs.Simulator;

namespace Erp.Customs.Reliability.Faults;

/// <summary>The same openReq 2 to 50 times at once, over two ERPs on one PostgreSQL where there is one; over one ERP on SQLite elsewhere, which the figures say.</summary>
internal sealed class EqualQuestions : IFault
{
    public string Name => "equal";

    public string What => "2 to 50 equal openReqs at once, over two processes";

    public int LongForm => 2_000;

    public int ShortForm => 25;

    public async Task<Finding> RunAsync(int count, string folder, Action<string> progress)
    {
        if (PrivatePostgres.Absent is not null)
        {
            return await AskAsync(count, folder, progress);
        }

        var server = await PrivatePostgres.NewDatabaseAsync();
        try
        {
            return await AskAsync(count, folder, progress, ("Customs:Database:Engine", "postgresql"), ("Customs:Database:ConnectionString", server));
        }
        finally
        {
            await PrivatePostgres.DropDatabaseAsync(server);
        }
    }

    private static async Task<Finding> AskAsync(int count, string folder, Action<string> progress, params (string, string)[] server)
    {
        await using var rehearsal = await Rehearsal.StartAsync(folder, payments: 100, server);
        await using var second = server.Length > 0 ? await rehearsal.StartNodeAsync("second") : null;
        Uri[] addresses = second is null ? [rehearsal.PlatDataOpen] : [rehearsal.PlatDataOpen, new Uri(second.Address, rehearsal.PlatDataOpen.AbsolutePath)];
        var different = 0;
        for (var group = 1; group <= count; group++)
        {
            var sessionId = Caller.NewSessionId();
            var order = rehearsal.Orders[group % rehearsal.Orders.Count];
            var answers = await Task.WhenAll(Enumerable.Range(0, RandomNumberGenerator.GetInt32(2, 51)).Select(number =>
                rehearsal.Customs.Caller.CallPlatDataOpenAsync(addresses[number % addresses.Length], order, sessionId, OpenReqShape.Usual, CancellationToken.None)));
            different += answers.All(answer => answer.IsAcknowledged) ? 0 : 1;
            progress($"{group}/{count} groups");
        }

        await rehearsal.SettleAsync(TimeSpan.FromMinutes(2));
        var judgement = await Judgement.OfAsync(rehearsal);
        var requests = (await rehearsal.RequestsAsync()).Count;
        return new(count, judgement.Holds && different == 0 && requests == count && judgement.Accepted == count, $"{addresses.Length} processes; {requests:N0} requests of {count:N0} groups, groups with unequal answers {different}; {judgement}");
    }
}
