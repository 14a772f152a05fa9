using Erp.Customs.Tests.Support;

namespace Erp.Customs.Tests.Platform;

public sealed class When_the_ERP_restarts : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("erp-customs-restart-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Should_answer_what_was_acknowledged_before()
    {
        string waiting;
        await using (var before = await CustomsWorld.StartAsync(folder: _folder))
        {
            (waiting, var answer) = await before.AskAsync("SO1");
            Assert.True(answer.IsAcknowledged, answer.Body);
        }

        await using var after = await CustomsWorld.StartAsync(folder: _folder);
        Assert.NotNull(await after.Services.FindRequestAsync(waiting, CancellationToken.None));
        Assert.Equal("10000", (await after.AskAsync("SO1", waiting)).Answer.Code);
        Assert.Equal("20001", (await after.AskAsync("SO2", waiting)).Answer.Code);
        await after.DeliveredAsync(CustomsWorld.Payment("T1", "SO1"));
        await after.WaitAsync(waiting, "accepted");
        Assert.Single(after.Customs.Log.FindSession(waiting)!.Uploads);
    }

    [Fact]
    public async Task Should_answer_what_was_acknowledged_right_before_it_was_killed()
    {
        var killed = Path.Combine(_folder, "killed");
        List<string> sessions;
        await using (var before = await CustomsWorld.StartAsync(new(StringComparer.Ordinal) { ["Customs:Upload:Url"] = "http://127.0.0.1:1/" }, folder: Directory.CreateDirectory(Path.Combine(_folder, "before")).FullName))
        {
            await before.DeliveredAsync(CustomsWorld.Payment("T1", "SO1"));
            var asked = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => before.AskAsync("SO1")));
            Assert.All(asked, one => Assert.True(one.Answer.IsAcknowledged, one.Answer.Body));
            sessions = [.. asked.Select(one => one.SessionId)];
            // What a kill leaves is what is in the files now, with workers holding leases and nothing brought back from the log.
            Copy(before.Folder, killed);
        }

        await using var after = await CustomsWorld.StartAsync(folder: killed);
        foreach (var sessionId in sessions)
        {
            await after.WaitAsync(sessionId, "accepted");
            Assert.Equal(1, after.Customs.Log.FindSession(sessionId)!.AcceptedCount);
        }
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories).Where(file => !file.EndsWith(".lock", StringComparison.Ordinal)))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            using var source = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var copy = File.Create(target);
            source.CopyTo(copy);
        }
    }
}
