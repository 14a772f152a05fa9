using System.Data.Common;
using System.Security.Cryptography;
using Erp.Customs.Module.Storage;
using Erp.Customs.Module.Storage.Keeping;

namespace Erp.Customs.Module.Archive.Sealing;

/// <summary>
/// 存证: gives every record that has none a number, a salted hash and its place in the chain, a moment after it was stored and beside whatever else is stored. What is hashed is read and
/// hashed outside of any transaction; only the chain is continued in one, in batches, so that nobody waits long for it.
/// </summary>
internal sealed class Sealer(CustomsDatabase database, EvidenceTable table, TimeProvider time) : IDisposable
{
    /// <summary>Records in one transaction. The default value is 200.</summary>
    private const int BatchSize = 200;

    /// <summary>
    /// A transaction on a server may commit a smaller id after a greater one: ids of the last minutes are looked at again. The default value is 2 minutes; our transactions take milliseconds.
    /// </summary>
    private static readonly TimeSpan s_lookBack = TimeSpan.FromMinutes(2);

    /// <summary>Whatever was missed by that is found by a look at everything. The default value is once a day, and at the first look after a start.</summary>
    private static readonly TimeSpan s_lookAtAll = TimeSpan.FromDays(1);

    private readonly SemaphoreSlim _turn = new(1);
    private readonly Dictionary<SealedKind, Looked> _looked = SealedKind.All.ToDictionary(kind => kind, _ => new Looked(time));
    private long _lookedAtAll = time.GetTimestamp();

    /// <summary>Seals whatever can be sealed.</summary>
    /// <returns>How many records were sealed.</returns>
    public async Task<long> SealAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (time.GetElapsedTime(_lookedAtAll) > s_lookAtAll)
            {
                Array.ForEach([.. _looked.Values], looked => looked.Forget());
                _lookedAtAll = time.GetTimestamp();
            }

            var count = 0L;
            foreach (var kind in SealedKind.All)
            {
                count += await SealAsync(kind, _looked[kind], cancellationToken);
            }

            return count;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Which record gets no seal since it cannot be read, the first that the last look met, <c>中文 | English</c>; <see langword="null"/> when all of them can.</summary>
    public string? Unreadable => _looked.Values.Select(looked => looked.Unreadable).FirstOrDefault(sentence => sentence is not null);

    /// <summary>How long the oldest record that could be sealed has waited for it; zero when none does.</summary>
    public async Task<TimeSpan> OldestAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var oldest = now;
        foreach (var (kind, looked) in _looked)
        {
            if (await table.UnsealedSinceAsync(kind, looked.All, cancellationToken) is { } since && since < oldest)
            {
                oldest = since;
            }
        }

        return now - oldest;
    }

    /// <summary>Continues the chain inside a transaction that holds <see cref="EvidenceTable.LockAsync"/>.</summary>
    public async Task<ChainHead> AppendAsync(DbConnection connection, DbTransaction transaction, ChainHead head, SealedRecord record, byte[] salt, byte[] leaf)
    {
        var row = new EvidenceRow
        {
            Number = head.Number + 1,
            Kind = record.Kind.Name,
            RecordId = record.Id,
            RecordNo = record.No,
            SealedAt = time.GetUtcNow().Stored(),
            Salt = salt,
            Leaf = leaf,
        };
        row.Chain = Seal.Chain(head.Chain, row);
        await table.AddAsync(connection, transaction, row);
        return new ChainHead(row.Number, row.Chain);
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    private async Task<long> SealAsync(SealedKind kind, Looked looked, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var last = await table.LastCursorAsync(kind, cancellationToken);
        var (after, sure) = (looked.All, last);
        string? missing = null;
        var count = 0L;
        while (after < last && await table.UnsealedAsync(kind, after, BatchSize, cancellationToken) is { Count: > 0 } page)
        {
            // What cannot be read gets no seal and keeps no other from its own: its age is the alarm, so it is not looked past for good.
            if (page.FirstOrDefault(unsealed => unsealed.Record.Unreadable is not null) is { } unreadable)
            {
                sure = Math.Min(sure, unreadable.Cursor - 1);
                missing ??= Sentence(unreadable.Record, unreadable.Record.Unreadable!);
            }

            count += await SealAsync([.. page.Select(unsealed => unsealed.Record).Where(record => record.Unreadable is null).DistinctBy(record => (record.Id, record.No))]);
            after = page[^1].Cursor;
        }

        looked.Unreadable = missing;
        looked.Has(sure, began, database.BootNumber > 0 && !kind.BecomesReadyLater ? TimeSpan.Zero : s_lookBack);
        return count;
    }

    private async Task<int> SealAsync(IReadOnlyList<SealedRecord> records)
    {
        if (records.Count == 0)
        {
            return 0;
        }

        var seals = records.ToDictionary(record => (record.Id, record.No), record =>
        {
            var salt = RandomNumberGenerator.GetBytes(Seal.SaltLength);
            return (Salt: salt, Leaf: Seal.Leaf(salt, record));
        });
        return await database.WriteAsync(async (connection, transaction) =>
        {
            using var span = Traces.Source.StartActivity("customs.seal");
            await table.LockAsync(connection, transaction);
            var head = await table.HeadAsync(connection, transaction);
            var unsealed = await table.StillUnsealedAsync(connection, transaction, records);
            foreach (var record in unsealed)
            {
                var (salt, leaf) = seals[(record.Id, record.No)];
                head = await AppendAsync(connection, transaction, head, record, salt, leaf);
            }

            return unsealed.Count;
        });
    }

    private static string Sentence(SealedRecord record, UnreadableContentException why) => Words.Of(
        $"{record.Kind.Name} {record.Id} 的内容读不出来，不能存证：{Words.In(why.Message, english: false)}",
        $"{record.Kind.Name} {record.Id} cannot be read and gets no seal: {Words.In(why.Message, english: true)}");

    /// <summary>How far a kind was looked at.</summary>
    private sealed class Looked(TimeProvider time)
    {
        private readonly Queue<(long At, long Cursor)> _looks = new();

        /// <summary>Up to here everything is sealed that ever will be.</summary>
        public long All { get; private set; }

        /// <summary>What <see cref="Sealer.Unreadable"/> says of this kind.</summary>
        public string? Unreadable { get; set; }

        /// <summary>Everything up to a cursor was looked at, at a time; after another time it is sure.</summary>
        public void Has(long cursor, long at, TimeSpan sureAfter)
        {
            _looks.Enqueue((at, cursor));
            while (_looks.TryPeek(out var look) && time.GetElapsedTime(look.At) >= sureAfter)
            {
                All = _looks.Dequeue().Cursor;
            }
        }

        /// <summary>Begins again.</summary>
        public void Forget()
        {
            _looks.Clear();
            All = 0;
        }
    }
}
