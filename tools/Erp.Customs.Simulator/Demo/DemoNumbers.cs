using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Erp.Customs.Simulator;

/// <summary>Numbers and times that look drawn and are the same each time: they come out of a hash of day, seed, sale and purpose.</summary>
internal sealed class DemoNumbers(DateOnly day, int seed, int sale)
{
    private static readonly TimeSpan ChinaTime = TimeSpan.FromHours(8);

    /// <summary>The day, yyyyMMdd.</summary>
    public string Day { get; } = day.ToString("yyyyMMdd", CultureInfo.InvariantCulture);

    /// <summary>When the buyer pressed the button, in China time.</summary>
    public DateTimeOffset OrderedAt => new DateTimeOffset(day.ToDateTime(new TimeOnly(0, 0, 7)), ChinaTime).AddSeconds(sale * 43);

    /// <summary>When the payment company had the money.</summary>
    public DateTimeOffset PaidAt => OrderedAt.AddSeconds(6 + (Number("pause") % 20));

    /// <summary>An order number of a merchant.</summary>
    public string OrderNo(string merchant, int index) =>
        string.Create(CultureInfo.InvariantCulture, $"{(string.Equals(merchant, DemoOrders.Ningbo, StringComparison.Ordinal) ? "NBHT" : "GZKJ")}{Day}{sale + 1:000}{index + 1}{Digits($"order{index}", 6)}");

    /// <summary>So many decimal digits.</summary>
    public string Digits(string purpose, int count) => string.Concat(Hash(purpose).Take(count).Select(one => (char)('0' + (one % 10))));

    /// <summary>So many hex digits.</summary>
    public string Hex(string purpose, int count) => Convert.ToHexStringLower(Hash(purpose))[..count];

    /// <summary>A signature's look.</summary>
    public string Base64(string purpose) => Convert.ToBase64String([.. Hash(purpose), .. Hash(purpose + "2"), .. Hash(purpose + "3"), .. Hash(purpose + "4")]);

    private int Number(string purpose) => Hash(purpose)[0];

    private byte[] Hash(string purpose) => SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Day}/{seed}/{sale}/{purpose}")));
}
