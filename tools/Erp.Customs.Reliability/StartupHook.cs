using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Erp.Customs.Reliability.World;

/// <summary>
/// Loaded by .NET itself into the real host (<c>DOTNET_STARTUP_HOOKS</c>), so that the product needs no hooks of its own: listens to the module's traces, which every user can listen to,
/// and kills the process at the one that <see cref="KillAtSpan"/> asks for.
/// </summary>
[SuppressMessage("Design", "CA1050:Declare types in namespaces", Justification = "What .NET looks for.")]
[SuppressMessage("Design", "MA0047:Declare types in namespaces", Justification = "What .NET looks for.")]
internal static class StartupHook
{
    public static void Initialize()
    {
        if (Environment.GetEnvironmentVariable(KillAtSpan.FileVariable) is not { Length: > 0 } file)
        {
            return;
        }

        ActivitySource.AddActivityListener(new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Erp.Customs",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStarted = span => KillAtSpan.KillIfAsked(file, span, ended: false),
            ActivityStopped = span => KillAtSpan.KillIfAsked(file, span, ended: true),
        });
    }
}
