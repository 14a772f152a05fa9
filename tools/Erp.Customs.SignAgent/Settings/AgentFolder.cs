using Erp.Customs.Contracts.Hosting;

namespace Erp.Customs.SignAgent.Settings;

/// <summary>The agent's folder: settings, secrets, and what it must remember. The default value is the folder of the program; <c>--data</c> names another.</summary>
/// <param name="Root">The folder.</param>
internal sealed record AgentFolder(string Root)
{
    /// <summary>Settings without secrets.</summary>
    public string SettingsFile => Path.Combine(Root, "agent.json");

    /// <summary>One file for each secret, for the owner alone.</summary>
    public string Secrets => Path.Combine(Root, "secrets");

    /// <summary>There while a wrong PIN keeps the agent closed.</summary>
    public string ClosedFile => Path.Combine(Root, "closed-by-pin.txt");

    private string LockFile => Path.Combine(Root, "agent.lock");

    /// <summary>Writes a secret, for the owner alone.</summary>
    /// <param name="name">The setting's name with colons.</param>
    /// <param name="value">Its value.</param>
    public async Task WriteSecretAsync(string name, string value)
    {
        OwnerOnly.CreateDirectory(Secrets);
        var path = Path.Combine(Secrets, name.Replace(":", "__", StringComparison.Ordinal));
        var half = path + ".new";
        File.Delete(half);
        await using (var file = new StreamWriter(OwnerOnly.CreateFile(half)))
        {
            await file.WriteAsync(value);
        }

        File.Move(half, path, overwrite: true);
    }

    /// <summary>Keeps every other agent out of this folder, until it is disposed of; two with one card would be two who try its PIN.</summary>
    /// <returns><see langword="null"/> when another one is here.</returns>
    public FileStream? TryEnter()
    {
        try
        {
            return new FileStream(LockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
