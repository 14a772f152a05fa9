namespace Erp.Customs.Module;

/// <summary>Settings under <c>Customs:Bridge</c>: where the payment-customs bridge (支付报关系统) stands.</summary>
/// <param name="BaseUrl"><c>Customs:Bridge:BaseUrl</c>, ending with a slash: PushOrder and GetOrder stand under it.</param>
/// <param name="Rehearsal"><c>Customs:Bridge:Rehearsal</c>: PushTestOrder and GetTestOrder are called instead. The default value is false.</param>
/// <param name="Timeout"><c>Customs:Bridge:Timeout</c>: how long one call may take. The default value is 20 seconds.</param>
internal sealed record BridgeOptions(Uri BaseUrl, bool Rehearsal, TimeSpan Timeout);

/// <summary><c>Customs:Merchants:&lt;name&gt;:Bridge</c>: the merchant at the bridge, and what the bridge does not tell about its payments.</summary>
/// <param name="MerchantName">商户名称, given by the bridge's technicians.</param>
/// <param name="CapitalName">资方名称.</param>
/// <param name="CustomsCode">海关编号 of orders that name none; empty for the bridge's own default, HG014.</param>
/// <param name="PayCode">支付企业代码, up to 18 characters.</param>
/// <param name="VerDept">验核机构: 1 UnionPay, 2 NetsUnion, 3 other.</param>
/// <param name="PayType">支付类型: 1 APP, 2 PC, 3 scan, 4 other; may be empty.</param>
/// <param name="RecpAccount">收款账号, up to 60 characters.</param>
/// <param name="RecpCode">收款企业代码, up to 18 characters; may be empty.</param>
/// <param name="RecpName">收款企业名称, up to 100 characters.</param>
internal sealed record BridgeMerchantOptions(
    string MerchantName,
    string CapitalName,
    string CustomsCode,
    string PayCode,
    string VerDept,
    string PayType,
    string RecpAccount,
    string RecpCode,
    string RecpName)
{
    /// <summary>Without the account.</summary>
    public override string ToString() => $"{MerchantName} {CapitalName} {CustomsCode}";
}
