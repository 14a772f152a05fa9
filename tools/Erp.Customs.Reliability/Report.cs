using System.Globalization;
using System.Reflection;

namespace Erp.Customs.Reliability;

/// <summary>The table with what one must know to read it, and docs/reliability.md around it.</summary>
internal sealed class Report
{
    private const string Begin = "<!-- figures: written by the proof -->";
    private const string End = "<!-- end of figures -->";

    private readonly Dictionary<string, string> _rows = new(StringComparer.Ordinal);

    /// <summary>Where the sources stand.</summary>
    public static string Root { get; } = Assembly.GetExecutingAssembly().GetCustomAttributes<AssemblyMetadataAttribute>().Single(one => one.Key == "RepositoryRoot").Value!;

    /// <summary>Adds a row.</summary>
    public void Add(IFault fault, Finding finding, DateTimeOffset begun, TimeSpan took) => _rows[fault.Name] = string.Create(
        CultureInfo.InvariantCulture,
        $"| {fault.Name} | {fault.What} | {finding.Count:N0} | {(finding.Holds ? "yes" : "**no**")} | {finding.Figures.ReplaceLineEndings("<br>")} | {begun:yyyy-MM-dd HH:mm} UTC, {took.TotalMinutes:0.0} min |");

    /// <summary>All of it.</summary>
    public string ToMarkdown() => string.Create(CultureInfo.InvariantCulture, $"""
        Machine: {Environment.ProcessorCount} cores, {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1024 * 1024 * 1024)} GiB, {Environment.OSVersion}, .NET {Environment.Version}.
        Each row by `dotnet run -c Release --project tools/Erp.Customs.Reliability -- FAULT --count TIMES --write`.

        | fault | what | times | holds | figures | measured |
        |---|---|---|---|---|---|

        """) + string.Concat(AllFaults.InOrder.Where(fault => _rows.ContainsKey(fault.Name)).Select(fault => _rows[fault.Name] + "\n"));

    /// <summary>Puts the figures where the last ones stand; the rows of faults that were not run this time stay.</summary>
    /// <returns>The file.</returns>
    public string Write()
    {
        var file = Path.Combine(Root, "docs", "reliability.md");
        var text = File.ReadAllText(file);
        var (from, to) = (text.IndexOf(Begin, StringComparison.Ordinal), text.IndexOf(End, StringComparison.Ordinal));
        if (from < 0 || to < from)
        {
            throw new InvalidDataException($"{file} has lost the lines between which the figures stand: {Begin} and {End}.");
        }

        foreach (var row in text[from..to].Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal)))
        {
            _rows.TryAdd(row.Split('|')[1].Trim(), row);
        }

        File.WriteAllText(file, $"{text[..from]}{Begin}\n{ToMarkdown()}{text[to..]}");
        return file;
    }
}
