using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;
using Microsoft.Win32.SafeHandles;

namespace Erp.Customs.Simulator;

/// <summary>
/// Customs' memory: an append-only file of JSON lines, one for everything that was sent and received. A line is with the operating system before the
/// answer goes out, so a killed simulator remembers what it accepted. Payloads stay in the file; the rest is indexed in memory.
/// </summary>
public sealed class CustomsLog : IDisposable
{
    private const int ReadBlock = 64 * 1024;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.Create(UnicodeRanges.All), // Chinese stays readable
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    private readonly Lock _gate = new();
    private readonly Dictionary<string, CustomsSession> _sessions = new(StringComparer.Ordinal);
    private readonly List<string> _order = [];
    private readonly SafeFileHandle _owner;
    private readonly SafeFileHandle _file;
    private long _end;
    private int _strays;
    private TaskCompletionSource _changed = NewSignal();

    private CustomsLog(SafeFileHandle owner, SafeFileHandle file)
    {
        _owner = owner;
        _file = file;
    }

    /// <summary>Every session, newest first.</summary>
    public IReadOnlyList<CustomsSession> Sessions
    {
        get
        {
            lock (_gate)
            {
                return [.. Enumerable.Reverse(_order).Select(id => _sessions[id])];
            }
        }
    }

    /// <summary>The sessions that were accepted, and how often: 1, or customs have a fault.</summary>
    public IReadOnlyDictionary<string, int> AcceptedSessions =>
        Sessions.Where(session => session.AcceptedCount > 0).ToDictionary(session => session.SessionId, session => session.AcceptedCount, StringComparer.Ordinal);

    /// <summary>How often something was posted where a redirect had pointed.</summary>
    public int Strays
    {
        get
        {
            lock (_gate)
            {
                return _strays;
            }
        }
    }

    /// <summary>Opens a log, or begins one. The file belongs to one simulator at a time.</summary>
    /// <param name="path">The file; its folder is made when it is not there.</param>
    /// <param name="time">For the line that says so.</param>
    /// <exception cref="InvalidDataException">A line in the middle cannot be read.</exception>
    /// <exception cref="IOException">Another simulator has it open.</exception>
    public static CustomsLog Open(string path, TimeProvider time)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        // The log itself stays readable for everybody; on Linux only a file that is shared with nobody keeps a second owner away.
        var owner = File.OpenHandle(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        var log = new CustomsLog(owner, File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite));
        try
        {
            log.Rebuild(path);
            log.Write(new StartedLine(time.GetUtcNow()));
            return log;
        }
        catch
        {
            log.Dispose();
            throw;
        }
    }

    /// <summary>What is known of a session.</summary>
    /// <param name="sessionId">会话ID; empty for the uploads whose sessionID could not be read.</param>
    public CustomsSession? FindSession(string sessionId)
    {
        lock (_gate)
        {
            return _sessions.GetValueOrDefault(sessionId);
        }
    }

    /// <summary>Reads an upload again with its payload.</summary>
    /// <param name="upload">One that <see cref="FindSession"/> or <see cref="Sessions"/> told of.</param>
    public UploadLine Read(UploadLine upload)
    {
        var line = new byte[upload.Length];
        for (var read = 0; read < line.Length;)
        {
            var now = RandomAccess.Read(_file, line.AsSpan(read), upload.Offset + read);
            read += now > 0 ? now : throw new InvalidDataException("The log's file is shorter than it was.");
        }

        return (UploadLine)JsonSerializer.Deserialize<LogLine>(line, Json)!;
    }

    /// <summary>Waits until a session stands as it is hoped to.</summary>
    /// <param name="sessionId">会话ID.</param>
    /// <param name="until">Asked at once and after each line.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<CustomsSession> WaitForAsync(string sessionId, Func<CustomsSession, bool> until, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            CustomsSession? session;
            lock (_gate)
            {
                changed = _changed.Task;
                session = _sessions.GetValueOrDefault(sessionId);
            }

            if (session is not null && until(session))
            {
                return session;
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _file.Dispose();
        _owner.Dispose();
    }

    /// <summary>Writes a line.</summary>
    internal void Append(LogLine line)
    {
        lock (_gate)
        {
            Write(line);
        }
    }

    /// <summary>
    /// Writes an upload, and decides in the same breath whether its session was used: of two that come together one is accepted.
    /// </summary>
    /// <returns>What was written.</returns>
    internal UploadLine Settle(UploadLine upload)
    {
        lock (_gate)
        {
            if (upload.Verdict is UploadVerdict.Accepted && _sessions.GetValueOrDefault(upload.SessionId!)?.AcceptedCount > 0)
            {
                upload = upload with { Verdict = UploadVerdict.Refused, Code = ReplyCodes.SessionUsed, Message = "上传失败，入库失败" };
            }

            Write(upload);
            return upload;
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Write(LogLine line)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(line, Json);
        RandomAccess.Write(_file, [bytes, "\n"u8.ToArray()], _end);
        Index(line, _end, bytes.Length);
        _end += bytes.Length + 1;
        var changed = _changed;
        _changed = NewSignal();
        changed.SetResult();
    }

    private void Index(LogLine line, long offset, int length)
    {
        switch (line)
        {
            case AskedLine asked:
                Change(asked.SessionId, asked.At, session => session with { OrderNo = session.OrderNo ?? asked.OrderNo, Asks = session.Asks + 1 });
                break;
            case AnsweredLine answered:
                Change(answered.SessionId, answered.At, session => session with { Answers = session.Answers.Add(answered.Answer) });
                break;
            case UploadLine upload:
                var entry = upload with { PayExInfoStr = null, Body = null, Offset = offset, Length = length };
                Change(upload.SessionId ?? "", upload.ReceivedAt, session => session with { Uploads = session.Uploads.Add(entry) });
                break;
            case StrayLine:
                _strays++;
                break;
        }
    }

    private void Change(string sessionId, DateTimeOffset at, Func<CustomsSession, CustomsSession> change)
    {
        if (!_sessions.TryGetValue(sessionId, out var session))
        {
            session = new CustomsSession { SessionId = sessionId, StartedAt = at };
            _order.Add(sessionId);
        }

        _sessions[sessionId] = change(session);
    }

    private void Rebuild(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var number = 0;
        var unreadable = 0;
        var ended = true;
        foreach (var (offset, bytes, terminated) in Lines(file))
        {
            number++;
            var line = Parse(bytes);
            if (unreadable > 0 && line is not StartedLine)
            {
                throw new InvalidDataException($"Line {unreadable} of customs' log cannot be read.");
            }

            unreadable = line is null ? number : 0;
            if (line is not null)
            {
                Index(line, offset, bytes.Length);
            }

            ended = terminated;
            _end = offset + bytes.Length + (terminated ? 1 : 0);
        }

        if (!ended)
        {
            RandomAccess.Write(_file, "\n"u8, _end++);
        }
    }

    private static LogLine? Parse(byte[] line)
    {
        try
        {
            return JsonSerializer.Deserialize<LogLine>(line, Json);
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException) // the latter: without its kind
        {
            return null;
        }
    }

    private static IEnumerable<(long Offset, byte[] Line, bool Terminated)> Lines(Stream file)
    {
        using var line = new MemoryStream();
        var block = new byte[ReadBlock];
        var offset = 0L;
        for (int length; (length = file.Read(block)) > 0;)
        {
            var from = 0;
            for (int newline; (newline = Array.IndexOf(block, (byte)'\n', from, length - from)) >= 0; from = newline + 1)
            {
                line.Write(block, from, newline - from);
                yield return (offset, line.ToArray(), true);
                offset += line.Length + 1;
                line.SetLength(0);
            }

            line.Write(block, from, length - from);
        }

        if (line.Length > 0)
        {
            yield return (offset, line.ToArray(), false);
        }
    }
}
