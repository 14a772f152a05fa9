namespace Erp.Customs.Module.Payments;

/// <summary>Things about an order at the bridge that a person should look at; the same words in table, API and screens.</summary>
internal static class BridgeFlags
{
    /// <summary>The receiver's paper is no identity card: its number carries no check.</summary>
    public const string CardNotChecked = "card_not_checked";

    /// <summary>Pushed with PushTestOrder.</summary>
    public const string Rehearsal = "rehearsal";

    /// <summary>The bridge had the order before our first push: somebody else pushed it, or our data is from a backup.</summary>
    public const string ExistedBefore = "existed_before";

    /// <summary>已撤销 beside 已支付+已报关: counts, and is looked at.</summary>
    public const string RevokedButDeclared = "revoked_but_declared";

    /// <summary>An update came too late: paid and declared before it.</summary>
    public const string UpdateNotTaken = "update_not_taken";

    /// <summary>The ERP delivered its own payment exchange, which wins.</summary>
    public const string ErpPayment = "erp_payment";

    /// <summary>The ERP's payment, of this order alone, is of another amount than was pushed when it was declared.</summary>
    public const string AmountDiffers = "amount_differs";

    /// <summary>Paid and declared, but not in the archive: customs could not be answered.</summary>
    public const string NotArchived = "not_archived";

    /// <summary>With one more.</summary>
    public static IReadOnlyList<string> With(this IReadOnlyList<string> flags, string flag) => flags.Contains(flag, StringComparer.Ordinal) ? flags : [.. flags, flag];

    /// <summary>Without one.</summary>
    public static IReadOnlyList<string> Without(this IReadOnlyList<string> flags, string flag) => [.. flags.Where(one => one != flag)];
}
