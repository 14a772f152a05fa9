using Erp.Customs.Contracts.Capture;
using Erp.Customs.Tests.Signing;
using Erp.Customs.Tests.Support;

namespace Erp.Customs.Tests.Capture;

public sealed class When_the_log_is_slow_or_fails : InFolder
{
    private const string OurLine = "Payment capture:";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Should_have_logged_what_became_of_messages_when_a_flush_ends()
    {
        await using var erp = new CapturingErp(Folder);
        erp.Module.IsOn = false;
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var goOn = new ManualResetEventSlim();
        erp.Log.Writing = line =>
        {
            if (line.Contains(OurLine, StringComparison.Ordinal))
            {
                reached.TrySetResult();
                Assert.True(goOn.Wait(s_patience));
            }
        };
        erp.Capture.Note("ningbo", "T1", CapturedKind.Request, "x");

        var flush = erp.StoredAsync();
        await reached.Task.WaitAsync(s_patience);
        Assert.False(flush.IsCompleted);
        goOn.Set();
        await flush;

        Assert.Contains("1 messages Spooled", erp.Log.All, StringComparison.Ordinal);
        Assert.Contains("T1", erp.Log.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_log_what_came_soon_after_a_line_though_nothing_more_comes()
    {
        var time = new ManualTime();
        await using var erp = new CapturingErp(Folder, time: time);
        using var lines = new SemaphoreSlim(0);
        erp.Log.Writing = line => _ = line.Contains("Unassigned", StringComparison.Ordinal) ? lines.Release() : 0;
        for (var i = 0; i < 2; i++)
        {
            erp.Capture.Note("ningbo", "", CapturedKind.Request, "without a number");
            await erp.StoredAsync();
        }

        // The second came within ten seconds.
        Assert.Equal((2L, 1), (erp.Capture.Count(CaptureOutcome.Unassigned), lines.CurrentCount));
        Assert.True(lines.Wait(0));
        using var limit = new CancellationTokenSource(s_patience);
        while (!await lines.WaitAsync(TimeSpan.FromMilliseconds(5), limit.Token))
        {
            time.Advance(TimeSpan.FromSeconds(1));
        }
    }

    [Fact]
    public async Task Should_go_on_when_the_log_fails()
    {
        await using var erp = new CapturingErp(Folder);
        erp.Module.IsOn = false;
        erp.Log.Writing = line =>
        {
            if (line.Contains(OurLine, StringComparison.Ordinal))
            {
                throw new IOException("disk full");
            }
        };
        for (var i = 0; i < 3; i++)
        {
            erp.Capture.Note("ningbo", $"T{i}", CapturedKind.Request, "x");
            await erp.StoredAsync();
        }

        Assert.Equal((3, 3L), (erp.Capture.Spooled, erp.Capture.Count(CaptureOutcome.Spooled)));
        Assert.True(erp.Capture.Count(CaptureOutcome.Failed) > 0);
    }
}
