using System.Globalization;
using System.Runtime.CompilerServices;
using Erp.Customs.Contracts;

namespace Erp.Customs.Host.Ports;

/// <summary>
/// Paid orders from a folder into which an ERP writes a file for each day of China's calendar: <c>2026-11-26.csv</c>, UTF-8, a line <c>merchant,orderNo,paidAt</c> for each order, the time as
/// ISO 8601 with an offset. A day without orders has an empty file; where one is missing, the day cannot be looked at.
/// </summary>
/// <param name="folder">The folder.</param>
internal sealed class PaidOrderFiles(string folder) : IPaidOrders
{
    /// <summary>The setting that names the folder.</summary>
    public const string DirectorySetting = "Host:PaidOrdersDirectory";

    private static readonly TimeSpan s_china = TimeSpan.FromHours(8);

    public async IAsyncEnumerable<PaidOrderNumber> ListAsync(DateTimeOffset from, DateTimeOffset until, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var day = from.ToOffset(s_china).Date; day < until.ToOffset(s_china).DateTime; day = day.AddDays(1))
        {
            var name = day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) + ".csv";
            await foreach (var line in File.ReadLinesAsync(Path.Combine(folder, name), cancellationToken))
            {
                if (line.Length == 0)
                {
                    continue;
                }

                yield return line.Split(',') is [var merchant, var orderNo, var paidAt] && DateTimeOffset.TryParse(paidAt, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
                    ? new PaidOrderNumber(merchant.Trim(), orderNo.Trim(), time)
                    : throw new InvalidDataException($"{name}: a line is not merchant,orderNo,paidAt.");
            }
        }
    }
}
