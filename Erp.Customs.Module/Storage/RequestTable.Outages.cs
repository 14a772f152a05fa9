using Dapper;

namespace Erp.Customs.Module.Storage;

/// <summary>Requests that wait for customs or for a signer to come back.</summary>
internal sealed partial class RequestTable
{
    private const string WaitsForCustoms = "finished_at IS NULL AND next_attempt_at IS NOT NULL AND purpose = @Customs AND state IN (@Signed, @Unknown) AND failure IN (@CustomsTransient, @Unknown)";

    private const string WaitsForSigner = "finished_at IS NULL AND next_attempt_at IS NOT NULL AND state = @WaitingSigner AND merchant = @Merchant";

    /// <summary>Has a worker let go of a request until later, as it stands: no change of its state, none of its tries used.</summary>
    /// <returns><see langword="false"/>: the fence is another's by now, and nothing changed.</returns>
    public Task<bool> HoldAsync(long id, long fence, DateTimeOffset until) => database.WriteAsync(async (connection, transaction) => await connection.ExecuteAsync(
        "UPDATE customs_request SET next_attempt_at = @until, lease_until = NULL WHERE id = @id AND fence = @fence", new { id, fence, until = until.Stored() }, transaction) > 0);

    /// <summary>How many requests wait for customs to answer.</summary>
    public Task<long> CountForCustomsAsync(CancellationToken cancellationToken) => CountAsync(WaitsForCustoms, ForCustoms(), cancellationToken);

    /// <summary>How many requests wait for a merchant's signer.</summary>
    public Task<long> CountForSignerAsync(string merchant, CancellationToken cancellationToken) => CountAsync(WaitsForSigner, ForSigner(merchant), cancellationToken);

    /// <summary>Customs answer again: whoever waits for them is due at once.</summary>
    /// <returns>Their ids, the earliest deadline first.</returns>
    public Task<IReadOnlyList<long>> WakeForCustomsAsync() => WakeAsync(WaitsForCustoms, ForCustoms());

    /// <summary>A merchant's signer answers again: whoever waits for it is due at once.</summary>
    /// <returns>Their ids, the earliest deadline first.</returns>
    public Task<IReadOnlyList<long>> WakeForSignerAsync(string merchant) => WakeAsync(WaitsForSigner, ForSigner(merchant));

    // unknown is the word of a state and of a class of failure alike.
    private static DynamicParameters ForCustoms() => new(new
    {
        Customs = s_customs,
        Signed = RequestStates.Word(RequestState.Signed),
        Unknown = RequestStates.Word(RequestState.Unknown),
        CustomsTransient = EnumWords<FailureClass>.Word(FailureClass.CustomsTransient),
    });

    private static DynamicParameters ForSigner(string merchant) => new(new { Merchant = merchant, WaitingSigner = RequestStates.Word(RequestState.WaitingSigner) });

    private Task<long> CountAsync(string waiting, DynamicParameters values, CancellationToken cancellationToken) => database.ReadAsync(
        connection => connection.ExecuteScalarAsync<long>($"SELECT COUNT(*) FROM customs_request WHERE {waiting}", values), cancellationToken);

    private Task<IReadOnlyList<long>> WakeAsync(string waiting, DynamicParameters values)
    {
        values.Add("Now", time.GetUtcNow().Stored());
        return database.WriteAsync<IReadOnlyList<long>>(async (connection, transaction) =>
        {
            var ids = (await connection.QueryAsync<long>($"SELECT id FROM customs_request WHERE {waiting} AND next_attempt_at > @Now ORDER BY deadline, id", values, transaction)).AsList();
            await connection.ExecuteAsync($"UPDATE customs_request SET next_attempt_at = @Now WHERE {waiting} AND next_attempt_at > @Now", values, transaction);
            return ids;
        });
    }
}
