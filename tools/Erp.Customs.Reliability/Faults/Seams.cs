using Erp.Customs.Reliability.World;
using Erp.Customs.Simulator;

namespace Erp.Customs.Reliability.Faults;

/// <summary>kill -9 of the host at the moments that decide: acknowledged, bytes sent, accepted by customs, answer sent; seen from outside, on the sockets.</summary>
internal sealed class Seams : IFault
{
    private static readonly (string Name, Seam? At, string[] Ends)[] s_seams =
    [
        // How far the upload is by then is chance: customs may have it already.
        ("acknowledged", null, ["accepted", "session_used"]),
        ("bytes sent, customs have nothing", Seam.Arrived, ["accepted"]),
        // Customs have it and the module cannot know: the second upload tells, and a person sees it.
        ("accepted, the answer not sent", Seam.Judged, ["session_used"]),
        ("answer sent, perhaps not saved", Seam.Answered, ["accepted", "session_used"]),
    ];

    public string Name => "seams";

    public string What => "kill -9 at each of four seams of an upload, and where the request then ends";

    public int LongForm => 50;

    public int ShortForm => 1;

    public async Task<Finding> RunAsync(int count, string folder, Action<string> progress)
    {
        using var customs = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        await using var impostor = new Impostor(customs);
        await using var rehearsal = await Rehearsal.StartAsync(folder, payments: 50, ("Customs:Upload:Url", impostor.Address.ToString()), ("Customs:Upload:TestUrl", impostor.Address.ToString()));
        customs.BaseAddress = rehearsal.Customs.UploadAddress;
        var wrong = new List<string>();
        var expected = new List<(string SessionId, string Seam, string[] Ends)>();
        for (var round = 1; round <= count; round++)
        {
            foreach (var (name, at, ends) in s_seams)
            {
                var sessionId = Caller.NewSessionId();
                expected.Add((sessionId, name, ends));
                await KillAtAsync(rehearsal, impostor, sessionId, rehearsal.Orders[expected.Count % rehearsal.Orders.Count], at);
                progress($"{round}/{count} rounds");
            }
        }

        await rehearsal.SettleAsync(TimeSpan.FromMinutes(5));
        var table = await rehearsal.RequestsAsync();
        wrong.AddRange(expected.Where(one => !one.Ends.Contains(table.GetValueOrDefault(one.SessionId).State)).Select(one => $"{one.Seam}: {table.GetValueOrDefault(one.SessionId).State ?? "no row"}"));
        var judgement = await Judgement.OfAsync(rehearsal);
        return new(count, judgement.Holds && wrong.Count == 0, $"{s_seams.Length} seams each time; ended otherwise than the table in docs/state-machine.md has it: {wrong.Count}; {judgement}{string.Concat(wrong.Take(10).Select(one => "\n  " + one))}");
    }

    private static async Task KillAtAsync(Rehearsal rehearsal, Impostor impostor, string sessionId, string order, Seam? at)
    {
        var acknowledged = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var killed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        impostor.At = async (seam, session) =>
        {
            if (seam != at || session != sessionId)
            {
                return true;
            }

            // The upload may be quicker than the way back of the acknowledgement.
            await acknowledged.Task;
            await rehearsal.Erp.KillAsync();
            killed.TrySetResult();
            return false;
        };
        var answer = await rehearsal.Customs.Caller.CallPlatDataOpenAsync(rehearsal.PlatDataOpen, order, sessionId, OpenReqShape.Usual, CancellationToken.None);
        if (!answer.IsAcknowledged)
        {
            throw new InvalidOperationException($"Session {sessionId} was not acknowledged: {answer.Body}");
        }

        acknowledged.SetResult();
        if (at is null)
        {
            await rehearsal.Erp.KillAsync();
        }
        else
        {
            await killed.Task.WaitAsync(TimeSpan.FromSeconds(30));
        }

        impostor.At = (_, _) => Task.FromResult(true);
        await rehearsal.KillAndStartAsync();
    }
}
