namespace Erp.Customs.Module.Rendering;

/// <summary>What a template gives, held against the built-in writer.</summary>
/// <param name="Fault">Why it must not be used; <see langword="null"/> when it may.</param>
/// <param name="Differences">How its output differs from the writer's, by field; empty for the same characters.</param>
/// <param name="Outputs">What it gave, as far as it came.</param>
internal sealed record TemplateTrial(TemplatePlace? Fault, IReadOnlyList<string> Differences, IReadOnlyList<TrialOutput> Outputs);

/// <summary>A fault with its place in the template.</summary>
/// <param name="Sentence">File, line, column and what is wrong, <c>中文 | English</c>; without payment data.</param>
/// <param name="Line">From 1; <see langword="null"/> where the whole file is meant.</param>
internal sealed record TemplatePlace(string Sentence, int? Line);

/// <summary>One payment rendered twice.</summary>
/// <param name="Title">Which, <c>中文 | English</c>.</param>
/// <param name="IsInvented">Whether it is a sample; otherwise both texts hold personal data.</param>
/// <param name="Written">What the built-in writer gave.</param>
/// <param name="Given">What the template gave.</param>
internal sealed record TrialOutput(string Title, bool IsInvented, string Written, string Given);
