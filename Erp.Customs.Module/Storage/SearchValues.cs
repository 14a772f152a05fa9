using Dapper;

namespace Erp.Customs.Module.Storage;

/// <summary>The values of a search: those alone that its condition names.</summary>
internal static class SearchValues
{
    /// <summary>Takes those that are asked for.</summary>
    public static DynamicParameters Of(params (string Name, bool Asked, object? Value)[] values)
    {
        var asked = new DynamicParameters();
        foreach (var (name, _, value) in values.Where(value => value.Asked))
        {
            asked.Add(name, value);
        }

        return asked;
    }
}

/// <summary>How many rows there are in each state.</summary>
internal static class StateCounts
{
    /// <summary>Counts those that fit; every state is there.</summary>
    public static Task<IReadOnlyDictionary<TState, long>> ReadAsync<TState>(
        CustomsDatabase database, string table, string condition, DynamicParameters values, CancellationToken cancellationToken) where TState : struct, Enum => database.ReadAsync(
        async connection =>
        {
            var counts = Enum.GetValues<TState>().ToDictionary(state => state, _ => 0L);
            foreach (var (state, count) in await connection.QueryAsync<(string State, long Count)>(
                $"SELECT state, CAST(COUNT(*) AS BIGINT) FROM {table} WHERE 1 = 1{condition} GROUP BY state", values))
            {
                counts[EnumWords<TState>.Parse(state)] = count;
            }

            return (IReadOnlyDictionary<TState, long>)counts;
        },
        cancellationToken);
}
