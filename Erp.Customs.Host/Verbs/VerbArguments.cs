namespace Erp.Customs.Host.Verbs;

/// <summary>
/// What follows the verb. A verb takes its own flags and options out first; the rest is .NET configuration (<c>--Customs:BasePath /179</c>).
/// A flag that was left in would swallow the argument after it as its value.
/// </summary>
internal sealed class VerbArguments(IEnumerable<string> arguments)
{
    private readonly List<string> _rest = [.. arguments];

    /// <summary>What nobody has taken yet.</summary>
    public string[] Rest => [.. _rest];

    /// <summary>Takes the next word that is not an option, e.g. <c>test</c> of <c>upload test</c>.</summary>
    /// <returns>The word, or <see langword="null"/> when options follow or nothing.</returns>
    public string? TakeWord()
    {
        if (_rest is not [var word, ..] || word.StartsWith('-'))
        {
            return null;
        }

        _rest.RemoveAt(0);
        return word;
    }

    /// <summary>Takes a flag without a value, e.g. <c>--exit</c>.</summary>
    public bool TakeFlag(string name) => _rest.RemoveAll(argument => string.Equals(argument, name, StringComparison.Ordinal)) > 0;

    /// <summary>Takes an option with its value, written <c>--data DIR</c> or <c>--data=DIR</c>.</summary>
    /// <returns>The value, or <see langword="null"/> when the option is not there.</returns>
    /// <exception cref="UsageException">The option has no value.</exception>
    public string? TakeOption(string name)
    {
        var index = _rest.FindIndex(argument => string.Equals(argument, name, StringComparison.Ordinal) || argument.StartsWith(name + "=", StringComparison.Ordinal));
        if (index < 0)
        {
            return null;
        }

        var isJoined = _rest[index].Length > name.Length;
        var value = isJoined ? _rest[index][(name.Length + 1)..] : _rest.ElementAtOrDefault(index + 1);
        if (string.IsNullOrEmpty(value) || (!isJoined && value.StartsWith("--", StringComparison.Ordinal)))
        {
            throw new UsageException($"选项 {name} 缺少值。 Option {name} needs a value, for example {name} VALUE.");
        }

        _rest.RemoveRange(index, isJoined ? 1 : 2);
        return value;
    }
}
