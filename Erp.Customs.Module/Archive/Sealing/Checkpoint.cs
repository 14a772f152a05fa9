using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Erp.Customs.Module.Archive.Sealing;

/// <summary>What a checkpoint says, and its lines (docs/evidence.md).</summary>
/// <param name="Number">The last number sealed.</param>
/// <param name="Chain">Its chain value.</param>
/// <param name="MadeAt">When.</param>
/// <param name="Records">How many of each kind were ever sealed up to here.</param>
/// <param name="Amounts">The amounts of all payment versions sealed up to here, added up by currency.</param>
/// <param name="Previous">Number and SHA-256 of the statement of the checkpoint before it, e.g. <c>17 ab…</c>; <c>none</c> for the first.</param>
internal sealed record Checkpoint(
    long Number, byte[] Chain, DateTimeOffset MadeAt, IReadOnlyDictionary<string, long> Records, IReadOnlyDictionary<string, decimal> Amounts, string Previous)
{
    /// <summary><see cref="Previous"/> of the first one.</summary>
    public const string NoPrevious = "none";

    private const string FirstLine = "Erp.Customs archive checkpoint 1";

    /// <summary>How the next one names a statement.</summary>
    public static string NameOf(long number, string statement) =>
        string.Create(CultureInfo.InvariantCulture, $"{number} {Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(statement)))}");

    /// <summary>The statement: what is signed.</summary>
    public string Write() => string.Create(CultureInfo.InvariantCulture, $"""
        {FirstLine}
        number: {Number}
        chain: {Convert.ToHexStringLower(Chain)}
        made-at: {MadeAt.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffZ}
        records: {Joined(Records, count => count.ToString(CultureInfo.InvariantCulture))}
        amounts: {Joined(Amounts, amount => amount.ToString("0.#####", CultureInfo.InvariantCulture))}
        previous: {Previous}

        """).ReplaceLineEndings("\n");

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="FormatException">It did not write this.</exception>
    public static Checkpoint Read(string statement)
    {
        if (statement.Split('\n') is not [FirstLine, var number, var chain, var madeAt, var records, var amounts, var previous, ""])
        {
            throw new FormatException("The statement is no checkpoint of an archive.");
        }

        return new(
            long.Parse(Value(number, "number"), CultureInfo.InvariantCulture),
            Convert.FromHexString(Value(chain, "chain")),
            DateTimeOffset.ParseExact(Value(madeAt, "made-at"), "yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal),
            Split(Value(records, "records"), count => long.Parse(count, CultureInfo.InvariantCulture)),
            Split(Value(amounts, "amounts"), amount => decimal.Parse(amount, CultureInfo.InvariantCulture)),
            Value(previous, "previous"));
    }

    private static string Value(string line, string name) =>
        line.StartsWith(name + ": ", StringComparison.Ordinal) ? line[(name.Length + 2)..] : throw new FormatException($"The statement has no line {name}.");

    private static string Joined<T>(IReadOnlyDictionary<string, T> values, Func<T, string> text) =>
        string.Join(' ', values.OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => $"{one.Key}={text(one.Value)}"));

    private static Dictionary<string, T> Split<T>(string text, Func<string, T> read) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(one => one.Split('='))
        .ToDictionary(one => one[0], one => read(one.Length == 2 ? one[1] : throw new FormatException("A value of the statement has no name.")), StringComparer.Ordinal);
}
