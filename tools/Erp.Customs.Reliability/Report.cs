using System.Globalization;
using System.Reflection;
using System.Text;

namespace Erp.Customs.Reliability;

/// <summary>The table with what one must know to read it, and docs/reliability.md around it.</summary>
/// <param name="args">As on the command line.</param>
internal sealed class Report(IReadOnlyList<string> args)
{
    private const string Begin = "<!-- figures: written by the proof -->";
    private const string End = "<!-- end of figures -->";

    private readonly List<string> _lines = [];
    private readonly DateTimeOffset _startedAt = TimeProvider.System.GetUtcNow();

    /// <summary>Adds a row.</summary>
    public void Add(IFault fault, Finding finding) =>
        _lines.Add($"| {fault.Name} | {fault.What} | {finding.Count:N0} | {(finding.Holds ? "yes" : "**no**")} | {finding.Figures.ReplaceLineEndings("<br>")} |");

    /// <summary>All of it.</summary>
    public string ToMarkdown() => string.Create(CultureInfo.InvariantCulture, $"""
        - Machine: {Environment.ProcessorCount} cores, {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1024 * 1024 * 1024)} GiB, {Environment.OSVersion}, .NET {Environment.Version}
        - Date: {_startedAt:yyyy-MM-dd HH:mm} UTC, {(TimeProvider.System.GetUtcNow() - _startedAt).TotalMinutes:0} minutes
        - Command: `dotnet run -c Release --project tools/Erp.Customs.Reliability{(args.Count == 0 ? "" : " -- " + string.Join(' ', args))}`

        | fault | what | times | holds | figures |
        |---|---|---|---|---|

        """) + string.Concat(_lines.Select(line => line + "\n"));

    /// <summary>Puts the figures where the last ones stand.</summary>
    /// <returns>The file.</returns>
    public string Write()
    {
        var root = Assembly.GetExecutingAssembly().GetCustomAttributes<AssemblyMetadataAttribute>().Single(one => one.Key == "RepositoryRoot").Value!;
        var file = Path.Combine(root, "docs", "reliability.md");
        var text = File.ReadAllText(file);
        var (from, to) = (text.IndexOf(Begin, StringComparison.Ordinal), text.IndexOf(End, StringComparison.Ordinal));
        if (from < 0 || to < from)
        {
            throw new InvalidDataException($"{file} has lost the lines between which the figures stand: {Begin} and {End}.");
        }

        File.WriteAllText(file, $"{text[..from]}{Begin}\n{ToMarkdown()}{text[to..]}");
        return file;
    }
}
