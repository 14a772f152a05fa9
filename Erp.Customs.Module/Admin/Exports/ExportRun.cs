namespace Erp.Customs.Module.Admin.Exports;

/// <summary>How an export stands.</summary>
internal enum ExportState
{
    /// <summary>Others come first.</summary>
    Waiting,

    /// <summary>It is being written.</summary>
    Running,

    /// <summary>The file is there.</summary>
    Done,

    /// <summary>It could not be written.</summary>
    Failed,

    /// <summary>Its owner ended it, or the module stopped.</summary>
    Ended,
}

/// <summary>An export in the background, of one user.</summary>
/// <param name="list">What is exported.</param>
/// <param name="format">As what.</param>
/// <param name="owner">The user's name in the ERP; nobody else may have the file.</param>
/// <param name="file">Where the file is written.</param>
/// <param name="startedAt">When it was asked for.</param>
internal sealed class ExportRun(ExportList list, ExportFormat format, string owner, string file, DateTimeOffset startedAt) : IDisposable
{
    private long _rows;

    /// <summary>In addresses; cannot be guessed.</summary>
    public string Id { get; } = Guid.NewGuid().ToString("N");

    public ExportList List => list;

    public ExportFormat Format => format;

    public string Owner => owner;

    /// <summary>Where the file stands.</summary>
    public string File => file;

    public DateTimeOffset StartedAt => startedAt;

    /// <summary>The name under which it is handed out.</summary>
    public string FileName => ExportDesk.FileName(list, format, startedAt);

    /// <summary>Rows written.</summary>
    public long Rows
    {
        get => Interlocked.Read(ref _rows);
        set => Interlocked.Exchange(ref _rows, value);
    }

    public ExportState State { get; set; }

    /// <summary>Why there is no file, <c>中文 | English</c>.</summary>
    public string? Problem { get; set; }

    /// <summary>Whether it still goes on.</summary>
    public bool IsOpen => State is ExportState.Waiting or ExportState.Running;

    /// <summary>Ends it.</summary>
    public CancellationTokenSource Stop { get; } = new();

    /// <inheritdoc/>
    public void Dispose() => Stop.Dispose();
}
