using Erp.Customs.SignAgent.Settings;

namespace Erp.Customs.SignAgent.Working;

/// <summary>Remembers a wrong PIN in a file, so that neither a restart nor another verb of this program tries one again before a person has reopened the merchant.</summary>
internal sealed class PinLatch(AgentFolder folder)
{
    /// <summary>Why no PIN is tried; <see langword="null"/> while one may be.</summary>
    public string? Why => File.Exists(folder.ClosedFile) ? File.ReadAllText(folder.ClosedFile) : null;

    /// <summary>Closes it, durably.</summary>
    /// <param name="why">In words, without secrets.</param>
    public void Close(string why)
    {
        var half = folder.ClosedFile + ".new";
        using (var file = new FileStream(half, FileMode.Create, FileAccess.Write))
        {
            file.Write(System.Text.Encoding.UTF8.GetBytes(why));
            file.Flush(flushToDisk: true);
        }

        File.Move(half, folder.ClosedFile, overwrite: true);
    }

    /// <summary>Opens it again.</summary>
    public void Open() => File.Delete(folder.ClosedFile);
}
