using Dapper;

namespace Erp.Customs.Module.Storage;

/// <summary>The SQL of files of payments that clerks have uploaded.</summary>
internal sealed class ImportTable(CustomsDatabase database, TimeProvider time)
{
    private const string Select = """
        SELECT id AS Id, file_name AS FileName, file_bytes AS FileBytes, begun_by AS BegunBy, begun_at AS BegunAt, state AS State, alive_at AS AliveAt, at_row AS AtRow, row_count AS RowTotal,
          payments AS Payments, orders AS Orders, amounts AS Amounts, bad_cells AS BadCells, bad_payments AS BadPayments, saved AS Saved, existing AS Existing, failed AS Failed,
          problem AS Problem, confirmed_by AS ConfirmedBy, ended_at AS EndedAt
        FROM payment_import
        """;

    private readonly string _insert = database.Dialect.InsertReturningId(
        "payment_import", "file_name", "file_bytes", "begun_by", "begun_at", "state", "alive_at", "at_row", "row_count", "payments", "orders", "amounts", "bad_cells", "bad_payments", "saved", "existing", "failed",
        "problem", "confirmed_by");

    /// <summary>Adds one that is being checked.</summary>
    /// <returns>Its id.</returns>
    public Task<long> AddAsync(string fileName, long fileBytes, string begunBy)
    {
        var now = time.GetUtcNow().Stored();
        return database.WriteAsync(async (connection, transaction) => (long)(await database.RunAsync(
            connection, transaction, _insert,
            ("@file_name", fileName.Storable()), ("@file_bytes", fileBytes), ("@begun_by", begunBy.Storable()), ("@begun_at", now), ("@state", EnumWords<ImportState>.Word(ImportState.Checking)), ("@alive_at", now),
            ("@at_row", 0L), ("@row_count", 0L), ("@payments", 0L), ("@orders", 0L), ("@amounts", ""), ("@bad_cells", 0L), ("@bad_payments", 0L), ("@saved", 0L), ("@existing", 0L), ("@failed", 0L),
            ("@problem", ""), ("@confirmed_by", "")))!);
    }

    /// <summary>Writes down how far it is.</summary>
    public Task SaveAsync(PaymentImport import) => database.WriteAsync((connection, transaction) => connection.ExecuteAsync(
        """
        UPDATE payment_import SET state = @State, alive_at = @now, at_row = @AtRow, row_count = @RowCount, payments = @Payments, orders = @Orders, amounts = @Amounts, bad_cells = @BadCells,
          bad_payments = @BadPayments, saved = @Saved, existing = @Existing, failed = @Failed, problem = @Problem, ended_at = @EndedAt
        WHERE id = @Id
        """,
        new
        {
            import.Id,
            State = EnumWords<ImportState>.Word(import.State),
            now = time.GetUtcNow().Stored(),
            import.AtRow,
            import.RowCount,
            import.Payments,
            import.Orders,
            import.Amounts,
            import.BadCells,
            import.BadPayments,
            import.Saved,
            import.Existing,
            import.Failed,
            import.Problem,
            EndedAt = import.EndedAt.Stored(),
        },
        transaction));

    /// <summary>A person decides about one that is checked; whoever is first.</summary>
    /// <returns><see langword="false"/>: it is not waiting for that any more, and nothing changed.</returns>
    public Task<bool> DecideAsync(long id, ImportState state, string by)
    {
        var now = time.GetUtcNow().Stored();
        return database.WriteAsync(async (connection, transaction) => await connection.ExecuteAsync(
            "UPDATE payment_import SET state = @state, confirmed_by = @by, alive_at = @now, at_row = 0, ended_at = @endedAt WHERE id = @id AND state = @isChecked",
            new
            {
                id,
                state = EnumWords<ImportState>.Word(state),
                by = by.Storable(),
                now,
                endedAt = state == ImportState.Importing ? (long?)null : now,
                isChecked = EnumWords<ImportState>.Word(ImportState.Checked),
            },
            transaction) > 0);
    }

    /// <summary>Reads one; <see langword="null"/> when there is none.</summary>
    public Task<PaymentImport?> FindAsync(long id, CancellationToken cancellationToken) => database.ReadAsync(
        async connection => (await connection.QuerySingleOrDefaultAsync<Row>($"{Select} WHERE id = @id", new { id }))?.Read(), cancellationToken);

    /// <summary>The newest.</summary>
    public Task<IReadOnlyList<PaymentImport>> NewestAsync(int limit, CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<PaymentImport>>(
        async connection => [.. (await connection.QueryAsync<Row>(database.Dialect.Limited($"{Select} ORDER BY id DESC"), new { Limit = limit })).Select(row => row.Read())], cancellationToken);

    /// <summary>Those of a user that wait for his decision.</summary>
    public Task<IReadOnlyList<long>> WaitingAsync(string begunBy, CancellationToken cancellationToken) => database.ReadAsync<IReadOnlyList<long>>(
        async connection => (await connection.QueryAsync<long>(
            "SELECT id FROM payment_import WHERE begun_by = @begunBy AND state = @isChecked ORDER BY id",
            new { begunBy = begunBy.Storable(), isChecked = EnumWords<ImportState>.Word(ImportState.Checked) })).AsList(),
        cancellationToken);

    private sealed class Row
    {
        public long Id { get; set; }
        public string FileName { get; set; } = "";
        public long FileBytes { get; set; }
        public string BegunBy { get; set; } = "";
        public long BegunAt { get; set; }
        public string State { get; set; } = "";
        public long AliveAt { get; set; }
        public long AtRow { get; set; }
        public long RowTotal { get; set; }
        public long Payments { get; set; }
        public long Orders { get; set; }
        public string Amounts { get; set; } = "";
        public long BadCells { get; set; }
        public long BadPayments { get; set; }
        public long Saved { get; set; }
        public long Existing { get; set; }
        public long Failed { get; set; }
        public string Problem { get; set; } = "";
        public string ConfirmedBy { get; set; } = "";
        public long? EndedAt { get; set; }

        public PaymentImport Read() => new()
        {
            Id = Id,
            FileName = FileName,
            FileBytes = FileBytes,
            BegunBy = BegunBy,
            BegunAt = StoredTime.Read(BegunAt),
            State = EnumWords<ImportState>.Parse(State),
            AliveAt = StoredTime.Read(AliveAt),
            AtRow = AtRow,
            RowCount = RowTotal,
            Payments = Payments,
            Orders = Orders,
            Amounts = Amounts,
            BadCells = BadCells,
            BadPayments = BadPayments,
            Saved = Saved,
            Existing = Existing,
            Failed = Failed,
            Problem = Problem,
            ConfirmedBy = ConfirmedBy,
            EndedAt = StoredTime.Read(EndedAt),
        };
    }
}

/// <summary>A file of payments that a clerk has uploaded. Its file stands in the module's data folder while it is checked, waits or is imported.</summary>
internal sealed record PaymentImport
{
    /// <summary>Its number.</summary>
    public required long Id { get; init; }

    /// <summary>As the file was called where it came from.</summary>
    public required string FileName { get; init; }

    /// <summary>How large it was.</summary>
    public required long FileBytes { get; init; }

    /// <summary>Who uploaded it.</summary>
    public required string BegunBy { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset BegunAt { get; init; }

    /// <summary>Where it stands.</summary>
    public required ImportState State { get; init; }

    /// <summary>The last sign of life of what runs.</summary>
    public required DateTimeOffset AliveAt { get; init; }

    /// <summary>The last row of the sheet that was looked at, or imported.</summary>
    public long AtRow { get; init; }

    /// <summary>Rows with something in them, the titles not counted.</summary>
    public long RowCount { get; init; }

    /// <summary>Payments in them.</summary>
    public long Payments { get; init; }

    /// <summary>Orders of these payments.</summary>
    public long Orders { get; init; }

    /// <summary>Amounts of the payments without a bad cell by currency, as <c>142=31000.5 502=20</c>.</summary>
    public string Amounts { get; init; } = "";

    /// <summary>Cells that are wrong.</summary>
    public long BadCells { get; init; }

    /// <summary>Payments with such a cell; they are not imported.</summary>
    public long BadPayments { get; init; }

    /// <summary>Payments that were stored.</summary>
    public long Saved { get; init; }

    /// <summary>Payments that were there already, the same.</summary>
    public long Existing { get; init; }

    /// <summary>Payments that were not stored.</summary>
    public long Failed { get; init; }

    /// <summary>Why it did not come to its end, <c>中文 | English</c>; empty when it did.</summary>
    public string Problem { get; init; } = "";

    /// <summary>Who had it imported, or gave it up; may be empty.</summary>
    public string ConfirmedBy { get; init; } = "";

    /// <summary>When it ended.</summary>
    public DateTimeOffset? EndedAt { get; init; }
}

/// <summary>Where an import stands.</summary>
internal enum ImportState
{
    /// <summary>The file is read and every bad cell looked for; nothing is stored.</summary>
    Checking,

    /// <summary>It waits for a person to have it imported.</summary>
    Checked,

    /// <summary>Payments are stored.</summary>
    Importing,

    /// <summary>Every payment has its outcome.</summary>
    Done,

    /// <summary>The file is none that could be imported.</summary>
    Unreadable,

    /// <summary>A person ended it.</summary>
    Stopped,

    /// <summary>The module was stopped while it went on.</summary>
    Interrupted,

    /// <summary>It could not go on.</summary>
    Failed,

    /// <summary>A person gave it up before anything was stored.</summary>
    Discarded,
}
