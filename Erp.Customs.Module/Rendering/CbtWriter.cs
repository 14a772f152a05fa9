namespace Erp.Customs.Module.Rendering;

/// <summary>The built-in writer of what the Shanghai CBT gateway gets, and the measure of its templates.</summary>
internal sealed class CbtWriter : ICbtRenderer
{
    /// <summary>Room for field names and punctuation, so that the buffer seldom grows.</summary>
    private const int Overhead = 256;

    /// <inheritdoc/>
    public string EData(CbtHeader header)
    {
        var json = new CustomsJson(Overhead + header.Name.Length + header.Token.Length);
        json.Raw("{\"version\":");
        json.String(CbtHeader.Version);
        Append(ref json, "commitTime", header.CommitTime);
        Append(ref json, header.NameField, header.Name);
        Append(ref json, header.CodeField, header.Code);
        Append(ref json, "serialNumber", header.SerialNumber);
        Append(ref json, header.TokenField, header.Token);
        json.Raw("}");
        return json.Finish();
    }

    /// <inheritdoc/>
    public string PayExInfoStr(string sessionId, string head, string lists)
    {
        var json = new CustomsJson(head.Length + lists.Length + sessionId.Length + Overhead);
        json.Raw("{\"sessionID\":");
        json.String(sessionId);
        json.Raw(",\"payExchangeInfoHead\":");
        json.Raw(head);
        json.Raw(",\"payExchangeInfoLists\":");
        json.Raw(lists);
        json.Raw("}");
        return json.Finish();
    }

    private static void Append(ref CustomsJson json, string field, string value)
    {
        json.Raw(",");
        json.String(field);
        json.Raw(":");
        json.String(value);
    }
}
