using System.Text.Json;

namespace Erp.Customs.Module.Archive.Sealing;

/// <summary>How far the last verification of everything came, in a file of the data folder, so that it can be gone on with.</summary>
/// <param name="path">The file.</param>
internal sealed class VerificationState(string path)
{
    /// <summary>The file in the data folder.</summary>
    public const string FileName = "archive-verify.json";

    /// <summary>What was written last; <see langword="null"/> when the last run came to its end.</summary>
    public SavedWalk? Read() => File.Exists(path) ? JsonSerializer.Deserialize<SavedWalk>(File.ReadAllBytes(path)) : null;

    /// <summary>Notes how far a run is.</summary>
    public void Write(SavedWalk walk)
    {
        File.WriteAllBytes(path + ".new", JsonSerializer.SerializeToUtf8Bytes(walk));
        File.Move(path + ".new", path, overwrite: true);
    }

    /// <summary>The run came to its end.</summary>
    public void Forget() => File.Delete(path);
}
