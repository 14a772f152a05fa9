using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;

namespace Erp.Customs.Simulator;

/// <summary>One line of the bridge's log.</summary>
/// <param name="At">When.</param>
/// <param name="Call">PushOrder, GetOrder, PushTestOrder, GetTestOrder or callback.</param>
/// <param name="OrderNo">The order, where it could be read.</param>
/// <param name="MerchantName">The merchant, where it could be read.</param>
/// <param name="Data">The form field <c>data</c> as it came; what was sent, for a callback.</param>
/// <param name="Code">The code that was decided, whether or not it reached the caller; the answer, for a callback.</param>
/// <param name="Reply">The body of the answer; empty when none went out.</param>
/// <param name="Mood">Which mood met the call, or <see langword="null"/>.</param>
public sealed record BridgeLine(DateTimeOffset At, string Call, string OrderNo, string MerchantName, string Data, string Code, string Reply, string? Mood)
{
    /// <summary>Whether a push made or changed the order.</summary>
    public bool Took { get; init; }

    /// <summary>Whether the order was paid and declared when the line was written.</summary>
    public bool Paid { get; init; }
}

/// <summary>The bridge's memory: an append-only file of JSON lines, written before the answer goes out, read again at the next start.</summary>
internal sealed class BridgeLog : IDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.Create(UnicodeRanges.All), // Chinese stays readable
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    };

    private readonly FileStream _file;
    private readonly List<BridgeLine> _lines = [];

    private BridgeLog(FileStream file) => _file = file;

    /// <summary>Every line, oldest first.</summary>
    public IReadOnlyList<BridgeLine> Lines => _lines;

    /// <summary>Opens a log, or begins one. A last line that a crash tore is passed over.</summary>
    public static BridgeLog Open(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var text = File.Exists(path) ? File.ReadAllText(path) : "";
        var log = new BridgeLog(new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read));
        var lines = text.Split('\n');
        log._lines.AddRange(lines[..^1].Where(line => line.Length > 0).Select(line => Read(line, path)).OfType<BridgeLine>());
        if (lines[^1].Length > 0)
        {
            log._file.Write("\n"u8);
        }

        return log;
    }

    /// <summary>Writes a line. Not for two callers at a time.</summary>
    public void Append(BridgeLine line)
    {
        _file.Write(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(line, Json) + "\n"));
        _file.Flush();
        _lines.Add(line);
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    /// <summary>A line that is not whole was being written when the process died: it was never answered.</summary>
    private static BridgeLine? Read(string line, string path)
    {
        try
        {
            return JsonSerializer.Deserialize<BridgeLine>(line, Json);
        }
        catch (JsonException exception) when (line.EndsWith('}'))
        {
            throw new InvalidDataException($"A line of the bridge's log {path} cannot be read.", exception);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
