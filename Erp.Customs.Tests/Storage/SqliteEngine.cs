using Erp.Customs.Module.Storage;
using Microsoft.Data.Sqlite;

namespace Erp.Customs.Tests.Storage;

/// <summary>SQLite: a real file in a folder of its own.</summary>
public sealed class SqliteEngine : TestEngine
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("erp-customs-store-").FullName;

    public string File => Path.Combine(Folder, "data", "customs.db");

    public override string OtherBytes => "X'0102'";

    internal override CustomsDatabase Create() => new SqliteDatabase(File, Content);

    public override Task<object?> TamperAsync(string sql) => TamperAsync(File, sql);

    public static async Task<object?> TamperAsync(string file, string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return await command.ExecuteScalarAsync();
    }

    public override ValueTask DisposeAsync()
    {
        Directory.Delete(Folder, recursive: true);
        return ValueTask.CompletedTask;
    }
}
