using Erp.Customs.Module;
using Erp.Customs.Module.Archive;
using Erp.Customs.Module.Archive.Sealing;
using Erp.Customs.Module.Rendering;
using Erp.Customs.Module.Storage;
using Erp.Customs.Module.Storage.Keeping;
using Microsoft.Extensions.Logging.Abstractions;

namespace Erp.Customs.Benchmarks.World;

/// <summary>The module's database and archive without the rest of the module.</summary>
internal sealed class BenchStore : IAsyncDisposable
{
    /// <summary>The key of the content, as the settings have it.</summary>
    public static readonly string ArchiveKey = Convert.ToBase64String(new byte[ContentKey.Length]);

    private BenchStore(SqliteDatabase database)
    {
        Database = database;
        Archive = new PaymentArchive(database, TimeProvider.System, Options);
        Evidence = new EvidenceTable(database);
        Sealer = new Sealer(database, Evidence, TimeProvider.System);
        Erasures = new Erasures(Evidence, Sealer, TimeProvider.System);
    }

    public SqliteDatabase Database { get; }

    public PaymentArchive Archive { get; }

    public EvidenceTable Evidence { get; }

    public Sealer Sealer { get; }

    public Erasures Erasures { get; }

    public CustomsOptions Options { get; } = new()
    {
        UploadUrl = new Uri("http://127.0.0.1/"),
        Merchants = new Dictionary<string, MerchantOptions>(StringComparer.Ordinal),
    };

    public static async Task<BenchStore> OpenAsync(string folder)
    {
        var database = new SqliteDatabase(Path.Combine(folder, "customs.db"), new ContentVault(new ContentKeys(new ArchiveOptions { Key = ArchiveKey }, folder)));
        await database.OpenAsync(CancellationToken.None);
        await new Migrations(database, Path.Combine(AppContext.BaseDirectory, "migrations"), TimeProvider.System, NullLogger<Migrations>.Instance).ApplyAsync(CancellationToken.None);
        return new BenchStore(database);
    }

    /// <summary>Stores payments as an ERP would that delivers its old ones: many at a time.</summary>
    public Task FillAsync(long from, int count, DateTimeOffset traded) => FillAsync(from, count, _ => traded);

    /// <summary>The same with a trading time for each number.</summary>
    public async Task FillAsync(long from, int count, Func<long, DateTimeOffset> traded)
    {
        var next = from - 1;
        await Task.WhenAll(Enumerable.Range(0, 256).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Increment(ref next) is var number && number < from + count)
            {
                await Archive.AppendAsync(BenchPayments.Delivery(number, traded(number)));
            }
        })));
    }

    public ValueTask DisposeAsync()
    {
        Sealer.Dispose();
        return Database.DisposeAsync();
    }
}
