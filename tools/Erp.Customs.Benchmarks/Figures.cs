using System.Globalization;

namespace Erp.Customs.Benchmarks;

/// <summary>How figures are written in the table.</summary>
internal static class Figures
{
    /// <summary>As short as it can be.</summary>
    public static string Plain(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    /// <summary>So many a second.</summary>
    public static string PerSecond(double value) => value.ToString(value < 100 ? "0.0" : "#,0", CultureInfo.InvariantCulture) + "/s";

    /// <summary>Milliseconds.</summary>
    public static string Milliseconds(double value) => value.ToString(value < 10 ? "0.00" : "0.0", CultureInfo.InvariantCulture) + " ms";

    /// <summary>Microseconds.</summary>
    public static string Microseconds(double value) => value.ToString("0.0", CultureInfo.InvariantCulture) + " µs";

    /// <summary>Bytes.</summary>
    public static string Bytes(double value) => value.ToString("#,0", CultureInfo.InvariantCulture) + " B";
}
