using System.Diagnostics;

namespace Erp.Customs.Tests.Signing;

/// <summary>The openssl program: makes key files and judges signatures, independent of us.</summary>
internal static class Openssl
{
    /// <summary>Why it cannot be used; <see langword="null"/> when it can.</summary>
    public static string? Missing { get; } = Find();

    /// <summary>Runs it in a folder.</summary>
    /// <returns>Whether it ended well.</returns>
    public static bool Try(string folder, params string[] arguments) => Start(folder, arguments).Code == 0;

    /// <summary>Runs it in a folder; it must end well.</summary>
    public static void Run(string folder, params string[] arguments)
    {
        var (code, errors) = Start(folder, arguments);
        Assert.True(code == 0, $"openssl {string.Join(' ', arguments)}: {errors}");
    }

    private static string? Find()
    {
        try
        {
            return Try(Path.GetTempPath(), "pkeyutl", "-help") && Start(Path.GetTempPath(), ["ecparam", "-name", "SM2", "-noout"]).Code == 0
                ? null
                : "The openssl on this machine does not know SM2 (it takes 3.0 or later).";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "There is no openssl on this machine.";
        }
    }

    private static (int Code, string Errors) Start(string folder, string[] arguments)
    {
        var start = new ProcessStartInfo("openssl", arguments)
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output.Result + errors);
    }
}

/// <summary>A test that needs openssl; skipped with the reason where it is absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OpensslFactAttribute : FactAttribute
{
    public OpensslFactAttribute() => Skip = Openssl.Missing;
}

/// <summary>A theory that needs openssl; skipped with the reason where it is absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OpensslTheoryAttribute : TheoryAttribute
{
    public OpensslTheoryAttribute() => Skip = Openssl.Missing;
}
