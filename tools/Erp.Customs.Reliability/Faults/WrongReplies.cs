using System.Globalization;
using Erp.Customs.Reliability.World;
using Erp.Customs.Simulator;

namespace Erp.Customs.Reliability.Faults;

/// <summary>Customs answer the first upload of each session in every wrong way that a server has, and cannot be reached at all in two more.</summary>
internal sealed class WrongReplies : IFault
{
    /// <summary>Memory that the ERP may hold more at the end than at the start. 150 MiB.</summary>
    private const long MemoryLimit = 150 * 1024 * 1024;

    public string Name => "replies";

    public string What => "customs' first answer of each session is wrong in 18 ways, or customs cannot be reached (name unknown, TLS refused)";

    public int LongForm => 100;

    public int ShortForm => 1;

    public async Task<Finding> RunAsync(int count, string folder, Action<string> progress)
    {
        var (held, figures) = await WrongAsync(count, folder, progress);
        foreach (var (name, address) in new[] { ("name unknown", "https://customs.invalid/upload"), ("TLS refused", "") })
        {
            var unreached = await UnreachedAsync(count, Path.Combine(folder, name), address, progress);
            held &= unreached.Held;
            figures += $"\n{name}: {unreached.Figures}";
        }

        return new(count, held, figures);
    }

    private static async Task<(bool Held, string Figures)> WrongAsync(int count, string folder, Action<string> progress)
    {
        using var customs = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        await using var impostor = new Impostor(customs);
        await using var rehearsal = await Rehearsal.StartAsync(
            folder, payments: 50, ("Customs:Upload:Url", impostor.Address.ToString()), ("Customs:Upload:TestUrl", impostor.Address.ToString()), ("Customs:Upload:Timeout", "2"));
        customs.BaseAddress = rehearsal.Customs.UploadAddress;
        var (before, unfinished) = (0L, new List<string>());
        foreach (var mood in Impostor.Moods.Keys)
        {
            impostor.Mood = mood;
            await AskAsync(rehearsal, count);
            await rehearsal.SettleAsync(TimeSpan.FromMinutes(4));
            if ((await rehearsal.RequestsAsync()).Values.Count(request => request.Waits) is var waiting and > 0)
            {
                unfinished.Add($"{mood}: {waiting}");
            }

            before = before == 0 ? rehearsal.Erp.WorkingSet : before;
            progress($"{mood}: {(await Judgement.OfAsync(rehearsal)).Acknowledged} acknowledged so far");
        }

        var judgement = await Judgement.OfAsync(rehearsal);
        var grown = rehearsal.Erp.WorkingSet - before;
        var held = judgement.Holds && unfinished.Count == 0 && rehearsal.Customs.Log.Strays == 0 && grown < MemoryLimit && judgement.Acknowledged == Impostor.Moods.Count * count;
        return (held, string.Create(CultureInfo.InvariantCulture, $"{judgement}; unfinished {string.Join(", ", unfinished)}; memory {grown / 1048576.0:+0;-0} MiB"));
    }

    /// <summary>Nobody can be reached: everything waits, nothing is lost, and when customs are there everything is sent.</summary>
    private static async Task<(bool Held, string Figures)> UnreachedAsync(int count, string folder, string address, Action<string> progress)
    {
        Directory.CreateDirectory(folder);
        await using var rehearsal = await Rehearsal.StartAsync(folder, payments: 20);
        var reachable = rehearsal.Customs.UploadAddress;
        // TLS to a server that speaks none.
        rehearsal.Set("Customs:Upload:Url", address.Length > 0 ? address : new UriBuilder(reachable) { Scheme = "https" }.Uri.ToString());
        await rehearsal.KillAndStartAsync();
        await AskAsync(rehearsal, count);
        await Task.Delay(1_500);
        var early = rehearsal.Customs.Log.AcceptedSessions.Count;
        rehearsal.Set("Customs:Upload:Url", reachable.ToString());
        await rehearsal.KillAndStartAsync();
        await rehearsal.SettleAsync(TimeSpan.FromMinutes(4));
        var judgement = await Judgement.OfAsync(rehearsal);
        progress($"{judgement.Accepted} accepted after it could be reached again");
        return (judgement.Holds && early == 0 && judgement.Accepted == count, judgement.ToString());
    }

    private static Task<OpenReqAnswer[]> AskAsync(Rehearsal rehearsal, int count) => Task.WhenAll(Enumerable.Range(0, count).Select(number => rehearsal.Customs.Caller.CallPlatDataOpenAsync(
        rehearsal.PlatDataOpen, rehearsal.Orders[number % rehearsal.Orders.Count], Caller.NewSessionId(), OpenReqShape.Usual, CancellationToken.None)));
}
