using Scriban;
using Scriban.Runtime;
using Scriban.Syntax;

namespace Erp.Customs.Module.Rendering;

/// <summary><c>{{ g.gname | json }}</c>: a value of the payment as <see cref="CustomsJson"/>. Scriban's own object.to_json would escape Chinese.</summary>
internal sealed class JsonFunction : IScriptCustomFunction
{
    /// <inheritdoc/>
    public int RequiredParameterCount => 1;

    /// <inheritdoc/>
    public int ParameterCount => 1;

    /// <inheritdoc/>
    public ScriptVarParamKind VarParamKind => ScriptVarParamKind.None;

    /// <inheritdoc/>
    public Type ReturnType => typeof(string);

    /// <inheritdoc/>
    public ScriptParameterInfo GetParameterInfo(int index) => new(typeof(object), "value");

    /// <inheritdoc/>
    public object Invoke(TemplateContext context, ScriptNode? callerContext, ScriptArray arguments, ScriptBlockStatement? blockStatement) => arguments[0] switch
    {
        string text => CustomsJson.Text(text),
        decimal amount => CustomsJson.Number(amount),
        _ => throw new ScriptRuntimeException(context.CurrentSpan, "json writes a text or an amount of the payment, nothing else"),
    };

    /// <inheritdoc/>
    public ValueTask<object?> InvokeAsync(TemplateContext context, ScriptNode? callerContext, ScriptArray arguments, ScriptBlockStatement? blockStatement) =>
        ValueTask.FromResult<object?>(Invoke(context, callerContext, arguments, blockStatement));
}
