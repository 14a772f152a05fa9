namespace Erp.Customs.Simulator;

/// <summary>
/// What customs answer (回执代码). 10000, 20000 and 20004 are known; the range 20001..21000 is published without a table (1.6.4),
/// so the codes from 20101 on are the simulator's own and stand for what real customs may call otherwise.
/// </summary>
public static class ReplyCodes
{
    /// <summary>上传成功: taken into customs' database.</summary>
    public const string Accepted = "10000";

    /// <summary>上传失败，入库失败: the sessionID was used before. The signature had passed.</summary>
    public const string SessionUsed = "20000";

    /// <summary>企业实时数据获取验签证书未在服务系统注册: the pair certNo + ebpCode is unknown, or certNo is not lower case.</summary>
    public const string CertificateNotRegistered = "20004";

    /// <summary>The form is not <c>application/x-www-form-urlencoded</c> with exactly one field payExInfoStr in UTF-8.</summary>
    public const string Form = "20101";

    /// <summary>The form is larger than the simulator reads.</summary>
    public const string TooLarge = "20102";

    /// <summary>payExInfoStr is not valid JSON.</summary>
    public const string Json = "20103";

    /// <summary>A field is missing.</summary>
    public const string FieldMissing = "20104";

    /// <summary>A field is not in the table, or stands there twice.</summary>
    public const string FieldUnexpected = "20105";

    /// <summary>The fields do not stand in the order of the table.</summary>
    public const string FieldOrder = "20106";

    /// <summary>A field has the wrong JSON type.</summary>
    public const string FieldType = "20107";

    /// <summary>A required field is empty.</summary>
    public const string FieldEmpty = "20108";

    /// <summary>A field is too long.</summary>
    public const string FieldLength = "20109";

    /// <summary>A field has a value that is not allowed.</summary>
    public const string FieldValue = "20110";

    /// <summary>验签失败: the signature does not fit the text and the registered key.</summary>
    public const string Signature = "20111";

    /// <summary>Customs never opened this session.</summary>
    public const string SessionUnknown = "20112";

    /// <summary>The order that was asked for is not among the lists.</summary>
    public const string OrderNotAnswered = "20113";

    /// <summary>The lists are not exactly the orders of the payment.</summary>
    public const string OrdersIncomplete = "20114";
}
