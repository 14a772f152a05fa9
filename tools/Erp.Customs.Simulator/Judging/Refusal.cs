namespace Erp.Customs.Simulator.Judging;

/// <summary>A rule that an upload broke.</summary>
/// <param name="Code">One of <see cref="ReplyCodes"/>.</param>
/// <param name="Message">In Chinese; names the field, never its value.</param>
internal sealed record Refusal(string Code, string Message);
