using System.Collections.Concurrent;
using System.Globalization;
using CsvHelper;
using Erp.Customs.Contracts;
using Erp.Customs.Module.Archive;
using Erp.Customs.Module.Storage;
using Microsoft.Extensions.Logging;

namespace Erp.Customs.Module.Admin.Import;

/// <summary>
/// The imports of payments: a file is checked first, and imported when a person says so. Payments go the way of the payments API, so that whatever ends an import, the same file imported
/// again stores what is missing and nothing twice. Imports go on whoever looks; what a dead process left is said to be interrupted.
/// </summary>
internal sealed class ImportRuns(
    ImportFolder folder, ImportTable table, PaymentIntake intake, ICustoms customs, CustomsDatabase database, TimeProvider time, ILogger<ImportRuns> logger) : IAsyncDisposable
{
    /// <summary>Imports that run at a time. The default value is 2.</summary>
    private const int Most = 2;

    /// <summary>Payments that are stored together: one commit may hold them all. The default value is 32.</summary>
    private const int Together = 32;

    /// <summary>How often it is written down how far an import is. The default value is 1 second.</summary>
    private static readonly TimeSpan s_often = TimeSpan.FromSeconds(1);

    /// <summary>Where several nodes share a database: an import without a sign of life for so long has died with its node. The default value is 1 minute.</summary>
    private static readonly TimeSpan s_silence = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<long, Running> _running = new();
    private readonly SemaphoreSlim _places = new(Most);
    private readonly CancellationTokenSource _closing = new();

    /// <summary>Keeps an uploaded file and begins to check it. What the same user has uploaded before and not imported is given up.</summary>
    /// <returns>The import's id, or why there is none, <c>中文 | English</c>.</returns>
    public async Task<(long Id, string? Problem)> BeginAsync(string user, string fileName, Stream content, long bytes, CancellationToken cancellationToken)
    {
        if (bytes > SheetRows.FileLimit)
        {
            return (0, Words.Of($"文件超过 {SheetRows.FileLimit / 1024 / 1024} MiB：请拆分为几个文件", $"The file has more than {SheetRows.FileLimit / 1024 / 1024} MiB: split it"));
        }

        if (!await _places.WaitAsync(TimeSpan.Zero, cancellationToken))
        {
            return (0, Busy());
        }

        try
        {
            foreach (var waiting in await table.WaitingAsync(user, cancellationToken))
            {
                await DiscardAsync(waiting, user);
            }

            folder.Clean(time.GetUtcNow());
            var id = await table.AddAsync(Short(fileName), bytes, user);
            await using (var file = ImportFolder.Create(folder.Upload(id)))
            {
                await content.CopyToAsync(file, cancellationToken);
            }

            logger.LogInformation("{User} uploaded the file of import {ImportId}", user, id);
            Run(id, ImportState.Checking, CheckAsync);
            return (id, null);
        }
        catch
        {
            _places.Release();
            throw;
        }
    }

    /// <summary>Has a checked file imported.</summary>
    /// <returns>Why not, <c>中文 | English</c>; <see langword="null"/> when it begins.</returns>
    public async Task<string?> ConfirmAsync(long id, string user)
    {
        if (!File.Exists(folder.Upload(id)))
        {
            return Gone();
        }

        if (!await _places.WaitAsync(TimeSpan.Zero))
        {
            return Busy();
        }

        try
        {
            if (!await table.DecideAsync(id, ImportState.Importing, user))
            {
                _places.Release();
                return Words.Of("该文件不在等待确认的状态，未作任何更改", "This file does not wait for that; nothing was changed");
            }

            logger.LogInformation("{User} has import {ImportId} stored", user, id);
            Run(id, ImportState.Importing, StoreAsync);
            return null;
        }
        catch
        {
            _places.Release();
            throw;
        }
    }

    /// <summary>Gives up a checked file; nothing of it has been stored.</summary>
    /// <returns><see langword="false"/> when it does not wait for that.</returns>
    public async Task<bool> DiscardAsync(long id, string user)
    {
        var discarded = await table.DecideAsync(id, ImportState.Discarded, user);
        if (discarded)
        {
            File.Delete(folder.Upload(id));
            File.Delete(folder.Result(id));
        }

        return discarded;
    }

    /// <summary>Ends an import that runs here.</summary>
    /// <returns><see langword="false"/> when it does not run here.</returns>
    public bool Stop(long id)
    {
        if (!_running.TryGetValue(id, out var running))
        {
            return false;
        }

        running.Stop.Cancel();
        return true;
    }

    /// <summary>Reads an import as it stands.</summary>
    public async Task<PaymentImport?> FindAsync(long id, CancellationToken cancellationToken)
    {
        // In this order: one that ends meanwhile is not taken for one that died.
        var here = _running.ContainsKey(id);
        return await table.FindAsync(id, cancellationToken) is { } import ? AsItStands(import, here) : null;
    }

    /// <summary>The newest imports.</summary>
    public async Task<IReadOnlyList<PaymentImport>> NewestAsync(int limit, CancellationToken cancellationToken)
    {
        var here = _running.Keys.ToHashSet();
        return [.. (await table.NewestAsync(limit, cancellationToken)).Select(import => AsItStands(import, here.Contains(import.Id)))];
    }

    /// <summary>The result of an import as far as it is written; empty where it is not kept here.</summary>
    public IEnumerable<ImportedRow> Result(long id) => File.Exists(folder.Result(id)) ? ImportResult.Read(folder.Result(id)) : [];

    /// <summary>Whether an import's result is kept here.</summary>
    public bool HasResult(long id) => File.Exists(folder.Result(id));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await Task.WhenAll(_running.Values.Select(running => running.Work));
        _closing.Dispose();
        _places.Dispose();
    }

    private static string Busy() => Words.Of($"已有 {Most} 个文件正在检查或导入，请稍后再试；未作任何更改", $"{Most} files are being checked or imported: try again later; nothing was changed");

    private static string Gone() => Words.Of("文件已删除（模块重启过或超过 1 天），或上传在另一节点：请重新上传；未作任何更改", "The file is gone since the module was restarted or a day has passed, or stands on another node: upload it again; nothing was changed");

    private static string Short(string fileName)
    {
        var name = fileName.Split('/', '\\')[^1];
        return name.Length <= 200 ? name : name[^200..];
    }

    private PaymentImport AsItStands(PaymentImport import, bool here)
    {
        var goesOn = import.State is ImportState.Checking or ImportState.Importing;
        var died = goesOn && !here && (database.Server is null || time.GetUtcNow() - import.AliveAt > s_silence);
        return died ? import with { State = ImportState.Interrupted, EndedAt = import.AliveAt } : import;
    }

    private void Run(long id, ImportState state, Func<Progress, CancellationToken, Task> work)
    {
        var stop = CancellationTokenSource.CreateLinkedTokenSource(_closing.Token);
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _running[id] = new(stop, WorkAsync());
        begun.SetResult();

        async Task WorkAsync()
        {
            await begun.Task;
            try
            {
                await WatchedAsync(id, state, work, stop.Token);
            }
            finally
            {
                _running.TryRemove(id, out _);
                stop.Dispose();
                _places.Release();
            }
        }
    }

    /// <summary>Runs one half of an import and writes down how it came out.</summary>
    private async Task WatchedAsync(long id, ImportState state, Func<Progress, CancellationToken, Task> work, CancellationToken stop)
    {
        var progress = new Progress(table, time, (await table.FindAsync(id, CancellationToken.None))! with { State = state });
        try
        {
            await work(progress, stop);
        }
        catch (OperationCanceledException)
        {
            progress.Import = Ended(progress.Import, _closing.IsCancellationRequested ? ImportState.Interrupted : ImportState.Stopped, "");
        }
        catch (SheetException unreadable)
        {
            // A library's words may hold a part of the file, and that may be a person's data.
            logger.LogWarning("The file of import {ImportId} cannot be read: {Problem}", id, (unreadable.InnerException ?? unreadable).GetType().Name);
            progress.Import = Ended(progress.Import, ImportState.Unreadable, unreadable.Message);
        }
        catch (Exception problem)
        {
            logger.LogError(problem, "Import {ImportId} could not go on", id);
            progress.Import = Ended(progress.Import, ImportState.Failed, Words.Of($"系统内部错误（{problem.GetType().Name}）", $"Internal error ({problem.GetType().Name})"));
        }

        if (progress.Import.State != ImportState.Checked)
        {
            File.Delete(folder.Upload(id));
        }

        try
        {
            await table.SaveAsync(progress.Import);
        }
        catch (Exception problem)
        {
            // It is shown as interrupted at the row that was written down last.
            logger.LogError(problem, "The end of import {ImportId} could not be written down", id);
        }
    }

    private async Task CheckAsync(Progress progress, CancellationToken stop)
    {
        var sums = new SortedDictionary<string, decimal>(StringComparer.Ordinal);
        await using var result = ImportResult.Write(folder.Result(progress.Import.Id));
        foreach (var payment in Payments(progress.Import.Id))
        {
            stop.ThrowIfCancellationRequested();
            if (payment.Bad.Count == 0)
            {
                var facts = payment.Delivery.Facts;
                sums[facts.Currency] = sums.GetValueOrDefault(facts.Currency) + facts.TotalAmount;
            }
            else
            {
                result.Add(payment.Bad.Select(cell => Row(payment, cell.Row, ImportOutcome.Bad, cell.Column.Title, cell.Sentence)));
            }

            var import = progress.Import;
            await progress.ReportAsync(import with
            {
                AtRow = payment.Rows[^1].Row,
                RowCount = import.RowCount + payment.Rows.Count,
                Payments = import.Payments + 1,
                Orders = import.Orders + payment.Delivery.Facts.Orders.Count,
                BadCells = import.BadCells + payment.Bad.Count,
                BadPayments = import.BadPayments + (payment.Bad.Count > 0 ? 1 : 0),
            });
        }

        progress.Import = progress.Import with
        {
            State = ImportState.Checked,
            Amounts = string.Join(' ', sums.Select(sum => string.Create(CultureInfo.InvariantCulture, $"{sum.Key}={sum.Value:0.#####}"))),
        };
    }

    private async Task StoreAsync(Progress progress, CancellationToken stop)
    {
        await using var result = ImportResult.Write(folder.Result(progress.Import.Id));
        foreach (var payments in Payments(progress.Import.Id).Chunk(Together))
        {
            stop.ThrowIfCancellationRequested();
            var outcomes = await Task.WhenAll(payments.Select(StoreAsync));
            result.Add(payments.Zip(outcomes).SelectMany(stored => stored.First.Rows.Select(row =>
                Row(stored.First, row.Row, stored.Second.Outcome, "", Reason(stored.First, row.Row, stored.Second)))));
            var import = progress.Import;
            await progress.ReportAsync(import with
            {
                AtRow = payments[^1].Rows[^1].Row,
                Saved = import.Saved + outcomes.Count(one => one.Outcome == ImportOutcome.Saved),
                Existing = import.Existing + outcomes.Count(one => one.Outcome == ImportOutcome.Existing),
                Failed = import.Failed + outcomes.Count(one => one.Outcome == ImportOutcome.Failed),
            });
        }

        progress.Import = Ended(progress.Import, ImportState.Done, "");
    }

    /// <summary>One payment by the way of the API. Not cancelled half-way: what was begun has its outcome in the result.</summary>
    private async Task<(ImportOutcome Outcome, string Sentence)> StoreAsync(SheetPayment payment)
    {
        if (payment.Bad.Count > 0)
        {
            return (ImportOutcome.Failed, "");
        }

        var receipt = await customs.DeliverAsync(payment.Delivery, CancellationToken.None);
        return receipt.Outcome switch
        {
            DeliveryOutcome.Stored => (ImportOutcome.Saved, Words.All([.. receipt.Violations, .. receipt.Flags.Select(flag => Words.Of($"请注意：{flag}", $"To be looked at: {flag}"))])),
            DeliveryOutcome.AlreadyStored => (ImportOutcome.Existing, ""),
            _ => (ImportOutcome.Failed, receipt.Sentence),
        };
    }

    /// <summary>Why a row's payment has its outcome; a row with bad cells names its own, the other rows of its payment say where they are.</summary>
    private static string Reason(SheetPayment payment, int row, (ImportOutcome Outcome, string Sentence) stored)
    {
        if (payment.Bad.Count == 0)
        {
            return stored.Sentence;
        }

        var own = payment.Bad.Where(cell => cell.Row == row).Select(cell => Words.Of($"{cell.Column.Zh} {Words.In(cell.Sentence, english: false)}", $"{cell.Column.En} {Words.In(cell.Sentence, english: true)}")).ToList();
        return own.Count > 0 ? Words.All(own) : Words.Of($"同一笔支付的第 {payment.Bad[0].Row} 行有误", $"row {payment.Bad[0].Row} of the same payment is wrong");
    }

    private static ImportedRow Row(SheetPayment payment, int row, ImportOutcome outcome, string column, string sentence) =>
        new(row, payment.Delivery.Merchant, payment.Delivery.PayTransactionId, payment.Rows.First(one => one.Row == row).OrderNo, outcome, column, sentence);

    private IEnumerable<SheetPayment> Payments(long id) => new PaymentSheet(intake.WhyNot).Read(SheetRows.Read(folder.Upload(id), folder.Path));

    private PaymentImport Ended(PaymentImport import, ImportState state, string problem) => import with { State = state, Problem = problem, EndedAt = time.GetUtcNow() };

    /// <summary>An import that runs here.</summary>
    private sealed record Running(CancellationTokenSource Stop, Task Work);

    /// <summary>How far an import is; written down now and then.</summary>
    private sealed class Progress(ImportTable table, TimeProvider time, PaymentImport import)
    {
        private DateTimeOffset _saved = time.GetUtcNow();

        public PaymentImport Import { get; set; } = import;

        public async Task ReportAsync(PaymentImport now)
        {
            Import = now;
            if (time.GetUtcNow() - _saved >= s_often)
            {
                await table.SaveAsync(Import);
                _saved = time.GetUtcNow();
            }
        }
    }
}
