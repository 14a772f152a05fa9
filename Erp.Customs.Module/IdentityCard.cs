namespace Erp.Customs.Module;

/// <summary>居民身份证号码 (GB 11643): 17 digits and a check digit.</summary>
internal static class IdentityCard
{
    /// <summary>A number of this length is an identity card's; any other is a passport or another paper that carries no check.</summary>
    public const int Length = 18;

    private const string CheckDigits = "10X98765432";

    /// <summary>Whether the check digit is right. An x may be small.</summary>
    public static bool IsRight(string number)
    {
        if (number.Length != Length || !number.AsSpan(0, Length - 1).ContainsOnlyDigits())
        {
            return false;
        }

        // ISO 7064, MOD 11-2: the weight of a place is 2 to the power of its distance from the end.
        var sum = 0;
        for (var i = 0; i < Length - 1; i++)
        {
            sum = (sum + number[i] - '0') * 2 % 11;
        }

        return CheckDigits[sum] == char.ToUpperInvariant(number[^1]);
    }

    private static bool ContainsOnlyDigits(this ReadOnlySpan<char> text) => !text.ContainsAnyExceptInRange('0', '9');
}
