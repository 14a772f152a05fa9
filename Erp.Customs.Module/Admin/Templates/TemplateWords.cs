using Erp.Customs.Module.Rendering;

namespace Erp.Customs.Module.Admin.Templates;

/// <summary>What templates are called.</summary>
internal static class TemplateWords
{
    /// <summary>What it makes, <c>中文 | English</c>.</summary>
    public static string Of(string name) => name switch
    {
        TemplateSource.Head => Words.Of("179 号公告 支付原始数据表头", "Notice 179: payExchangeInfoHead"),
        TemplateSource.Lists => Words.Of("179 号公告 支付原始数据表体", "Notice 179: payExchangeInfoLists"),
        TemplateSource.Data => Words.Of("上海 CBT 网关 EData", "Shanghai CBT gateway: EData"),
        TemplateSource.Message => Words.Of("上海 CBT 网关 payExInfoStr", "Shanghai CBT gateway: payExInfoStr"),
        _ => name,
    };

    /// <summary>A difference from the built-in writer, as the judge names it, <c>中文 | English</c>.</summary>
    public static string Difference(string difference)
    {
        var cut = difference.LastIndexOf(": ", StringComparison.Ordinal);
        return cut < 0 ? difference : Words.Of($"{difference[..cut]}：{difference[(cut + 2)..] switch
        {
            "value" => "值不同",
            "missing" => "缺少",
            "additional" => "多出",
            "order of fields" => "字段顺序不同",
            "blanks or escapes" => "空白或转义不同",
            var other => other,
        }}", difference);
    }

    /// <summary>Several, as they stand with what was published.</summary>
    public static string Differences(string differences) => Words.All([.. differences.Split("; ").Select(Difference)]);

    /// <summary>A version in words.</summary>
    public static string Version(ScreenWords say, long version) => version == 0 ? say["随模块附带（版本 0）", "The module's own (version 0)"] : say[$"版本 {version}", $"Version {version}"];
}
