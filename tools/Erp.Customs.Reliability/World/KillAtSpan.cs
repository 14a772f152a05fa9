using System.Diagnostics;

namespace Erp.Customs.Reliability.World;

/// <summary>Has a host kill itself (SIGKILL) where a span of the module's traces begins or ends. What to wait for stands in a file, which goes before the process does.</summary>
/// <param name="file">The file; not there when nothing is asked for.</param>
internal sealed class KillAtSpan(string file)
{
    /// <summary>Environment variable of the host: where the file is.</summary>
    public const string FileVariable = "ERP_CUSTOMS_KILL_AT_SPAN";

    /// <summary>Settings of the host's environment.</summary>
    public IReadOnlyList<(string Name, string Value)> Environment => [("DOTNET_STARTUP_HOOKS", typeof(StartupHook).Assembly.Location), (FileVariable, file)];

    /// <summary>Asks for it.</summary>
    /// <param name="span">The span's name.</param>
    /// <param name="ended">At its end; otherwise at its begin.</param>
    /// <param name="tag">Value of a tag of the span or of the one around it, such as a session; empty for any.</param>
    public void Ask(string span, bool ended, string tag = "")
    {
        // Renamed, so that it is never read half written.
        File.WriteAllText(file + ".new", Wish(span, ended, tag));
        File.Move(file + ".new", file, overwrite: true);
    }

    /// <summary>In the host.</summary>
    public static void KillIfAsked(string file, Activity span, bool ended)
    {
        if (!File.Exists(file))
        {
            return;
        }

        var asked = File.ReadAllText(file);
        if (asked == Wish(span.OperationName, ended, "") || Tags(span).Any(tag => asked == Wish(span.OperationName, ended, tag)))
        {
            File.Delete(file);
            Process.GetCurrentProcess().Kill();
        }
    }

    /// <summary>A span has its tags only after its begin; the one around it has the same session.</summary>
    private static IEnumerable<string> Tags(Activity span) => span.Tags.Concat(span.Parent?.Tags ?? []).Select(tag => tag.Value ?? "");

    private static string Wish(string span, bool ended, string tag) => $"{span} {(ended ? "ended" : "begun")} {tag}";
}
