namespace Erp.Customs.Module.Admin.Import;

/// <summary>What a column of an import file holds.</summary>
internal enum ImportCell
{
    /// <summary>Text; blanks around it do not count.</summary>
    Text,

    /// <summary>A code or a number that is a name: Excel must not have made a number of more than 15 digits of it.</summary>
    Digits,

    /// <summary>An amount of money.</summary>
    Amount,

    /// <summary>A time, in China where it names no other place.</summary>
    Time,

    /// <summary>A raw message, character by character.</summary>
    Raw,
}

/// <summary>To what of a payment a column belongs.</summary>
internal enum ImportLevel
{
    /// <summary>The payment: in its first row; in its other rows the same or nothing.</summary>
    Payment,

    /// <summary>One of its orders: in the order's first row; in its other rows the same or nothing.</summary>
    Order,

    /// <summary>Each row.</summary>
    Row,
}

/// <summary>A column of an import file; the names are those of the payments API.</summary>
/// <param name="Field">The field's name in the API, which is customs' own where they have one.</param>
/// <param name="Zh">Its title in Chinese.</param>
/// <param name="En">Its title in English.</param>
/// <param name="Cell">What it holds.</param>
/// <param name="Level">To what it belongs.</param>
/// <param name="Required">Whether a file must have it.</param>
/// <param name="HelpZh">What is allowed, in Chinese.</param>
/// <param name="HelpEn">The same in English.</param>
/// <param name="Example">A value that is allowed.</param>
internal sealed record ImportColumn(
    string Field, string Zh, string En, ImportCell Cell, ImportLevel Level, bool Required, string HelpZh, string HelpEn, string Example)
{
    public static readonly ImportColumn Merchant = new(
        "merchant", "商户", "Merchant", ImportCell.Text, ImportLevel.Row, true,
        "设置 Customs:Merchants 中的商户名称；每行必填", "The merchant's name under Customs:Merchants; in every row", "ningbo");

    public static readonly ImportColumn PayTransactionId = new(
        "payTransactionId", "交易流水号", "Transaction", ImportCell.Digits, ImportLevel.Row, true,
        "银联或网联可核验的交易流水号，最多 60 个字符；每行必填，同一笔支付的各行须相邻；单元格须为文本格式，否则 Excel 会丢失 15 位以后的数字",
        "The number that UnionPay or NetsUnion can verify, at most 60 characters; in every row, rows of one payment one after the other; the cell must be text, or Excel loses the digits after the 15th",
        "2026111122001400001234567890");

    public static readonly ImportColumn PayCode = new(
        "payCode", "支付企业代码", "Payment company", ImportCell.Digits, ImportLevel.Payment, true,
        "支付企业的海关注册登记编号，最多 18 个字符", "Customs' code of the payment company, at most 18 characters", "31222699S7");

    public static readonly ImportColumn TotalAmount = new(
        "totalAmount", "交易金额", "Amount", ImportCell.Amount, ImportLevel.Payment, true,
        "整笔支付的金额，小数点前最多 14 位、后最多 5 位，不带千分位和货币符号", "Of the whole payment, at most 14 digits before and 5 after the point, no separators and no currency sign", "100.10");

    public static readonly ImportColumn Currency = new(
        "currency", "币制", "Currency", ImportCell.Digits, ImportLevel.Payment, true, "海关币制代码：142 人民币，502 美元", "Customs' code: 142 CNY, 502 USD", "142");

    public static readonly ImportColumn VerDept = new(
        "verDept", "验核机构", "Verified by", ImportCell.Digits, ImportLevel.Payment, true, "1 银联，2 网联，3 其他", "1 UnionPay, 2 NetsUnion, 3 other", "3");

    public static readonly ImportColumn PayType = new(
        "payType", "支付类型", "Kind of payment", ImportCell.Digits, ImportLevel.Payment, false, "可空；1 APP，2 PC，3 扫码，4 其他", "May be empty; 1 APP, 2 PC, 3 scan, 4 other", "1");

    public static readonly ImportColumn TradingTime = new(
        "tradingTime", "交易成功时间", "Paid at", ImportCell.Time, ImportLevel.Payment, true,
        "北京时间，精确到秒：2026-11-11 00:00:01 或 20261111000001；其他时区写为 2026-11-10T16:00:01Z；零点整请写为文本，以免与没有时刻的日期混淆",
        "China time to the second: 2026-11-11 00:00:01 or 20261111000001; of another zone 2026-11-10T16:00:01Z; midnight as text, lest it be taken for a date without a time",
        "2026-11-11 00:00:01");

    public static readonly ImportColumn Note = new("note", "备注", "Note", ImportCell.Text, ImportLevel.Payment, false, "可空，最多 1000 个字符", "May be empty, at most 1000 characters", "");

    public static readonly ImportColumn OrderNo = new(
        "orderNo", "订单编号", "Order", ImportCell.Digits, ImportLevel.Row, true,
        "向海关申报的订单编号，最多 60 个字符；每行必填；合并支付的每个订单各占一行或多行", "As declared to customs, at most 60 characters; in every row; each order of a joint payment has rows of its own", "SO20261111000001");

    public static readonly ImportColumn GName = new(
        "gname", "商品名称", "Goods", ImportCell.Text, ImportLevel.Row, true, "真实商品名称，最多 250 个字符；一个订单有多种商品时每种一行", "The true name, at most 250 characters; a row for each kind of goods of an order", "婴儿奶粉 800g");

    public static readonly ImportColumn ItemLink = new(
        "itemLink", "商品展示链接地址", "Link", ImportCell.Text, ImportLevel.Row, true, "商品页面地址，多个以分号连接，最多 3000 个字符", "The page of the goods, several joined by semicolons, at most 3000 characters", "https://shop.example.cn/item/1");

    public static readonly ImportColumn RecpAccount = new(
        "recpAccount", "收款账号", "Account", ImportCell.Digits, ImportLevel.Order, true, "交易商户的收款账号，最多 60 个字符，单元格须为文本格式", "Account of the seller, at most 60 characters, the cell must be text", "6217850100007893905");

    public static readonly ImportColumn RecpCode = new(
        "recpCode", "收款企业代码", "Seller's code", ImportCell.Digits, ImportLevel.Order, false, "统一社会信用代码；境外收款企业可空", "Unified social credit code; empty for foreign sellers", "91330201MA2AG12345");

    public static readonly ImportColumn RecpName = new(
        "recpName", "收款企业名称", "Seller", ImportCell.Text, ImportLevel.Order, true, "最多 100 个字符", "At most 100 characters", "宁波海淘贸易有限公司");

    public static readonly ImportColumn InitalRequest = new(
        "initalRequest", "原始请求", "Raw request", ImportCell.Raw, ImportLevel.Payment, true,
        "发给支付企业的请求报文原文（文本，按 UTF-8 存档）；不支持以文件夹中的文件提供。Excel 会把单元格内的回车换行改写为换行，并且一格最多 32,767 个字符：逐字节存档请用 CSV 或集成接口",
        "The request to the payment company as text, kept as UTF-8; files in a folder are not supported. Excel writes CR LF inside a cell as LF and holds 32,767 characters at most: for every byte as it was use CSV or the API",
        "https://openapi.alipay.com/gateway.do?method=alipay.trade.pay&biz_content={…}");

    public static readonly ImportColumn InitalResponse = new(
        "initalResponse", "原始响应", "Raw response", ImportCell.Raw, ImportLevel.Payment, true, "支付企业返回的响应报文原文，要求同原始请求", "What came back, likewise", "{\"alipay_trade_pay_response\":{…}}");

    /// <summary>All of them, in the template's order.</summary>
    public static IReadOnlyList<ImportColumn> All { get; } =
    [
        Merchant, PayTransactionId, PayCode, TotalAmount, Currency, VerDept, PayType, TradingTime, Note, OrderNo, GName, ItemLink, RecpAccount, RecpCode, RecpName, InitalRequest, InitalResponse,
    ];

    /// <summary>The column with a title, in either language or by its field's name; <see langword="null"/> when there is none.</summary>
    public static ImportColumn? Named(string title) =>
        All.FirstOrDefault(column => new[] { column.Zh, column.En, column.Field }.Contains(title.Trim(), StringComparer.OrdinalIgnoreCase));

    /// <summary>The column of a field that the rules name, such as <c>payExchangeInfoLists[1].goodsInfo[0].gname</c>; the merchant's for what no cell holds.</summary>
    public static ImportColumn OfRule(string path) => All.FirstOrDefault(column => column.Field == path[(path.LastIndexOf('.') + 1)..]) ?? Merchant;

    /// <summary>Title, <c>中文 | English</c>.</summary>
    public string Title => Words.Of(Zh, En);
}
