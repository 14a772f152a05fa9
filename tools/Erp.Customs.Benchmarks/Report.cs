using System.Globalization;
using System.Reflection;
using System.Text;
using Erp.Customs.Module.Jobs;
using Erp.Customs.Module.Rendering;

namespace Erp.Customs.Benchmarks;

/// <summary>The table with what one must know to read it, and docs/performance.md around it.</summary>
/// <param name="args">As on the command line.</param>
internal sealed class Report(IReadOnlyList<string> args)
{
    private const string Begin = "<!-- figures: written by the benchmarks -->";
    private const string End = "<!-- end of figures -->";

    private readonly List<string> _lines = [];
    private readonly string _loadAtStart = Machine.Load;
    private readonly DateTimeOffset _startedAt = TimeProvider.System.GetUtcNow();

    /// <summary>Adds a row.</summary>
    public void Add(string benchmark, Row row) => _lines.Add(Line(benchmark, row));

    /// <summary>A row as it stands in the table.</summary>
    public static string Line(string benchmark, Row row)
    {
        var ratio = row.Ratio is { } value ? value.ToString("0.00", CultureInfo.InvariantCulture) + "x" : "";
        var met = row.Met switch { true => "yes", false => "**no**", null => "" };
        return $"| {benchmark} | {row.What} | {row.Limit} | {row.Reached} | {ratio} | {row.Goal} | {met} |";
    }

    /// <summary>All of it.</summary>
    public string ToMarkdown()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"""
            - Machine: {Machine.Description}, {Machine.FileSystemOf(Path.GetTempPath())}
            - Load average: {_loadAtStart} at the start, {Machine.Load} at the end (the benchmarks themselves are part of the latter)
            - Date: {_startedAt:yyyy-MM-dd HH:mm} UTC
            - Command: `{Command()}`
            - Build: {Build}

            | benchmark | what | limit, side by side | reached | ratio | goal | met |
            |---|---|---|---|---|---|---|

            """);
        _lines.ForEach(line => text.AppendLine(line));
        return text.ToString().ReplaceLineEndings("\n");
    }

    /// <summary>Puts the figures where the last ones stand.</summary>
    /// <returns>The file.</returns>
    public static string Write(string figures)
    {
        var root = Assembly.GetExecutingAssembly().GetCustomAttributes<AssemblyMetadataAttribute>().Single(one => one.Key == "RepositoryRoot").Value!;
        var file = Path.Combine(root, "docs", "performance.md");
        var text = File.ReadAllText(file);
        var (from, to) = (text.IndexOf(Begin, StringComparison.Ordinal), text.IndexOf(End, StringComparison.Ordinal));
        if (from < 0 || to < from)
        {
            throw new InvalidDataException($"{file} has lost the lines between which the figures stand: {Begin} and {End}.");
        }

        File.WriteAllText(file, $"{text[..from]}{Begin}\n{figures}{text[to..]}");
        return file;
    }

    /// <summary>Which of the packages that a feed may lack are in it.</summary>
    private static string Build => string.Join(", ", new[]
    {
        ("Scriban", PayExchangeRenderers.ScribanBuiltIn), ("Hangfire", JobEngines.HangfireBuiltIn), ("Hangfire.InMemory", JobEngines.HangfireInMemoryBuiltIn),
    }.Select(one => $"{(one.Item2 ? "with" : "without")} {one.Item1}"));

    private string Command() => "dotnet run -c Release --project tools/Erp.Customs.Benchmarks" + (args.Count == 0 ? "" : " -- " + string.Join(' ', args));
}
