using System.Globalization;

namespace Erp.Customs.Module.Storage;

/// <summary>Which part of the list of payments, latest traded first, is read: told by a row's place and not by counting rows, so that the thousandth page costs what the first does.</summary>
/// <param name="Limit">Rows at most.</param>
internal sealed record PaymentPage(int Limit)
{
    /// <summary>The row after which it goes on; <see langword="null"/> at the list's begin.</summary>
    public PaymentPlace? From { get; init; }

    /// <summary>Whether the rows before <see cref="From"/> are wanted instead, in the list's order all the same.</summary>
    public bool Backwards { get; init; }
}

/// <summary>Where a payment stands in the list.</summary>
/// <param name="TradedAt">The greatest trading time of its versions, in milliseconds since 1970.</param>
/// <param name="Id">Its id.</param>
internal sealed record PaymentPlace(long TradedAt, long Id)
{
    /// <summary>Reads what <see cref="ToString"/> wrote; <see langword="null"/> for anything else.</summary>
    public static PaymentPlace? Read(string? text) =>
        text?.Split('.') is [var time, var id]
        && long.TryParse(time, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var at) && long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var row)
            ? new(at, row)
            : null;

    /// <summary>For an address.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{TradedAt}.{Id}");
}
