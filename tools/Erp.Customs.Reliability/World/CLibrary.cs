using System.Diagnostics;

namespace Erp.Customs.Reliability.World;

/// <summary>Libraries in C that stand between a host and another library; their sources lie beside this file.</summary>
internal static class CLibrary
{
    private const string Compiler = "cc";

    /// <summary>Why none can be built on this machine; <see langword="null"/> when one can.</summary>
    public static string? Absent => OperatingSystem.IsLinux() && (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, Compiler)))
        ? null
        : "There is no C compiler on Linux (Debian: apt-get install gcc libc6-dev).";

    /// <summary>Builds one.</summary>
    /// <param name="name">Of its source, without the ending.</param>
    /// <param name="folder">Where it is put.</param>
    /// <param name="arguments">More for the compiler.</param>
    /// <returns>Its path.</returns>
    public static async Task<string> BuildAsync(string name, string folder, params IEnumerable<string> arguments)
    {
        var library = Path.Combine(folder, name + ".so");
        using var compiler = Process.Start(Compiler, ["-shared", "-fPIC", "-O1", "-Wall", "-Werror", .. arguments, "-o", library, Path.Combine(AppContext.BaseDirectory, "World", name + ".c"), "-ldl"]);
        await compiler.WaitForExitAsync();
        return compiler.ExitCode == 0 ? library : throw new InvalidOperationException($"{name}.c could not be compiled: {Compiler} ended with {compiler.ExitCode}.");
    }
}
