namespace Erp.Customs.Module.Signing;

/// <summary>The PIN of a card or token, a secret.</summary>
internal static class CardPin
{
    /// <summary>A merchant's.</summary>
    /// <exception cref="SignerException">It is not set.</exception>
    public static string Of(MerchantOptions merchant) => merchant.Signing.Pin is { Length: > 0 } pin
        ? pin
        : throw new SignerException(SignerFailure.Configuration, Words.Of(
            $"缺少设置 {merchant.SigningSetting("Pin")}：卡的 PIN，放在机密存储或环境变量中",
            $"{merchant.SigningSetting("Pin")} is missing: the card's PIN, in the secret store or the environment"));
}
