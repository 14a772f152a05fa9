using System.Globalization;

namespace Erp.Customs.Module;

/// <summary>China time: a fixed +08:00, no summer time, on every machine.</summary>
internal static class ChinaTime
{
    /// <summary>The offset from UTC.</summary>
    public static readonly TimeSpan Offset = TimeSpan.FromHours(8);

    /// <summary>For schedulers, which want a zone.</summary>
    public static readonly TimeZoneInfo Zone = TimeZoneInfo.CreateCustomTimeZone("China", Offset, "China", "China");

    /// <summary>customs' 14 digits, <c>yyyyMMddHHmmss</c>.</summary>
    public static string ToCustoms(DateTimeOffset time) => time.ToOffset(Offset).ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture);

    /// <summary>Reads customs' 14 digits.</summary>
    public static bool TryParseCustoms(string text, out DateTimeOffset time)
    {
        var read = DateTime.TryParseExact(text, "yyyyMMddHHmmss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var local);
        time = read ? new DateTimeOffset(local, Offset) : default;
        return read;
    }

    /// <summary>For screens: <c>2026-11-11 10:00:00</c>.</summary>
    public static string ToScreen(DateTimeOffset time) => time.ToOffset(Offset).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>For screens where moments are compared: <c>2026-11-11 10:00:00.123</c>.</summary>
    public static string ToScreenExact(DateTimeOffset time) => time.ToOffset(Offset).ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture);
}
