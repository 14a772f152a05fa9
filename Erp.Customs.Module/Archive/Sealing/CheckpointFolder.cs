using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Erp.Customs.Contracts;

namespace Erp.Customs.Module.Archive.Sealing;

/// <summary>Checkpoints as files in a folder, one each, never written again: <c>000000000001234.json</c>.</summary>
/// <param name="folder">Made when missing.</param>
internal sealed class CheckpointFolder(string folder) : ICheckpointTarget
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <inheritdoc/>
    public string Name => folder;

    /// <inheritdoc/>
    public Task<long> LastNumberAsync(CancellationToken cancellationToken) => Task.FromResult(Files().LastOrDefault().Number);

    /// <inheritdoc/>
    public async Task WriteAsync(ArchiveCheckpoint checkpoint, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{checkpoint.Number:D15}.json"));
        var half = path + ".new";
        await using (var file = new FileStream(half, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            await JsonSerializer.SerializeAsync(
                file, new CheckpointFile(checkpoint.Number, checkpoint.Statement, checkpoint.Signature.ToArray(), checkpoint.PublicKey.ToArray()), s_json, cancellationToken);
            file.Flush(flushToDisk: true);
        }

        if (File.Exists(path))
        {
            File.Delete(half);
        }
        else
        {
            File.Move(half, path);
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ArchiveCheckpoint>> ReadAsync(long after, CancellationToken cancellationToken)
    {
        var checkpoints = new List<ArchiveCheckpoint>();
        foreach (var (number, path) in Files().Where(file => file.Number > after))
        {
            try
            {
                await using var stream = File.OpenRead(path);
                var file = await JsonSerializer.DeserializeAsync<CheckpointFile>(stream, s_json, cancellationToken) ?? throw new JsonException();
                checkpoints.Add(new(number, file.Statement, file.Signature, file.PublicKey));
            }
            catch (JsonException)
            {
                // Whoever changed the file, its signature cannot be right: it is told as any other forgery.
                checkpoints.Add(new(number, "", default, default));
            }
        }

        return checkpoints;
    }

    private List<(long Number, string Path)> Files() => !Directory.Exists(folder) ? [] :
    [
        .. Directory.EnumerateFiles(folder, "*.json")
            .Select(path => (Number: long.TryParse(Path.GetFileNameWithoutExtension(path), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0, Path: path))
            .Where(file => file.Number > 0).OrderBy(file => file.Number),
    ];

    private sealed record CheckpointFile(long Number, string Statement, byte[] Signature, byte[] PublicKey);
}
