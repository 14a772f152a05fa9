namespace Erp.Customs.Tests.Signing;

/// <summary>A test about Unix file modes; skipped with the reason on Windows and, where the modes must bind the test itself, for root.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class UnixFactAttribute : FactAttribute
{
    public UnixFactAttribute(bool withoutPrivileges = false)
    {
        WithoutPrivileges = withoutPrivileges;
        Skip = OperatingSystem.IsWindows() ? "Windows has no file modes."
            : withoutPrivileges && Environment.IsPrivilegedProcess ? "This account may read every file."
            : null;
    }

    /// <summary>Whether root must not run it.</summary>
    public bool WithoutPrivileges { get; }
}
