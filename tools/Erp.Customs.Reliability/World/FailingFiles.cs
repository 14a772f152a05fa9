using System.Buffers.Binary;
using System.Globalization;

namespace Erp.Customs.Reliability.World;

/// <summary>Has one call to a file below a folder fail in a host: the n-th from now, whichever of its threads makes it. <c>failing_files.c</c> stands between the process and the C library.</summary>
internal sealed class FailingFiles
{
    /// <summary>More than any pass has.</summary>
    private const long Never = long.MaxValue / 2;

    private readonly string _state;
    private long _begun;

    private FailingFiles(string state, IReadOnlyList<(string Name, string Value)> environment) => (_state, Environment) = (state, environment);

    /// <summary>Settings of the host's environment.</summary>
    public IReadOnlyList<(string Name, string Value)> Environment { get; }

    /// <summary>How many calls have failed.</summary>
    public long Failed => Read(sizeof(long));

    /// <summary>Builds what it needs. No call fails yet.</summary>
    /// <param name="folder">For its own files.</param>
    /// <param name="below">Where the files lie whose calls fail.</param>
    /// <param name="error">What they fail with, errno.</param>
    public static async Task<FailingFiles> BuildAsync(string folder, string below, int error)
    {
        var (state, library) = (Path.Combine(folder, "failing-files"), await CLibrary.BuildAsync("failing_files", folder));
        await File.WriteAllBytesAsync(state, new byte[2 * sizeof(long)]);
        return new(state,
        [
            ("LD_PRELOAD", library), ("FAILING_FILES_STATE", state), ("FAILING_FILES_FOLDER", below), ("FAILING_FILES_ERRNO", error.ToString(CultureInfo.InvariantCulture)),
        ]);
    }

    /// <summary>From now the calls are counted, and the n-th of them fails; by default none does.</summary>
    public void Begin(long n = Never) => Write(_begun = n);

    /// <summary>From now no call fails.</summary>
    /// <returns>How many there were since <see cref="Begin"/>, up to the one that failed.</returns>
    public long End()
    {
        var calls = _begun - Read(0);
        Write(0);
        return calls;
    }

    private void Write(long left)
    {
        using var stream = new FileStream(_state, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        var bytes = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, left);
        stream.Write(bytes);
    }

    private long Read(int at)
    {
        using var stream = new FileStream(_state, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var both = new byte[2 * sizeof(long)];
        stream.ReadExactly(both);
        return BinaryPrimitives.ReadInt64LittleEndian(both.AsSpan(at));
    }
}
