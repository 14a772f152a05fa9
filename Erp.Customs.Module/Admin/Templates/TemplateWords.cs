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

    /// <summary>A version in words.</summary>
    public static string Version(ScreenWords say, long version) => version == 0 ? say["随模块附带（版本 0）", "The module's own (version 0)"] : say[$"版本 {version}", $"Version {version}"];
}
