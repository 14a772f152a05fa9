using System.Globalization;
using Erp.Customs.Reliability;
using Erp.Customs.Reliability.Faults;

// Faults by the hundred against the real host; see docs/reliability.md.
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var names = args.Where(argument => !argument.StartsWith("--", StringComparison.Ordinal) && !int.TryParse(argument, out _)).ToList();
var count = args.SkipWhile(argument => argument != "--count").Skip(1).FirstOrDefault();
string[] known = [.. AllFaults.InOrder.Select(one => one.Name), "--short", "--count", "--write"];
if (args.Except(known, StringComparer.Ordinal).Any(argument => argument != count) || (args.Contains("--count") && !int.TryParse(count, out _)))
{
    Console.Error.WriteLine($"""
        Erp.Customs.Reliability [NAME…] [--short | --count N] [--write]
          NAME       {string.Join(", ", AllFaults.InOrder.Select(one => one.Name))}; all of them when none is named
          --short    as often as the tests do it
          --count N  so often; otherwise the long form, which takes hours
          --write    writes docs/reliability.md
        """);
    return 2;
}

var report = new Report();
var holds = true;
foreach (var fault in AllFaults.InOrder.Where(one => names.Count == 0 || names.Contains(one.Name)))
{
    if (fault.Absent is { } absent)
    {
        Console.Error.WriteLine($"{fault.Name}: skipped. {absent}");
        continue;
    }

    var times = count is not null ? int.Parse(count, CultureInfo.InvariantCulture) : args.Contains("--short") ? fault.ShortForm : fault.LongForm;
    var folder = Directory.CreateTempSubdirectory("erp-customs-reliability-").FullName;
    Console.Error.WriteLine($"{fault.Name}: {fault.What} × {times}");
    var begun = TimeProvider.System.GetUtcNow();
    try
    {
        var finding = await fault.RunAsync(times, folder, line => Console.Error.Write($"\r  {line}   "));
        Console.Error.WriteLine($"\r  {(finding.Holds ? "holds" : "DOES NOT HOLD")}: {finding.Figures}");
        holds &= finding.Holds;
        report.Add(fault, finding, begun, TimeProvider.System.GetUtcNow() - begun);
    }
    finally
    {
        Directory.Delete(folder, recursive: true);
    }
}

Console.WriteLine(report.ToMarkdown());
if (args.Contains("--write"))
{
    Console.Error.WriteLine($"Written: {report.Write()}");
}

return holds ? 0 : 1;
