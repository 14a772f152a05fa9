using System.Diagnostics;
using System.Security.Cryptography;
using Erp.Customs.Reliability.World;
using Erp.Customs.Simulator;

namespace Erp.Customs.Reliability.Faults;

/// <summary>The disk of the module's data runs full while customs ask, and has room again.</summary>
internal sealed class DiskFull : IFault
{
    private const int AskedWhileFull = 10;

    public string Name => "disk";

    public string What => "disk full while customs ask, then room again, without a restart";

    public int LongForm => 50;

    public int ShortForm => 2;

    public string? Absent => Environment.IsPrivilegedProcess && OperatingSystem.IsLinux() ? null : "A small disk can only be mounted by root on Linux.";

    public async Task<Finding> RunAsync(int count, string folder, Action<string> progress)
    {
        var disk = Path.Combine(folder, "data");
        Directory.CreateDirectory(disk);
        await CommandAsync("mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", disk);
        try
        {
            return await FillAsync(count, folder, disk, progress);
        }
        finally
        {
            await CommandAsync("umount", "-l", disk);
        }
    }

    private static async Task<Finding> FillAsync(int count, string folder, string disk, Action<string> progress)
    {
        await using var rehearsal = await Rehearsal.StartAsync(folder, payments: 30);
        var (refused, recovered, slowest) = (0, 0, TimeSpan.Zero);
        for (var time = 1; time <= count; time++)
        {
            var filler = Path.Combine(disk, "filler");
            Fill(filler);
            for (var number = 0; number < AskedWhileFull; number++)
            {
                refused += (await AskAsync(rehearsal, number)).IsAcknowledged ? 0 : 1;
            }

            File.Delete(filler);
            var start = TimeProvider.System.GetTimestamp();
            while (!(await AskAsync(rehearsal, time)).IsAcknowledged && TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(30))
            {
                await Task.Delay(100);
            }

            var took = TimeProvider.System.GetElapsedTime(start);
            (recovered, slowest) = (recovered + (took < TimeSpan.FromSeconds(30) ? 1 : 0), took > slowest ? took : slowest);
            progress($"{time}/{count} times full, {refused} questions refused");
        }

        await rehearsal.SettleAsync(TimeSpan.FromMinutes(3));
        var judgement = await Judgement.OfAsync(rehearsal);
        return new(count, judgement.Holds && recovered == count && refused > 0, $"{refused} questions refused while full; took again after {slowest.TotalSeconds:0.0} s at most, {recovered} times of {count}; {judgement}");
    }

    private static Task<OpenReqAnswer> AskAsync(Rehearsal rehearsal, int number) => rehearsal.Customs.Caller.CallPlatDataOpenAsync(
        rehearsal.PlatDataOpen, rehearsal.Orders[number % rehearsal.Orders.Count], Caller.NewSessionId(), OpenReqShape.Usual, CancellationToken.None);

    /// <summary>Writes until there is no byte left.</summary>
    private static void Fill(string file)
    {
        using var stream = new FileStream(file, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        var block = RandomNumberGenerator.GetBytes(64 * 1024);
        var size = block.Length;
        while (size > 0)
        {
            try
            {
                stream.Write(block, 0, size);
            }
            catch (IOException)
            {
                size /= 2;
            }
        }
    }

    private static async Task CommandAsync(string command, params string[] arguments)
    {
        using var process = Process.Start(command, arguments);
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{command} {string.Join(' ', arguments)} ended with {process.ExitCode}.");
        }
    }
}
