using System.Security.Cryptography;
using Scriban;
using Scriban.Syntax;

namespace Erp.Customs.Module.Rendering;

/// <summary>One template file: parsed once, rendered by any number of threads, its faults told by file, line and column.</summary>
internal sealed class ScribanTemplate
{
    private readonly string _file;
    private readonly string _text;
    private readonly Template _template;

    private ScribanTemplate(string file, byte[] bytes)
    {
        _file = file;
        _text = RawText.TryDecode(bytes, "utf-8", out var text, out var problem) ? text : throw new RenderingException($"{file}: {problem.SentenceEn}.");
        Sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes));
        _template = Template.Parse(_text, file);
        if (_template.HasErrors)
        {
            var first = _template.Messages[0];
            throw Wrong(first.Span.Start.Offset, first.Message);
        }
    }

    /// <summary>SHA-256 of the file, lower-case hex.</summary>
    public string Sha256 { get; }

    /// <summary>Reads and parses a template.</summary>
    /// <param name="moduleDirectory">The module's folder.</param>
    /// <param name="file">Path in it, with slashes.</param>
    /// <exception cref="RenderingException">It is missing or cannot be parsed.</exception>
    public static ScribanTemplate Load(string moduleDirectory, string file)
    {
        try
        {
            return new ScribanTemplate(file, File.ReadAllBytes(Path.Combine(moduleDirectory, file)));
        }
        catch (Exception missing) when (missing is IOException or UnauthorizedAccessException)
        {
            throw new RenderingException($"{file}: the template cannot be read from the module's folder.", missing);
        }
    }

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
            throw Wrong(failed.Span.Start.Offset, invented ? failed.OriginalMessage : "the template fails on this payment");
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
        return new RenderingException($"{_file}({before.Count('\n') + 1},{before.Length - before.LastIndexOf('\n')}): {sentence.TrimEnd('.')}.");
    }
}
