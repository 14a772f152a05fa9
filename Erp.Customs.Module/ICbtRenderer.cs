using Erp.Customs.Contracts;

namespace Erp.Customs.Module;

/// <summary>The two texts that the Shanghai CBT gateway gets (上海跨境电商公共服务平台, document 3.1.2.2): the Rendering room writes them, the signer sends them as Base64.</summary>
internal interface ICbtRenderer
{
    /// <summary>EData: who asks.</summary>
    /// <returns>Compact JSON.</returns>
    /// <exception cref="ModuleConfigurationException">The template is wrong.</exception>
    string EData(CbtHeader header);

    /// <summary>payExInfoStr: what is to be signed.</summary>
    /// <param name="sessionId">Customs' sessionID.</param>
    /// <param name="head">The exact characters of payExchangeInfoHead.</param>
    /// <param name="lists">The exact characters of payExchangeInfoLists.</param>
    /// <returns>Compact JSON that holds these characters as they are.</returns>
    /// <exception cref="ModuleConfigurationException">The template is wrong.</exception>
    string PayExInfoStr(string sessionId, string head, string lists);
}

/// <summary>What stands in EData.</summary>
/// <param name="CommitTime">提交时间: yyyyMMddHHmmss, China time.</param>
/// <param name="Name">海关备案名称.</param>
/// <param name="Code">海关备案代码.</param>
/// <param name="SerialNumber">流水号: unique, up to 32 characters.</param>
/// <param name="Token">公服认证 token; a secret.</param>
/// <param name="AsInTable">Whether the fields are named as in the document's table (cusName, cusCode, Token) and not as in its sample (coName, coCode, token).</param>
internal sealed record CbtHeader(string CommitTime, string Name, string Code, string SerialNumber, string Token, bool AsInTable)
{
    /// <summary>网关版本, fixed.</summary>
    public const string Version = "1.0";

    /// <summary>How the name's field is called.</summary>
    public string NameField => AsInTable ? "cusName" : "coName";

    /// <summary>How the code's field is called.</summary>
    public string CodeField => AsInTable ? "cusCode" : "coCode";

    /// <summary>How the token's field is called.</summary>
    public string TokenField => AsInTable ? "Token" : "token";

    /// <summary>Without the token.</summary>
    public override string ToString() => SerialNumber;
}
