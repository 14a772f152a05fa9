using Dapper;

namespace Erp.Customs.Module.Storage;

/// <summary>忽略: a failed request that is not going to be mended is taken out of what people are told. Its state is not touched; whatever makes it due again ends it.</summary>
internal sealed partial class RequestTable
{
    private const string NotIgnored = "ignored_at = NULL, ignored_by = NULL, ignored_reason = NULL";

    /// <summary>Ignores a request and writes down who wished it and why.</summary>
    /// <returns><see langword="false"/>: it has not failed, something may still become of it by itself, or it is ignored already; nothing changed.</returns>
    public Task<bool> IgnoreAsync(long id, string reason, string actor) => MarkAsync(
        id, "ignored_at = @Now, ignored_by = @Actor, ignored_reason = @Reason",
        $"ignored_at IS NULL AND {database.Dialect.In("state", "@Failed")} AND next_attempt_at IS NULL AND (lease_until IS NULL OR lease_until <= {database.Dialect.LeaseClock})",
        Words.Of($"已忽略：{reason}", $"Ignored: {reason}"), actor,
        new(new { Reason = reason, Failed = database.Dialect.List(RequestStates.Failed.Select(RequestStates.Word)) }));

    /// <summary>恢复: takes it back.</summary>
    /// <returns><see langword="false"/>: it is not ignored; nothing changed.</returns>
    public Task<bool> HeedAsync(long id, string actor) => MarkAsync(
        id, NotIgnored, "ignored_at IS NOT NULL", Words.Of("已恢复，不再忽略", "No longer ignored"), actor, new());

    private Task<bool> MarkAsync(long id, string change, string condition, string sentence, string actor, DynamicParameters values)
    {
        var now = time.GetUtcNow().Stored();
        values.AddDynamicParams(new { Id = id, Now = now, Actor = actor });
        return database.WriteAsync(async (connection, transaction) =>
        {
            if (await connection.ExecuteAsync($"UPDATE customs_request SET {change} WHERE id = @Id AND {condition}", values, transaction) == 0)
            {
                return false;
            }

            await connection.ExecuteAsync(
                """
                INSERT INTO request_event (request_id, occurred_at, state, failure, reason, attempt, actor)
                SELECT id, @Now, state, failure, @Sentence, attempts, @Actor FROM customs_request WHERE id = @Id
                """,
                new { Id = id, Now = now, Sentence = sentence, Actor = actor },
                transaction);
            return true;
        });
    }
}
