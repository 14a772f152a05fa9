using System.Reflection;
using System.Text.RegularExpressions;

namespace Erp.Customs.Tests.Diagnostics;

public partial class When_a_log_line_is_written
{
    /// <summary>What a template of the product may name. Whoever adds a name here has looked at what it holds: never a person, a raw message or a secret.</summary>
    private static readonly string[] Approved =
    [
        // Requests and their way.
        "RequestId", "OrderNo", "SessionId", "Attempt", "State", "Reason", "Code", "Problem",
        // Orders at the payment-customs bridge; what became of captured messages, by origin, trade number and type.
        "BridgeOrderId", "Operation", "Outcome", "Sentence", "Details",
        // What a user of the screens wanted, and whether it could be.
        "User", "Again", "Asked", "HoldId", "ImportId",
        // Messages to people: which, and through what.
        "AlertId", "Channel",
        // The module and what it is made of.
        "Module", "Version", "Stage", "Type", "Message", "Service", "Engine", "Renderer", "Differences", "Environment", "Host", "Path", "PathBase", "BasePath", "Directory", "Kept", "Work", "Cron", "Migration",
        "Merchant", "Merchants", "Signer", "Warning", "Address", "Agent",
        // Figures.
        "Seconds", "Count", "Kind", "Payments", "Requests", "Captures", "Orders", "Years", "Held", "OnHold", "Fresh", "Amounts", "Left", "Back", "Zone",
    ];

    private static readonly string Root = typeof(When_a_log_line_is_written).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(one => one.Key is "RepositoryRoot").Value!;

    [Fact]
    public void Should_name_nothing_but_what_is_approved()
    {
        var named = Templates().SelectMany(template => Placeholder().Matches(template.Text).Select(match => (template.File, Name: match.Groups["name"].Value))).ToList();
        Assert.True(named.Count > 30, $"Only {named.Count} placeholders were found: the test does not see the templates any more.");
        Assert.All(named, one => Assert.Contains(one.Name, Approved));
        Assert.Empty(Approved.Except(named.Select(one => one.Name), StringComparer.Ordinal));
    }

    [Fact]
    public void Should_never_be_put_together_by_interpolation() =>
        Assert.Empty(Sources().SelectMany(file => Interpolated().Matches(File.ReadAllText(file)).Select(match => $"{file}: {match.Value}")));

    private static IEnumerable<(string File, string Text)> Templates() =>
        Sources().SelectMany(file => Call().Matches(File.ReadAllText(file)).Select(match => (Path.GetFileName(file), match.Groups["template"].Value)));

    private static IEnumerable<string> Sources() => new[] { "Erp.Customs.Module", "Erp.Customs.Contracts" }
        .SelectMany(project => Directory.EnumerateFiles(Path.Combine(Root, project), "*.cs", SearchOption.AllDirectories))
        .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal));

    /// <summary>A call of a logger up to the end of its first text.</summary>
    [GeneratedRegex(@"[lL]ogger\.(Log\w*|BeginScope)\((?:[^""$;]*?)""(?<template>(?:[^""\\]|\\.)*)""", RegexOptions.Singleline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Call();

    [GeneratedRegex(@"[lL]ogger\.(Log\w*|BeginScope)\([^"";]*?\$""", RegexOptions.Singleline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Interpolated();

    [GeneratedRegex(@"\{(?<name>\w+)[^}]*\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Placeholder();
}
