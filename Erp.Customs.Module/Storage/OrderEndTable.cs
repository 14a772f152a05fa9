using Dapper;
using Erp.Customs.Contracts;

namespace Erp.Customs.Module.Storage;

/// <summary>The SQL of ends of orders; what they do to a term is <see cref="RetentionTable"/>'s.</summary>
internal sealed class OrderEndTable(CustomsDatabase database)
{
    /// <summary>Adds an end; one that was told before changes nothing. Not in the midst of an erasure: it comes before a batch and is seen by it, or after.</summary>
    public Task AddAsync(OrderEnd end, DateTimeOffset now) => database.WriteAsync(async (connection, transaction) =>
    {
        await HoldTable.LockAsync(database, connection, transaction);
        var values = new { merchant = end.Merchant, orderNo = end.OrderNo, kind = EnumWords<OrderEndKind>.Word(end.Kind), endedAt = end.EndedAt.Stored(), toldAt = now.Stored(), toldBy = end.ToldBy };
        if (await connection.ExecuteScalarAsync<long>(
            "SELECT COUNT(*) FROM order_end WHERE merchant = @merchant AND order_no = @orderNo AND kind = @kind AND ended_at = @endedAt", values, transaction) == 0)
        {
            await connection.ExecuteAsync(
                "INSERT INTO order_end (merchant, order_no, kind, ended_at, told_at, told_by) VALUES (@merchant, @orderNo, @kind, @endedAt, @toldAt, @toldBy)", values, transaction);
        }

        return true;
    });
}
