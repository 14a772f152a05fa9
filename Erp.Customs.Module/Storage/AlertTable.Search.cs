using Dapper;
using Erp.Customs.Contracts;

namespace Erp.Customs.Module.Storage;

/// <summary>Finds messages by outcome, channel, level, merchant and time.</summary>
internal sealed partial class AlertTable
{
    /// <summary>Reads what fits, newest first.</summary>
    /// <param name="search">What fits.</param>
    /// <param name="page">Which part of it.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async Task<IReadOnlyList<AlertMessage>> SearchAsync(AlertSearch search, ListPage page, CancellationToken cancellationToken)
    {
        var values = search.Values();
        values.AddDynamicParams(new { page.Edge, page.Limit });
        return page.NewestFirst(await ListAsync(database.Dialect.Limited($"{SelectMessage} WHERE 1 = 1{search.Condition}{page.Ordered("id")}"), values, cancellationToken));
    }

    /// <summary>Counts what fits, whatever its outcome, by outcome; every outcome is there.</summary>
    public Task<IReadOnlyDictionary<AlertOutcome, long>> CountByOutcomeAsync(AlertSearch search, CancellationToken cancellationToken) => database.ReadAsync(
        async connection =>
        {
            var any = search with { Outcome = null };
            var counts = Enum.GetValues<AlertOutcome>().ToDictionary(outcome => outcome, _ => 0L);
            foreach (var (outcome, count) in await connection.QueryAsync<(string Outcome, long Count)>(
                $"SELECT outcome, CAST(COUNT(*) AS BIGINT) FROM alert_message WHERE 1 = 1{any.Condition} GROUP BY outcome", any.Values()))
            {
                counts[EnumWords<AlertOutcome>.Parse(outcome)] = count;
            }

            return (IReadOnlyDictionary<AlertOutcome, long>)counts;
        },
        cancellationToken);

    /// <summary>Reads one message.</summary>
    public Task<AlertMessage?> FindAsync(long id, CancellationToken cancellationToken) => database.ReadAsync(
        async connection => (await connection.QuerySingleOrDefaultAsync<AlertRow>($"{SelectMessage} WHERE id = @id", new { id }))?.Read(),
        cancellationToken);

    /// <summary>The last message that each channel was asked to take.</summary>
    public Task<IReadOnlyList<AlertMessage>> LastTriedAsync(CancellationToken cancellationToken) =>
        ListAsync($"{SelectMessage} WHERE id IN (SELECT MAX(id) FROM alert_message WHERE ended_at IS NOT NULL GROUP BY channel)", new { }, cancellationToken);
}

/// <summary>Which messages are looked for; what is not given does not matter.</summary>
internal sealed record AlertSearch
{
    /// <summary>What became of it.</summary>
    public AlertOutcome? Outcome { get; init; }

    /// <summary>The channel's name.</summary>
    public string? Channel { get; init; }

    /// <summary>How urgent.</summary>
    public NoticeLevel? Level { get; init; }

    /// <summary>The merchant's name in the settings.</summary>
    public string? Merchant { get; init; }

    /// <summary>Raised then or later.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Raised before then.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Follows a WHERE.</summary>
    public string Condition => string.Concat(
        Outcome is null ? "" : " AND outcome = @Outcome",
        Channel is null ? "" : " AND channel = @Channel",
        Level is null ? "" : " AND level = @Level",
        Merchant is null ? "" : " AND merchant = @Merchant",
        From is null ? "" : " AND raised_at >= @From",
        Until is null ? "" : " AND raised_at < @Until");

    /// <summary>The values in <see cref="Condition"/>.</summary>
    public DynamicParameters Values() => SearchValues.Of(
        ("Outcome", Outcome is not null, Outcome is { } outcome ? EnumWords<AlertOutcome>.Word(outcome) : null),
        ("Channel", Channel is not null, Channel),
        ("Level", Level is not null, Level is { } level ? EnumWords<NoticeLevel>.Word(level) : null),
        ("Merchant", Merchant is not null, Merchant),
        ("From", From is not null, From.Stored()),
        ("Until", Until is not null, Until.Stored()));
}
