using System.Globalization;
using System.Runtime.InteropServices;

namespace Erp.Customs.Benchmarks;

/// <summary>What it ran on, and how busy that was with other things.</summary>
internal static class Machine
{
    /// <summary>Cores, model, memory, system, .NET.</summary>
    public static string Description => string.Create(
        CultureInfo.InvariantCulture,
        $"{Environment.ProcessorCount} cores ({Model()}), {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1024.0 * 1024 * 1024):0.0} GiB, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}");

    /// <summary>The load average of the last minute, where the system tells it.</summary>
    public static string Load => File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "unknown";

    /// <summary>The file system that a folder is on: on one in memory nothing would have to be durable.</summary>
    public static string FileSystemOf(string folder) => DriveInfo.GetDrives()
        .Where(drive => Path.GetFullPath(folder).StartsWith(drive.RootDirectory.FullName, StringComparison.Ordinal))
        .MaxBy(drive => drive.RootDirectory.FullName.Length)?.DriveFormat ?? "unknown";

    private static string Model() => !File.Exists("/proc/cpuinfo")
        ? RuntimeInformation.ProcessArchitecture.ToString()
        : File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim()
            ?? RuntimeInformation.ProcessArchitecture.ToString();
}
