using Erp.Customs.Contracts;
using Microsoft.Extensions.Configuration;
using static Erp.Customs.Module.Setting;

namespace Erp.Customs.Module;

/// <summary>The settings of the payment-customs bridge. None of them is needed where no order is pushed.</summary>
internal sealed partial class CustomsOptionsReader
{
    private const string DefaultCapitalName = "宁波保税区可赢网络科技有限公司";

    private BridgeOptions? Bridge(IReadOnlySet<string> plainHttpHosts, CustomsEnvironment environment)
    {
        const string key = "Customs:Bridge:BaseUrl";
        var rehearsal = Flag("Customs:Bridge:Rehearsal");
        var timeout = Seconds("Customs:Bridge:Timeout", defaultSeconds: 20, least: 1, most: 60);
        if (configuration[key] is not { Length: > 0 } text)
        {
            return null;
        }

        var url = Address(key, text, plainHttpHosts);
        if (url.Query.Length > 0 || url.Fragment.Length > 0)
        {
            throw Invalid(key, "不含 ? 和 # 的地址，其后接 PushOrder、GetOrder", "an address without '?' and '#'; PushOrder and GetOrder follow it");
        }

        if (rehearsal && environment == CustomsEnvironment.Live)
        {
            // Rehearsed payments never took place: customs must not be told of them.
            throw Wrong("Customs:Bridge:Rehearsal", "true", "上报海关正式地址时的 false", "false while uploads go to customs' live address");
        }

        return new BridgeOptions(url.AbsolutePath.EndsWith('/') ? url : new Uri(url.AbsoluteUri + "/"), rehearsal, timeout);
    }

    private BridgeMerchantOptions? MerchantAtBridge(string key)
    {
        if (!configuration.GetSection(key).GetChildren().Any())
        {
            return null;
        }

        return new BridgeMerchantOptions(
            Text($"{key}:MerchantName", 100, "商户名称（由资方技术提供）", "the merchant's name, given by the bridge's technicians"),
            configuration[$"{key}:CapitalName"] is { Length: > 0 } ? Text($"{key}:CapitalName", 100, "资方名称", "the capital provider's name") : DefaultCapitalName,
            configuration[$"{key}:CustomsCode"] ?? "",
            Text($"{key}:PayCode", 18, "支付企业代码", "the payment company's customs code"),
            OneOf($"{key}:VerDept", ["1", "2", "3"]),
            OneOf($"{key}:PayType", ["", "1", "2", "3", "4"]),
            Text($"{key}:RecpAccount", 60, "收款账号", "the account that is paid"),
            configuration[$"{key}:RecpCode"] is { Length: > 0 } ? Text($"{key}:RecpCode", 18, "收款企业代码", "the seller's social credit code") : "",
            Text($"{key}:RecpName", 100, "收款企业名称", "the seller's name"));
    }

    private string Text(string key, int most, string zh, string en)
    {
        var value = Required(key, zh, en);
        return value.Length <= most && !value.Any(char.IsControl)
            ? value
            : throw Invalid(key, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"至多 {most} 个字符的{zh}"), string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{en}, up to {most} characters"));
    }

    private string OneOf(string key, string[] allowed)
    {
        var value = configuration[key] ?? "";
        var listed = string.Join(", ", allowed.Where(one => one.Length > 0));
        return allowed.Contains(value, StringComparer.Ordinal) ? value
            : value.Length == 0 ? throw Missing(key, listed, listed)
            : throw Wrong(key, value, listed, listed);
    }
}
