using System.Data.Common;
using Dapper;
using Erp.Customs.Contracts;

namespace Erp.Customs.Module.Storage;

/// <summary>The SQL of alerts: decided and grouped here, claimed and ended by whoever sends them; <c>AlertTable.Search.cs</c> finds them for people.</summary>
internal sealed partial class AlertTable(CustomsDatabase database, TimeProvider time)
{
    /// <summary>Lines of one message. The default value is 10.</summary>
    private const int MostLines = 10;

    /// <summary>Longest subject and line in one language. The default value is 300 characters.</summary>
    private const int LongestLine = 300;

    private const string SelectMessage = $"SELECT {AlertRow.Columns} FROM alert_message";

    private readonly string _insert = database.Dialect.InsertReturningId(
        "alert_message",
        "channel", "kind", "merchant", "level", "subject", "body", "path", "alerts", "raised_at", "last_raised_at", "quiet_until", "outcome", "attempts", "next_attempt_at", "error");

    /// <summary>
    /// Decides that these channels are told. The first of its kind and merchant is due at once; what follows within the group's time goes together into one message that is due
    /// when the time is over.
    /// </summary>
    public Task RaiseAsync(Alert alert, string? path, IReadOnlyCollection<string> channels, TimeSpan group) => database.WriteAsync(async (connection, transaction) =>
    {
        await RaiseAsync(connection, transaction, alert, path, channels, group);
        return true;
    });

    /// <summary>The same in the transaction of what it tells of.</summary>
    public async Task RaiseAsync(DbConnection connection, DbTransaction transaction, Alert alert, string? path, IReadOnlyCollection<string> channels, TimeSpan group)
    {
        await LockAsync(connection, transaction, alert);
        foreach (var channel in channels)
        {
            var now = time.GetUtcNow().Stored();
            var last = await LastAlikeAsync(connection, transaction, channel, alert);
            if (last is null || !await JoinAsync(connection, transaction, last, alert, now))
            {
                var due = Math.Max(now, last?.QuietUntil ?? now);
                await InsertAsync(connection, transaction, channel, alert, path, now, due, due + (long)group.TotalMilliseconds);
            }
        }
    }

    /// <summary>The same, unless a message with this kind, merchant and subject was decided on before, by whomever.</summary>
    public Task RaiseOnceAsync(Alert alert, string? path, IReadOnlyCollection<string> channels, TimeSpan group) => database.WriteAsync(async (connection, transaction) =>
    {
        await LockAsync(connection, transaction, alert);
        var values = new { kind = EnumWords<AlertKind>.Word(alert.Kind), alert.Merchant, subject = Line(alert.Subject) };
        if (await connection.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM alert_message WHERE kind = @kind AND merchant = @Merchant AND subject = @subject", values, transaction) == 0)
        {
            await RaiseAsync(connection, transaction, alert, path, channels, group);
        }

        return true;
    });

    /// <summary>Decides on a message that stands alone and is due at once.</summary>
    /// <returns>Its id.</returns>
    public Task<long> AddAsync(Alert alert, string? path, string channel) => database.WriteAsync((connection, transaction) =>
    {
        var now = time.GetUtcNow().Stored();
        return InsertAsync(connection, transaction, channel, alert, path, now, now, now);
    });

    /// <summary>Messages that are due now, the longest waiting first.</summary>
    public Task<IReadOnlyList<AlertMessage>> DueAsync(int limit, CancellationToken cancellationToken) => ListAsync(
        database.Dialect.Limited($"{SelectMessage} WHERE next_attempt_at <= @now ORDER BY next_attempt_at, id"), new { now = time.GetUtcNow().Stored(), Limit = limit }, cancellationToken);

    /// <summary>
    /// Takes a message that is due, as it then is; from now on nothing joins it. Until it is ended nobody else takes it, unless that takes longer than the lease: then it is sent again.
    /// </summary>
    /// <param name="due">As <see cref="DueAsync"/> gave it.</param>
    /// <param name="lease">Longer than a sending takes.</param>
    /// <returns><see langword="null"/> when somebody else was first.</returns>
    public Task<AlertMessage?> ClaimAsync(AlertMessage due, TimeSpan lease)
    {
        var now = time.GetUtcNow();
        return database.WriteAsync(async (connection, transaction) => await connection.ExecuteAsync(
            "UPDATE alert_message SET attempts = attempts + 1, next_attempt_at = @until WHERE id = @Id AND attempts = @Attempts AND next_attempt_at <= @now",
            new { due.Id, due.Attempts, now = now.Stored(), until = (now + lease).Stored() }, transaction) == 0
            ? null
            : (await connection.QuerySingleAsync<AlertRow>($"{SelectMessage} WHERE id = @Id", new { due.Id }, transaction)).Read());
    }

    /// <summary>Writes down what became of an attempt.</summary>
    /// <param name="claimed">As <see cref="ClaimAsync"/> gave it; when somebody else has taken it meanwhile, nothing changes.</param>
    /// <param name="outcome">What it is now.</param>
    /// <param name="nextAttemptAt">For one that waits: when it is sent again.</param>
    /// <param name="error">In words, <c>中文 | English</c>; empty when it was taken.</param>
    public Task EndAsync(AlertMessage claimed, AlertOutcome outcome, DateTimeOffset? nextAttemptAt, string error) => database.WriteAsync((connection, transaction) => connection.ExecuteAsync(
        "UPDATE alert_message SET outcome = @outcome, next_attempt_at = @next, ended_at = @now, error = @error WHERE id = @Id AND attempts = @Attempts AND next_attempt_at IS NOT NULL",
        new
        {
            claimed.Id,
            claimed.Attempts,
            outcome = EnumWords<AlertOutcome>.Word(outcome),
            next = nextAttemptAt.Stored(),
            now = time.GetUtcNow().Stored(),
            error = error.Storable(),
        },
        transaction));

    /// <summary>Gives up what waits since before a time for channels that there are no more.</summary>
    /// <returns>How many.</returns>
    public Task<int> GiveUpAsync(DateTimeOffset before, IReadOnlyCollection<string> channels, string error) => database.WriteAsync((connection, transaction) => connection.ExecuteAsync(
        $"UPDATE alert_message SET outcome = @failed, next_attempt_at = NULL, error = @error WHERE next_attempt_at IS NOT NULL AND raised_at < @before AND NOT ({database.Dialect.In("channel", "@channels")})",
        new { failed = EnumWords<AlertOutcome>.Word(AlertOutcome.Failed), error, before = before.Stored(), channels = database.Dialect.List(channels) },
        transaction));

    /// <summary>Erases the next messages that are older and not waiting.</summary>
    /// <returns>How many.</returns>
    public Task<int> EraseAsync(DateTimeOffset before, int limit) => database.WriteAsync(async (connection, transaction) =>
    {
        var ids = (await connection.QueryAsync<long>(
            database.Dialect.Limited("SELECT id FROM alert_message WHERE raised_at < @before AND next_attempt_at IS NULL ORDER BY raised_at"),
            new { before = before.Stored(), Limit = limit }, transaction)).ToArray();
        return ids.Length == 0 ? 0 : await connection.ExecuteAsync($"DELETE FROM alert_message WHERE {database.Dialect.In("id", "@ids")}", new { ids = database.Dialect.List(ids) }, transaction);
    });

    private Task LockAsync(DbConnection connection, DbTransaction transaction, Alert alert) =>
        database.LockAsync(connection, transaction, $"alert {EnumWords<AlertKind>.Word(alert.Kind)} {alert.Merchant}");

    private static string Line(string sentence)
    {
        var (zh, en) = (Cut(Words.In(sentence, english: false)), Cut(Words.In(sentence, english: true)));
        return zh == en ? zh : Words.Of(zh, en);
    }

    private static string Line(Alert alert) => Words.Of(
        $"{Cut(Words.In(alert.Subject, english: false))}：{Cut(Words.In(alert.Text, english: false))}", $"{Cut(Words.In(alert.Subject, english: true))}: {Cut(Words.In(alert.Text, english: true))}");

    private static string Cut(string text)
    {
        var line = string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
        return line.Length <= LongestLine ? line : line[..(char.IsHighSurrogate(line[LongestLine - 2]) ? LongestLine - 2 : LongestLine - 1)] + "…";
    }

    private async Task<AlertRow?> LastAlikeAsync(DbConnection connection, DbTransaction transaction, string channel, Alert alert) => await connection.QuerySingleOrDefaultAsync<AlertRow>(
        database.Dialect.Limited($"{SelectMessage} WHERE channel = @channel AND kind = @kind AND merchant = @Merchant ORDER BY id DESC"),
        new { channel, kind = EnumWords<AlertKind>.Word(alert.Kind), alert.Merchant, Limit = 1 }, transaction);

    /// <returns><see langword="false"/> when the message does not wait for its group any more.</returns>
    private static async Task<bool> JoinAsync(DbConnection connection, DbTransaction transaction, AlertRow last, Alert alert, long now)
    {
        if (last.Attempts > 0 || last.NextAttemptAt is not { } due || due <= now)
        {
            return false;
        }

        var level = EnumWords<NoticeLevel>.Parse(last.Level);
        var values = new
        {
            last.Id,
            level = EnumWords<NoticeLevel>.Word(alert.Level > level ? alert.Level : level),
            body = last.Alerts < MostLines ? last.Body + "\n" + Line(alert).Storable() : last.Body,
            now,
        };
        return await connection.ExecuteAsync(
            "UPDATE alert_message SET alerts = alerts + 1, level = @level, body = @body, last_raised_at = @now WHERE id = @Id AND attempts = 0", values, transaction) == 1;
    }

    private async Task<long> InsertAsync(DbConnection connection, DbTransaction transaction, string channel, Alert alert, string? path, long now, long due, long quietUntil) =>
        (long)(await database.RunAsync(
            connection, transaction, _insert,
            ("@channel", channel), ("@kind", EnumWords<AlertKind>.Word(alert.Kind)), ("@merchant", alert.Merchant), ("@level", EnumWords<NoticeLevel>.Word(alert.Level)),
            ("@subject", Line(alert.Subject).Storable()), ("@body", Line(alert.Text).Storable()), ("@path", path), ("@alerts", 1), ("@raised_at", now), ("@last_raised_at", now),
            ("@quiet_until", quietUntil), ("@outcome", EnumWords<AlertOutcome>.Word(AlertOutcome.Waiting)), ("@attempts", 0), ("@next_attempt_at", due), ("@error", "")))!;

    private Task<IReadOnlyList<AlertMessage>> ListAsync(string sql, object values, CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<AlertMessage>>(
        async connection => [.. (await connection.QueryAsync<AlertRow>(sql, values)).Select(row => row.Read())],
        cancellationToken);
}
