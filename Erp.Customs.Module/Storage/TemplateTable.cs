using System.Data.Common;
using Dapper;

namespace Erp.Customs.Module.Storage;

/// <summary>The SQL of published templates. Rows are added and never changed; the newest version of a name counts.</summary>
internal sealed class TemplateTable(CustomsDatabase database)
{
    private const string Select =
        "SELECT name AS Name, version AS Version, text AS Text, sha256 AS Sha256, differences AS Differences, published_at AS PublishedAt, published_by AS PublishedBy, reason AS Reason FROM template_version";

    /// <summary>The newest version of each that was ever published.</summary>
    public Task<IReadOnlyList<PublishedTemplate>> NewestAsync(CancellationToken cancellationToken) =>
        ListAsync($"{Select} WHERE id IN (SELECT MAX(id) FROM template_version GROUP BY name) ORDER BY name", new { }, cancellationToken);

    /// <summary>Every version of one, newest first.</summary>
    public Task<IReadOnlyList<PublishedTemplate>> HistoryAsync(string name, CancellationToken cancellationToken) =>
        ListAsync($"{Select} WHERE name = @name ORDER BY version DESC", new { name }, cancellationToken);

    /// <summary>Adds the version after the newest, unless somebody else has.</summary>
    /// <returns><see langword="false"/> when the version is there already, or the one before it is not the newest: nothing is added.</returns>
    public Task<bool> AddAsync(PublishedTemplate template) => database.WriteAsync(async (connection, transaction) =>
    {
        await database.LockAsync(connection, transaction, "template_version");
        if ((await NewestVersionAsync(connection, transaction, template.Name) ?? 0) != template.Version - 1)
        {
            return false;
        }

        await connection.ExecuteAsync(
            """
            INSERT INTO template_version (name, version, text, sha256, differences, published_at, published_by, reason)
            VALUES (@Name, @Version, @Text, @Sha256, @Differences, @at, @By, @Reason)
            """,
            new { template.Name, template.Version, template.Text, template.Sha256, template.Differences, at = template.At.Stored(), template.By, template.Reason },
            transaction);
        return true;
    });

    private static Task<long?> NewestVersionAsync(DbConnection connection, DbTransaction transaction, string name) =>
        connection.ExecuteScalarAsync<long?>("SELECT MAX(version) FROM template_version WHERE name = @name", new { name }, transaction);

    private Task<IReadOnlyList<PublishedTemplate>> ListAsync(string sql, object values, CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<PublishedTemplate>>(
        async connection => [.. (await connection.QueryAsync<Row>(sql, values)).Select(row => row.Read())], cancellationToken);

    private sealed class Row
    {
        public string Name { get; set; } = "";
        public long Version { get; set; }
        public string Text { get; set; } = "";
        public string Sha256 { get; set; } = "";
        public string Differences { get; set; } = "";
        public long PublishedAt { get; set; }
        public string PublishedBy { get; set; } = "";
        public string Reason { get; set; } = "";

        public PublishedTemplate Read() => new(Name, Version, Text, Sha256, Differences, StoredTime.Read(PublishedAt), PublishedBy, Reason);
    }
}

/// <summary>A published template.</summary>
/// <param name="Name">As <c>179/head</c>: up to 64 characters.</param>
/// <param name="Version">1, 2, 3 … of its name.</param>
/// <param name="Text">The template.</param>
/// <param name="Sha256">Of the text in UTF-8, lower-case hex; stands in every envelope made with it.</param>
/// <param name="Differences">From what the built-in writer gives, by field; empty for none.</param>
/// <param name="At">When.</param>
/// <param name="By">By whom.</param>
/// <param name="Reason">Why.</param>
internal sealed record PublishedTemplate(string Name, long Version, string Text, string Sha256, string Differences, DateTimeOffset At, string By, string Reason);
