using Erp.Customs.Module.Storage;
using Erp.Customs.Tests.Support;

namespace Erp.Customs.Tests.Storage;

/// <summary>The table of uploaded files of payments, for every engine.</summary>
public abstract class ImportCompliance<TEngine> : StoreTest<TEngine> where TEngine : TestEngine, new()
{
    private ImportTable Table => new(Database, Time);

    [EngineFact]
    public async Task What_is_saved_of_an_import_is_read_again()
    {
        var id = await Table.AddAsync("支付 十一月.xlsx", 12_345, "王五");
        var begun = (await Table.FindAsync(id, default))!;
        Assert.Equal(("支付 十一月.xlsx", 12_345L, "王五", ImportState.Checking, Time.GetUtcNow(), null), (begun.FileName, begun.FileBytes, begun.BegunBy, begun.State, begun.BegunAt, begun.EndedAt));

        Time.Advance(TimeSpan.FromSeconds(5));
        var end = begun with
        {
            State = ImportState.Done,
            AtRow = 1,
            RowCount = 2,
            Payments = 3,
            Orders = 4,
            Amounts = "142=1.5",
            BadCells = 5,
            BadPayments = 6,
            Saved = 7,
            Existing = 8,
            Failed = 9,
            Problem = "中 | en",
            AliveAt = Time.GetUtcNow(),
            EndedAt = Time.GetUtcNow(),
        };
        await Table.SaveAsync(end);

        Assert.Equal(end, await Table.FindAsync(id, default));
        Assert.Null(await Table.FindAsync(id + 1, default));
    }

    [EngineFact]
    public async Task One_decision_alone_is_taken_about_a_checked_file()
    {
        var id = await Table.AddAsync("a", 1, "王五");
        Assert.False(await Table.DecideAsync(id, ImportState.Importing, "王五"));
        await Table.SaveAsync((await Table.FindAsync(id, default))! with { State = ImportState.Checked });
        Assert.Equal([id], await Table.WaitingAsync("王五", default));
        Assert.Empty(await Table.WaitingAsync("李四", default));

        var decided = await Task.WhenAll(Enumerable.Range(0, 4).Select(number => Task.Run(() => Table.DecideAsync(id, ImportState.Importing, $"{number}"))));

        Assert.Single(decided, taken => taken);
        Assert.Equal(ImportState.Importing, (await Table.FindAsync(id, default))!.State);
        Assert.Empty(await Table.WaitingAsync("王五", default));
        var other = await Table.AddAsync("b", 1, "王五");
        Assert.Equal([other, id], (await Table.NewestAsync(2, default)).Select(import => import.Id));
        Assert.Equal([other], (await Table.NewestAsync(1, default)).Select(import => import.Id));
    }
}

public sealed class SqliteImportTests : ImportCompliance<SqliteEngine>;

public sealed class PostgresImportTests : ImportCompliance<PostgresEngine>;

public sealed class SqlServerImportTests : ImportCompliance<SqlServerEngine>;
