using Scriban;
using Scriban.Runtime;
using Scriban.Syntax;

namespace Erp.Customs.Module.Rendering;

/// <summary>All that the templates see of one payment or call, and how strictly they are read. One for both templates of a payment: making it is a good part of the work.</summary>
internal sealed class TemplateSight : TemplateContext
{
    private static readonly ScriptObject Functions = ReadOnly(("json", new JsonFunction()));

    /// <summary>Shows a payment as <c>head</c> and <c>lists</c>, with customs' field names.</summary>
    public TemplateSight(PayExchange exchange) : this(ReadOnly(("head", Model(exchange.Head)), ("lists", List(exchange.Lists.Select(Model)))))
    {
    }

    /// <summary>Shows who asks the Shanghai CBT gateway as <c>header</c>.</summary>
    public TemplateSight(CbtHeader header) : this(ReadOnly(("header", Model(header))))
    {
    }

    /// <summary>Shows what the Shanghai CBT gateway is to sign as <c>message</c>, head and lists as rendered.</summary>
    public TemplateSight(string sessionId, string head, string lists) : this(ReadOnly(("message", ReadOnly(("sessionID", sessionId), ("head", head), ("lists", lists)))))
    {
    }

    private TemplateSight(ScriptObject shown) : base(Functions)
    {
        StrictVariables = true;
        EnableRelaxedMemberAccess = false; // or StrictVariables would let unknown fields pass as empty
        EnableRelaxedIndexerAccess = false;
        AutoIndent = false;
        NewLine = "\n";
        LimitToString = 0; // any other value cuts silently; TracedOutput has the limit
        LoopLimit = 1_000_000; // all loops of a payment together: one of 4 MiB has fewer goods, and a loop without end stops here after a moment
        PushGlobal(shown);
    }

    /// <summary>Where the template that runs is writing to.</summary>
    public TracedOutput? Trace { get; set; }

    /// <inheritdoc/>
    public override object? Evaluate(ScriptNode? scriptNode, bool aliasReturnedFunction)
    {
        if (scriptNode is ScriptStatement && Trace is not null)
        {
            Trace.Statement = scriptNode.Span;
        }

        return base.Evaluate(scriptNode, aliasReturnedFunction);
    }

    private static ScriptObject Model(PayExchangeHead head) => ReadOnly(
        ("guid", head.Guid),
        ("initalRequest", head.InitalRequest),
        ("initalResponse", head.InitalResponse),
        ("ebpCode", head.EbpCode),
        ("payCode", head.PayCode),
        ("payTransactionId", head.PayTransactionId),
        ("totalAmount", head.TotalAmount),
        ("currency", head.Currency),
        ("verDept", head.VerDept),
        ("payType", head.PayType),
        ("tradingTime", head.TradingTime),
        ("note", head.Note));

    private static ScriptObject Model(PayExchangeOrder order) => ReadOnly(
        ("orderNo", order.OrderNo),
        ("goodsInfo", List(order.GoodsInfo.Select(Model))),
        ("recpAccount", order.RecpAccount),
        ("recpCode", order.RecpCode),
        ("recpName", order.RecpName));

    private static ScriptObject Model(PayExchangeGoods goods) => ReadOnly(("gname", goods.Gname), ("itemLink", goods.ItemLink));

    private static ScriptObject Model(CbtHeader header) => ReadOnly(
        ("version", CbtHeader.Version),
        ("commitTime", header.CommitTime),
        ("nameField", header.NameField),
        ("name", header.Name),
        ("codeField", header.CodeField),
        ("code", header.Code),
        ("serialNumber", header.SerialNumber),
        ("tokenField", header.TokenField),
        ("token", header.Token));

    private static ScriptArray List(IEnumerable<ScriptObject> items) => new(items) { IsReadOnly = true };

    private static ScriptObject ReadOnly(params ReadOnlySpan<(string Name, object Value)> members)
    {
        var model = new ScriptObject(members.Length, StringComparer.Ordinal);
        foreach (var (name, value) in members)
        {
            model.SetValue(name, value, readOnly: true); // the indexer is 47 times slower
        }

        model.IsReadOnly = true;
        return model;
    }
}
