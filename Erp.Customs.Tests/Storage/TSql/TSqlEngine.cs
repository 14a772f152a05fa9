using Erp.Customs.Module.Storage;
using Erp.Customs.Tests.Archive;
using Erp.Customs.Tests.Capture;
using Erp.Customs.Tests.Payments;
using Erp.Customs.Tests.Retention;
using Microsoft.Data.Sqlite;

namespace Erp.Customs.Tests.Storage.TSql;

/// <summary>What the product says to SQL Server, judged by the real grammar and run without a server: every statement of every suite.</summary>
public sealed class TSqlEngine : TestEngine
{
    private readonly SqliteEngine _file = new();

    public override string OtherBytes => _file.OtherBytes;

    public override async Task InitializeAsync()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_file.File)!);
        await using var connection = new SqliteConnection($"Data Source={_file.File};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA journal_mode = WAL";
        await command.ExecuteNonQueryAsync();
    }

    internal override CustomsDatabase Create() => new ServerDatabase(EngineNames.SqlServer, new SqlServerDialect(), new TSqlOnSqlite(_file.File), owned: true, Content);

    public override Task<object?> TamperAsync(string sql) => _file.TamperAsync(sql);

    public override ValueTask DisposeAsync() => _file.DisposeAsync();
}

public sealed class TSqlInsertTests : InsertCompliance<TSqlEngine>;

public sealed class TSqlWorkTests : WorkCompliance<TSqlEngine>;

public sealed class TSqlRequeueTests : RequeueCompliance<TSqlEngine>;

public sealed class TSqlHoldTests : HoldCompliance<TSqlEngine>;

public sealed class TSqlDeadlineTests : DeadlineCompliance<TSqlEngine>;

public sealed class TSqlArchiveTests : ArchiveCompliance<TSqlEngine>;

public sealed class TSqlSumTests : SumCompliance<TSqlEngine>;

public sealed class TSqlRetentionTests : RetentionCompliance<TSqlEngine>;

public sealed class TSqlCompletenessTests : CompletenessCompliance<TSqlEngine>;

public sealed class TSqlTermTests : TermCompliance<TSqlEngine>;

public sealed class TSqlEvidenceTests : EvidenceCompliance<TSqlEngine>;

public sealed class TSqlBridgeTableTests : BridgeTableCompliance<TSqlEngine>;

public sealed class TSqlCaptureTests : CaptureCompliance<TSqlEngine>;

public sealed class TSqlSearchTests : SearchCompliance<TSqlEngine>;

public sealed class TSqlImportTests : ImportCompliance<TSqlEngine>;

public sealed class TSqlDayTests : DayCompliance<TSqlEngine>;
