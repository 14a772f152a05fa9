using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Caching.Memory;

namespace Erp.Customs.Module.Admin;

/// <summary>
/// Long lists of order numbers as they were pasted into a filter, kept for a day in memory under a short name: in an address they would be longer than servers take,
/// and every link of the page would hold them again. Order numbers name no person.
/// </summary>
internal sealed class PastedOrders : IDisposable
{
    /// <summary>Begins the name of a list, where a filter has order numbers otherwise.</summary>
    public const string Prefix = "list:";

    /// <summary>Numbers that stand in an address themselves. The default value is 20.</summary>
    private const int InAddress = 20;

    /// <summary>Characters of all lists. The default value is 10 million: a thousand lists of 500 numbers; the oldest make room.</summary>
    private const long Room = 10_000_000;

    private static readonly TimeSpan s_kept = TimeSpan.FromDays(1);

    private readonly MemoryCache _lists = new(new MemoryCacheOptions { SizeLimit = Room });

    /// <summary>The order numbers of a field, pasted or the name of a list, and what stands for them in an address: themselves, or that name.</summary>
    public (string Orders, string Name) Read(string field)
    {
        var orders = Open(field);
        return (orders, orders == field ? Name(orders) : field);
    }

    private string Name(string pasted)
    {
        var orders = FilterText.Orders(pasted);
        if (orders.Count <= InAddress || orders.Count > FilterText.MostOrders)
        {
            return string.Join(',', orders);
        }

        var list = string.Join('\n', orders);
        var name = Prefix + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(list)).AsSpan(0, 16));
        _lists.Set(name, list, new MemoryCacheEntryOptions { Size = list.Length, SlidingExpiration = s_kept });
        return name;
    }

    /// <summary>The order numbers of a list, one a line; a text that names none, or one that is not kept any more, stays as it is.</summary>
    private string Open(string text) => text.StartsWith(Prefix, StringComparison.Ordinal) && _lists.Get<string>(text) is { } list ? list : text;

    /// <inheritdoc/>
    public void Dispose() => _lists.Dispose();
}
