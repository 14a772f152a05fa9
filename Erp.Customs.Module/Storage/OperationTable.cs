using Dapper;

namespace Erp.Customs.Module.Storage;

/// <summary>The SQL of 操作日志: what people did on the screens. Rows are added and read, never changed; retention alone erases them.</summary>
internal sealed class OperationTable(CustomsDatabase database)
{
    private const string Select =
        "SELECT id AS Id, happened_at AS HappenedAt, person AS Person, action AS Action, title AS Title, subject AS Subject, result AS Result, sentence AS Sentence FROM operation";

    /// <summary>Adds one.</summary>
    public Task AddAsync(NewOperation operation) => database.WriteAsync((connection, transaction) => connection.ExecuteAsync(
        "INSERT INTO operation (happened_at, person, action, title, subject, result, sentence) VALUES (@at, @Person, @Action, @Title, @Subject, @result, @Sentence)",
        new
        {
            at = operation.At.Stored(),
            operation.Person,
            operation.Action,
            operation.Title,
            operation.Subject,
            result = EnumWords<OperationResult>.Word(operation.Result),
            operation.Sentence,
        },
        transaction));

    /// <summary>Reads what fits, newest first.</summary>
    /// <param name="search">What fits.</param>
    /// <param name="page">Which part of it.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async Task<IReadOnlyList<Operation>> SearchAsync(OperationSearch search, ListPage page, CancellationToken cancellationToken)
    {
        var values = search.Values();
        values.AddDynamicParams(new { page.Edge, page.Limit });
        return page.NewestFirst(await database.ReadAsync(
            async connection => (await connection.QueryAsync<Row>(database.Dialect.Limited($"{Select} WHERE 1 = 1{search.Condition}{page.Ordered("id")}"), values)).Select(row => row.Read()).ToList(),
            cancellationToken));
    }

    /// <summary>Counts what fits, whatever its result, by result; every result is there.</summary>
    public Task<IReadOnlyDictionary<OperationResult, long>> CountByResultAsync(OperationSearch search, CancellationToken cancellationToken) => database.ReadAsync(
        async connection =>
        {
            var any = search with { Result = null };
            var counts = Enum.GetValues<OperationResult>().ToDictionary(result => result, _ => 0L);
            foreach (var (result, count) in await connection.QueryAsync<(string Result, long Count)>(
                $"SELECT result, CAST(COUNT(*) AS BIGINT) FROM operation WHERE 1 = 1{any.Condition} GROUP BY result", any.Values()))
            {
                counts[EnumWords<OperationResult>.Parse(result)] = count;
            }

            return (IReadOnlyDictionary<OperationResult, long>)counts;
        },
        cancellationToken);

    /// <summary>Erases what is as old as records past their term.</summary>
    public Task EraseAsync(DateTimeOffset cutoff) => database.WriteAsync((connection, transaction) =>
        connection.ExecuteAsync("DELETE FROM operation WHERE happened_at < @cutoff", new { cutoff = cutoff.Stored() }, transaction));

    private sealed class Row
    {
        public long Id { get; set; }
        public long HappenedAt { get; set; }
        public string Person { get; set; } = "";
        public string Action { get; set; } = "";
        public string Title { get; set; } = "";
        public string Subject { get; set; } = "";
        public string Result { get; set; } = "";
        public string Sentence { get; set; } = "";

        public Operation Read() => new(Id, new(StoredTime.Read(HappenedAt), Person, Action, Title, Subject, EnumWords<OperationResult>.Parse(Result), Sentence));
    }
}

/// <summary>Which operations are looked for; what is not given does not matter.</summary>
internal sealed record OperationSearch
{
    /// <summary>Who.</summary>
    public string? Person { get; init; }

    /// <summary>What, as <see cref="NewOperation.Action"/>.</summary>
    public string? Action { get; init; }

    /// <summary>What became of it.</summary>
    public OperationResult? Result { get; init; }

    /// <summary>Then or later.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Before then.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Follows a WHERE.</summary>
    public string Condition => string.Concat(
        Person is null ? "" : " AND person = @Person",
        Action is null ? "" : " AND action = @Action",
        Result is null ? "" : " AND result = @Result",
        From is null ? "" : " AND happened_at >= @From",
        Until is null ? "" : " AND happened_at < @Until");

    /// <summary>The values in <see cref="Condition"/>.</summary>
    public DynamicParameters Values() => SearchValues.Of(
        ("Person", Person is not null, Person),
        ("Action", Action is not null, Action),
        ("Result", Result is not null, Result is { } result ? EnumWords<OperationResult>.Word(result) : null),
        ("From", From is not null, From.Stored()),
        ("Until", Until is not null, Until.Stored()));
}

/// <summary>What somebody did on a screen, or wanted to.</summary>
/// <param name="At">When.</param>
/// <param name="Person">The user's name in the ERP.</param>
/// <param name="Action">Page and handler, e.g. <c>/Requests/Index.Retry</c>: up to 128 characters.</param>
/// <param name="Title">The same in words, <c>中文 | English</c>.</param>
/// <param name="Subject">What it was about, by number or id; never personal data.</param>
/// <param name="Result">What became of it.</param>
/// <param name="Sentence">What he was told, <c>中文 | English</c>.</param>
internal sealed record NewOperation(DateTimeOffset At, string Person, string Action, string Title, string Subject, OperationResult Result, string Sentence);

/// <summary>An operation as stored.</summary>
/// <param name="Id">Its number.</param>
/// <param name="What">What it was.</param>
internal sealed record Operation(long Id, NewOperation What);

/// <summary>What became of an operation.</summary>
internal enum OperationResult
{
    /// <summary>成功.</summary>
    Done,

    /// <summary>未成功: not done, or not all of it; the sentence says why.</summary>
    Failed,

    /// <summary>被拒绝: the person lacks the permission.</summary>
    Refused,
}
