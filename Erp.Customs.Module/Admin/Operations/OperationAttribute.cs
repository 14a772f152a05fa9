namespace Erp.Customs.Module.Admin.Operations;

/// <summary>What a form of a page does, in words, for 操作日志. Every handler of a form has one.</summary>
/// <param name="zh">Chinese, a verb.</param>
/// <param name="en">English.</param>
/// <param name="about">Fields of the form or of the address that say what it is about: ids, numbers, names of settings. Never one that may hold personal data.</param>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class OperationAttribute(string zh, string en, params string[] about) : Attribute
{
    public string Zh { get; } = zh;

    public string En { get; } = en;

    public IReadOnlyList<string> About { get; } = about;
}
