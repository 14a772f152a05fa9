using Scriban;
using Scriban.Syntax;

namespace Erp.Customs.Module.Rendering;

/// <summary>One template: parsed once, rendered by any number of threads, its faults told by file, line and column.</summary>
internal sealed class ScribanTemplate
{
    private readonly string _file;
    private readonly string _text;
    private readonly Template _template;

    private ScribanTemplate(TemplateSource source)
    {
        _file = source.File;
        _text = RawText.TryDecode(source.Bytes, "utf-8", out var text, out var problem) ? text : throw new RenderingException($"{_file}：{problem.Sentence}。", $"{_file}: {problem.SentenceEn}.");
        Sha256 = source.Sha256;
        _template = Template.Parse(_text, _file);
        if (_template.HasErrors)
        {
            var first = _template.Messages[0];
            throw Wrong(first.Span.Start.Offset, first.Message);
        }
    }

    /// <summary>SHA-256 of the text, lower-case hex.</summary>
    public string Sha256 { get; }

    /// <summary>Parses a template.</summary>
    /// <exception cref="RenderingException">It cannot be parsed.</exception>
    public static ScribanTemplate Parse(TemplateSource source) => new(source);

    /// <summary>Renders and has the output judged.</summary>
    /// <param name="sight">The payment.</param>
    /// <param name="root">Which part of payExInfoStr it makes.</param>
    /// <param name="written">What the built-in writer made of the same payment.</param>
    /// <param name="invented">Whether the payment is a sample, so that Scriban's own words, which may quote values, can be told.</param>
    /// <param name="differences">Gets what differs from <paramref name="written"/>.</param>
    /// <exception cref="RenderingException">The template fails, or its output is not what customs accept.</exception>
    public string Render(TemplateSight sight, string root, string written, bool invented, List<string> differences)
    {
        var trace = new TracedOutput(_text, written.Length);
        var output = Run(sight, trace, invented);
        var trimmed = output.Trim([' ', '\t', '\r', '\n']); // around JSON these mean nothing, and a text file ends with a line break
        var judgement = TemplateJudge.Judge(root, written, trimmed);
        if (judgement.Fault is { } fault)
        {
            var leading = output.IndexOf(trimmed, StringComparison.Ordinal);
            throw Wrong(trace.SourceOf(leading + fault.At), fault.Sentence);
        }

        differences.AddRange(judgement.Differences);
        return trimmed;
    }

    private string Run(TemplateSight sight, TracedOutput trace, bool invented)
    {
        sight.Trace = trace;
        sight.PushOutput(trace);
        try
        {
            return _template.Render(sight);
        }
        catch (ScriptRuntimeException failed)
        {
            throw Wrong(failed.Span.Start.Offset, invented ? failed.OriginalMessage : Words.Of("模板不能用于这笔支付", "the template fails on this payment"));
        }
        finally
        {
            sight.PopOutput();
        }
    }

    /// <remarks>The cause is left out on purpose: its words may quote payment data.</remarks>
    private RenderingException Wrong(int offset, string sentence)
    {
        var before = _text.AsSpan(0, Math.Clamp(offset, 0, _text.Length));
        var line = before.Count('\n') + 1;
        var place = $"{_file}({line},{before.Length - before.LastIndexOf('\n')})";
        return new RenderingException($"{place}：{Words.In(sentence, english: false).TrimEnd('.')}。", $"{place}: {Words.In(sentence, english: true).TrimEnd('.')}.") { Line = line };
    }
}
