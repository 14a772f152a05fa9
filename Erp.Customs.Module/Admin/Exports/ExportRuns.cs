using Erp.Customs.Contracts;
using Microsoft.Extensions.Logging;

namespace Erp.Customs.Module.Admin.Exports;

/// <summary>
/// Exports in the background, one after another; their files stand in the module's data folder for a day, readable by the process's account alone.
/// What is under way or was done is not remembered over a restart: the files of an earlier start are removed.
/// </summary>
internal sealed class ExportRuns : IAsyncDisposable
{
    /// <summary>Exports that one user may have at a time; the oldest that is done makes room. The default value is 5.</summary>
    public const int MostOfOne = 5;

    /// <summary>Exports of all users together. The default value is 50.</summary>
    public const int MostOfAll = 50;

    /// <summary>How long a file is kept. The default value is one day.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(1);

    /// <summary>How often old files are looked for. The default value is 10 minutes.</summary>
    private static readonly TimeSpan s_sweep = TimeSpan.FromMinutes(10);

    private readonly Lock _gate = new();
    private readonly List<ExportRun> _runs = [];
    private readonly SemaphoreSlim _turn = new(1);
    private readonly string _folder;
    private readonly TimeProvider _time;
    private readonly ILogger<ExportRuns> _logger;
    private readonly ITimer _sweeper;
    private Task _work = Task.CompletedTask;

    public ExportRuns(ModuleContext module, TimeProvider time, ILogger<ExportRuns> logger)
    {
        (_folder, _time, _logger) = (Path.Combine(module.DataDirectory, "exports"), time, logger);
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }

        _sweeper = time.CreateTimer(_ => Sweep(), null, s_sweep, s_sweep);
    }

    /// <summary>A user's exports, newest first.</summary>
    public IReadOnlyList<ExportRun> Of(string owner)
    {
        Sweep();
        lock (_gate)
        {
            return [.. _runs.Where(run => run.Owner == owner).Reverse()];
        }
    }

    /// <summary>Begins one.</summary>
    /// <returns>Why not, <c>中文 | English</c>; <see langword="null"/> when it was begun.</returns>
    public string? Begin(ExportList list, ExportFormat format, string owner)
    {
        Sweep();
        lock (_gate)
        {
            var own = _runs.Where(run => run.Owner == owner).ToList();
            if (own.Count >= MostOfOne && own.TrueForAll(run => run.IsOpen))
            {
                return Words.Of($"您已有 {MostOfOne} 个导出在进行，请等待完成或取消后再试", $"{MostOfOne} exports of yours are under way: wait for one or end it, then try again");
            }

            if (_runs.Count >= MostOfAll && _runs.TrueForAll(run => run.IsOpen))
            {
                return Words.Of("后台导出已满，请稍后再试", "Too many exports are under way: try again later");
            }

            if (own.Count >= MostOfOne || _runs.Count >= MostOfAll)
            {
                Remove((own.Count >= MostOfOne ? own : _runs).First(run => !run.IsOpen));
            }

            OwnerOnlyFile.CreateFolder(_folder);
            var started = new ExportRun(list, format, owner, Path.Combine(_folder, Guid.NewGuid().ToString("N")), _time.GetUtcNow());
            _runs.Add(started);
            _work = Task.WhenAll(_work, Task.Run(() => RunAsync(started), CancellationToken.None));
            return null;
        }
    }

    /// <summary>Ends one that goes on; one that is done goes away with its file.</summary>
    public bool Remove(string id, string owner)
    {
        lock (_gate)
        {
            if (_runs.Find(run => run.Id == id && run.Owner == owner) is not { } run)
            {
                return false;
            }

            if (run.IsOpen)
            {
                run.Stop.Cancel();
            }
            else
            {
                Remove(run);
            }

            return true;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _sweeper.DisposeAsync();
        Task work;
        lock (_gate)
        {
            _runs.ForEach(run => run.Stop.Cancel());
            work = _work;
        }

        await work;
        _runs.ForEach(run => run.Dispose());
        _turn.Dispose();
    }

    private async Task RunAsync(ExportRun run)
    {
        try
        {
            await _turn.WaitAsync(run.Stop.Token);
            try
            {
                run.State = ExportState.Running;
                await using var file = OwnerOnlyFile.Open(run.File, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read);
                await run.Format.WriteAsync(run.List, file, rows => run.Rows = rows, run.Stop.Token);
            }
            finally
            {
                _turn.Release();
            }

            run.State = ExportState.Done;
        }
        catch (OperationCanceledException) when (run.Stop.IsCancellationRequested)
        {
            Leave(run, ExportState.Ended, Words.Of("已取消", "Ended before it was done"));
        }
        catch (Exception problem)
        {
            _logger.LogError(problem, "An export of {User} could not be written", run.Owner);
            Leave(run, ExportState.Failed, Words.Of($"导出失败（{problem.GetType().Name}），请稍后重试；仍失败请联系运维查看日志", $"It could not be written ({problem.GetType().Name}): try again later, and have the log looked at if it fails again"));
        }
    }

    private static void Leave(ExportRun run, ExportState state, string problem)
    {
        File.Delete(run.File);
        (run.Problem, run.State) = (problem, state);
    }

    private void Sweep()
    {
        var before = _time.GetUtcNow() - Kept;
        lock (_gate)
        {
            foreach (var old in _runs.Where(run => !run.IsOpen && run.StartedAt <= before).ToList())
            {
                Remove(old);
            }
        }
    }

    private void Remove(ExportRun run)
    {
        File.Delete(run.File);
        _runs.Remove(run);
        run.Dispose();
    }
}
