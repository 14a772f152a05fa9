using System.Data.Common;
using Dapper;

namespace Erp.Customs.Module.Storage;

/// <summary>The SQL of 参数设置: what was set on the screen. Rows are added and never changed; the newest of a name counts.</summary>
internal sealed class SettingTable(CustomsDatabase database)
{
    private const string Newest = "SELECT id AS Id, name AS Name, new_value AS NewValue FROM setting_change WHERE id IN (SELECT MAX(id) FROM setting_change GROUP BY name)";

    private const string Select =
        "SELECT id AS Id, name AS Name, old_value AS OldValue, new_value AS NewValue, changed_at AS ChangedAt, changed_by AS ChangedBy, reason AS Reason FROM setting_change";

    /// <summary>What counts now.</summary>
    public Task<StoredSettings> ReadAsync(CancellationToken cancellationToken) => database.ReadAsync(async connection => Of(await connection.QueryAsync<Row>(Newest)), cancellationToken);

    /// <summary>
    /// What counts, read on a connection of its own before the module has opened its database: its settings are needed to make everything else. Where there is no database or no table yet, nothing
    /// was set. A database that cannot be read gives nothing either: opening it a moment later tells why, and <see cref="StoredSettings.Number"/> tells whether something was missed.
    /// </summary>
    /// <param name="dialect">The engine's.</param>
    /// <param name="connect">Makes a connection, not open yet; <see langword="null"/> where there is no database.</param>
    public static StoredSettings ReadAhead(SqlDialect dialect, Func<DbConnection>? connect)
    {
        if (connect is null)
        {
            return StoredSettings.None;
        }

        try
        {
            using var connection = connect();
            connection.Open();
            return connection.ExecuteScalar<long>(dialect.CountTables, new { Name = "setting_change" }) == 0 ? StoredSettings.None : Of(connection.Query<Row>(Newest));
        }
        catch (Exception unreadable) when (unreadable is DbException or TimeoutException or NotSupportedException)
        {
            return StoredSettings.None;
        }
    }

    /// <summary>Adds changes, unless somebody else has added some since these were thought out.</summary>
    /// <param name="changes">By name, each once.</param>
    /// <param name="seen">The number of the settings that they are changes of.</param>
    /// <returns><see langword="false"/> when there are newer settings: nothing is added.</returns>
    public Task<bool> AddAsync(IReadOnlyCollection<NewSetting> changes, long seen) => database.WriteAsync(async (connection, transaction) =>
    {
        await database.LockAsync(connection, transaction, "setting_change");
        if (await connection.ExecuteScalarAsync<long?>("SELECT MAX(id) FROM setting_change", transaction: transaction) is { } newest && newest != seen)
        {
            return false;
        }

        foreach (var change in changes)
        {
            await connection.ExecuteAsync(
                "INSERT INTO setting_change (name, old_value, new_value, changed_at, changed_by, reason) VALUES (@Name, @OldValue, @NewValue, @at, @By, @Reason)",
                new { change.Name, change.OldValue, change.NewValue, at = change.At.Stored(), change.By, change.Reason },
                transaction);
        }

        return true;
    });

    /// <summary>The changes, newest first.</summary>
    public async Task<IReadOnlyList<SettingChange>> HistoryAsync(ListPage page, CancellationToken cancellationToken) => page.NewestFirst(await database.ReadAsync(
        async connection => (await connection.QueryAsync<Row>(database.Dialect.Limited($"{Select} WHERE 1 = 1{page.Ordered("id")}"), new { page.Edge, page.Limit })).Select(row => row.Read()).ToList(),
        cancellationToken));

    /// <summary>How many changes there are.</summary>
    public Task<long> CountAsync(CancellationToken cancellationToken) =>
        database.ReadAsync(connection => connection.ExecuteScalarAsync<long>("SELECT CAST(COUNT(*) AS BIGINT) FROM setting_change"), cancellationToken);

    /// <summary>One change.</summary>
    public Task<SettingChange?> FindAsync(long id, CancellationToken cancellationToken) => database.ReadAsync(
        async connection => (await connection.QuerySingleOrDefaultAsync<Row>($"{Select} WHERE id = @id", new { id }))?.Read(), cancellationToken);

    private static StoredSettings Of(IEnumerable<Row> newest)
    {
        var rows = newest.ToList();
        return new(
            rows.Where(row => row.NewValue is not null).ToDictionary(row => row.Name, row => row.NewValue!, StringComparer.OrdinalIgnoreCase), rows.Select(row => row.Id).DefaultIfEmpty().Max());
    }

    private sealed class Row
    {
        public long Id { get; set; }
        public string Name { get; set; } = "";
        public string OldValue { get; set; } = "";
        public string? NewValue { get; set; }
        public long ChangedAt { get; set; }
        public string ChangedBy { get; set; } = "";
        public string Reason { get; set; } = "";

        public SettingChange Read() => new(Id, new(Name, OldValue, NewValue, StoredTime.Read(ChangedAt), ChangedBy, Reason));
    }
}

/// <summary>The settings that the screen has set.</summary>
/// <param name="Values">By name, as <c>Customs:Deadline</c>.</param>
/// <param name="Number">Of the newest change in it; 0 without any.</param>
internal sealed record StoredSettings(IReadOnlyDictionary<string, string> Values, long Number)
{
    /// <summary>Nothing was ever set.</summary>
    public static StoredSettings None { get; } = new(new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase), 0);

    /// <summary>As they would be with these changes.</summary>
    public StoredSettings With(IEnumerable<NewSetting> changes)
    {
        var values = new Dictionary<string, string>(Values, StringComparer.OrdinalIgnoreCase);
        foreach (var change in changes)
        {
            values.Remove(change.Name);
            if (change.NewValue is { } value)
            {
                values.Add(change.Name, value);
            }
        }

        return this with { Values = values };
    }
}

/// <summary>A setting that is to be changed.</summary>
/// <param name="Name">Its name, as <c>Customs:Deadline</c>: up to 200 characters.</param>
/// <param name="OldValue">What counted before.</param>
/// <param name="NewValue">What counts from now on; <see langword="null"/> for the host's own value.</param>
/// <param name="At">When.</param>
/// <param name="By">Who.</param>
/// <param name="Reason">Why.</param>
internal sealed record NewSetting(string Name, string OldValue, string? NewValue, DateTimeOffset At, string By, string Reason);

/// <summary>A change as stored.</summary>
/// <param name="Id">Its number.</param>
/// <param name="What">What it was.</param>
internal sealed record SettingChange(long Id, NewSetting What);
