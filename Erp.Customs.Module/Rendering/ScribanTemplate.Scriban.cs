using System.Security.Cryptography;
using System.Text;
using Scriban;
using Scriban.Runtime;
using Scriban.Syntax;

namespace Erp.Customs.Module.Rendering;

/// <summary>One template file: parsed once, rendered by any number of threads, its faults told by file, line and column.</summary>
internal sealed class ScribanTemplate
{
    /// <summary>How often all loops of one rendering may turn together. A payment of 4 MiB has fewer goods; a loop without end stops here after a moment.</summary>
    private const int LoopLimit = 1_000_000;

    private static readonly ScriptObject Functions = ReadOnly(("json", new JsonFunction()));

    private readonly string _file;
    private readonly string _text;
    private readonly Template _template;

    private ScribanTemplate(string file, byte[] bytes)
    {
        _file = file;
        _text = Encoding.UTF8.GetString(bytes);
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

    /// <summary>A model object that no template can change.</summary>
    public static ScriptObject ReadOnly(params ReadOnlySpan<(string Name, object Value)> members)
    {
        var model = new ScriptObject(members.Length);
        foreach (var (name, value) in members)
        {
            model.SetValue(name, value, readOnly: true); // the indexer is 47 times slower
        }

        model.IsReadOnly = true;
        return model;
    }

    /// <summary>Renders and has the output judged.</summary>
    /// <param name="model">What the template sees.</param>
    /// <param name="root">Which part of payExInfoStr it makes.</param>
    /// <param name="written">What the built-in writer made of the same payment.</param>
    /// <param name="invented">Whether the payment is a sample, so that Scriban's own words, which may quote values, can be told.</param>
    /// <param name="differences">Gets what differs from <paramref name="written"/>.</param>
    /// <exception cref="RenderingException">The template fails, or its output is not what customs accept.</exception>
    public string Render(ScriptObject model, string root, string written, bool invented, List<string> differences)
    {
        var trace = new TracedOutput(_text, written.Length);
        var output = Run(model, trace, invented);
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

    private string Run(ScriptObject model, TracedOutput trace, bool invented)
    {
        var context = trace.NewContext(Functions);
        context.StrictVariables = true;
        context.EnableRelaxedMemberAccess = false; // or StrictVariables would let unknown fields pass as empty
        context.EnableRelaxedIndexerAccess = false;
        context.AutoIndent = false;
        context.LimitToString = 0; // any other value cuts silently; TracedOutput has the limit
        context.LoopLimit = LoopLimit;
        context.NewLine = "\n";
        context.PushGlobal(model);
        try
        {
            return _template.Render(context);
        }
        catch (ScriptRuntimeException failed)
        {
            throw Wrong(failed.Span.Start.Offset, invented ? failed.OriginalMessage : "the template fails on this payment");
        }
    }

    /// <remarks>The cause is left out on purpose: its words may quote payment data.</remarks>
    private RenderingException Wrong(int offset, string sentence)
    {
        var before = _text.AsSpan(0, Math.Clamp(offset, 0, _text.Length));
        return new RenderingException($"{_file}({before.Count('\n') + 1},{before.Length - before.LastIndexOf('\n')}): {sentence}.");
    }
}
