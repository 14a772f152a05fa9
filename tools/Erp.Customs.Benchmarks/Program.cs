using System.Globalization;
using Erp.Customs.Benchmarks;
using Erp.Customs.Benchmarks.Admin;
using Erp.Customs.Benchmarks.Archive;
using Erp.Customs.Benchmarks.Capture;
using Erp.Customs.Benchmarks.Platform;
using Erp.Customs.Benchmarks.Rendering;
using Erp.Customs.Benchmarks.Signing;
using Erp.Customs.Benchmarks.Storage;
using Erp.Customs.Benchmarks.Upload;

// Every figure of the product beside its limit, measured in the same run; see docs/performance.md.
IBenchmark[] all =
[
    new AcknowledgeBenchmark(),
    new RenderBenchmark(),
    new SignBenchmark(),
    new AgentBenchmark(),
    new AnswerBenchmark(),
    new FloodBenchmark(),
    new CallBenchmark(),
    new CaptureBenchmark(),
    new InsertBenchmark(),
    new LookUpBenchmark(),
    new RetentionBenchmark(),
    new SealBenchmark(),
    new KeptBenchmark(),
    new ScreensBenchmark(),
];

CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var names = args.Where(argument => !argument.StartsWith("--", StringComparison.Ordinal)).ToList();
string[] known = [.. all.Select(one => one.Name), "--short", "--full", "--write"];
var wrong = args.Except(known, StringComparer.Ordinal).ToList();
if (wrong.Count > 0)
{
    Console.Error.WriteLine($"""
        {string.Join(", ", wrong)} is not known.
        Erp.Customs.Benchmarks [NAME…] [--short] [--full] [--write]
          NAME     {string.Join(", ", all.Select(one => one.Name))}; all of them when none is named
          --short  a smoke test of under a minute: everything runs, the figures mean little
          --full   the large sizes too (a look-up among 1,000,000 payments)
          --write  writes docs/performance.md
        """);
    return 2;
}

var scale = new Scale(Short: args.Contains("--short"), Full: args.Contains("--full"));
var report = new Report(args);
foreach (var benchmark in all.Where(one => names.Count == 0 || names.Contains(one.Name)))
{
    Console.Error.WriteLine($"{benchmark.Name} …");
    var folder = Directory.CreateTempSubdirectory("erp-customs-bench-").FullName;
    try
    {
        foreach (var row in await benchmark.RunAsync(scale, folder))
        {
            Console.Error.WriteLine(Report.Line(benchmark.Name, row));
            report.Add(benchmark.Name, row);
        }
    }
    finally
    {
        Directory.Delete(folder, recursive: true);
    }
}

var table = report.ToMarkdown();
Console.WriteLine(table);
if (args.Contains("--write"))
{
    Console.Error.WriteLine($"Written: {Report.Write(table)}");
}

return 0;
