using System.Text;
using Scriban.Parsing;
using Scriban.Runtime;
using Scriban.Syntax;

namespace Erp.Customs.Module.Rendering;

/// <summary>Collects a template's output, remembers which place of the template each piece came from, and ends a template that never stops writing.</summary>
/// <param name="template">The template's text.</param>
/// <param name="expected">How long the built-in writer's text is, in characters.</param>
internal sealed class TracedOutput(string template, int expected) : IScriptOutput
{
    /// <summary>How much longer than the built-in writer's a text may be: twice, and 64 Ki characters for comments and layout.</summary>
    private readonly int _limit = (2 * expected) + 65_536;

    private readonly StringBuilder _text = new(expected + 16);
    private readonly List<(int At, int Source, bool Literal)> _pieces = [];

    /// <summary>The statement that runs.</summary>
    public SourceSpan Statement { get; set; }

    /// <inheritdoc/>
    public void Write(string text, int offset, int count)
    {
        if (_text.Length + count > _limit)
        {
            throw new ScriptRuntimeException(Statement, $"the output is longer than {_limit} characters");
        }

        // Literal text is written as a slice of the template itself; anything else was made by a statement.
        var literal = ReferenceEquals(text, template);
        _pieces.Add((_text.Length, literal ? offset : Statement.Start.Offset, literal));
        _text.Append(text, offset, count);
    }

    /// <inheritdoc/>
    public ValueTask WriteAsync(string text, int offset, int count, CancellationToken cancellationToken)
    {
        Write(text, offset, count);
        return ValueTask.CompletedTask;
    }

    /// <summary>The place in the template that a place in the output came from, both in characters from 0.</summary>
    public int SourceOf(int at)
    {
        var piece = _pieces.LastOrDefault(piece => piece.At <= at);
        return piece.Literal ? piece.Source + (at - piece.At) : piece.Source;
    }

    /// <summary>The output.</summary>
    public override string ToString() => _text.ToString();
}
