namespace Erp.Customs.SignAgent.Installing;

/// <summary>Linux: a systemd unit of the user, written where systemd looks for it; two commands, which are printed, switch it on.</summary>
internal static class UserUnit
{
    /// <summary>The unit's name.</summary>
    public const string Name = "erp-customs-sign-agent.service";

    /// <summary>Where it belongs.</summary>
    public static string File => Path.Combine(
        Environment.GetEnvironmentVariable("XDG_CONFIG_HOME") is { Length: > 0 } config ? config : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".config"),
        "systemd", "user", Name);

    /// <summary>The unit's text.</summary>
    /// <param name="command">The program, and what comes before the verb.</param>
    /// <param name="folder">The agent's folder.</param>
    public static string Describe(IEnumerable<string> command, string folder) => $"""
        [Unit]
        Description=Erp.Customs 签名代理 (sign agent)
        After=network-online.target

        [Service]
        ExecStart={string.Join(' ', command.Concat(["run", "--data", folder]).Select(Quoted))}
        Restart=always
        RestartSec=5
        UMask=0077

        [Install]
        WantedBy=default.target

        """;

    /// <summary>Writes it.</summary>
    public static async Task InstallAsync(string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        await System.IO.File.WriteAllTextAsync(File, text);
    }

    /// <summary>systemd's own quoting; a percent sign would be a specifier.</summary>
    private static string Quoted(string word) => $"\"{word.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("%", "%%", StringComparison.Ordinal).Replace("$", "$$", StringComparison.Ordinal)}\"";
}
