namespace Erp.Customs.Module.Storage;

/// <summary>Times in tables: Unix milliseconds, UTC.</summary>
internal static class StoredTime
{
    /// <summary>As it stands in a column.</summary>
    public static long Stored(this DateTimeOffset time) => time.ToUnixTimeMilliseconds();

    /// <summary>As it stands in a column that may be empty.</summary>
    public static long? Stored(this DateTimeOffset? time) => time?.ToUnixTimeMilliseconds();

    /// <summary>What stands in a column.</summary>
    public static DateTimeOffset Read(long stored) => DateTimeOffset.FromUnixTimeMilliseconds(stored);

    /// <summary>What stands in a column that may be empty.</summary>
    public static DateTimeOffset? Read(long? stored) => stored is { } value ? Read(value) : null;
}
