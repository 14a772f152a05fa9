namespace Erp.Customs.Module.Storage;

/// <summary>The engines' names in <see cref="Contracts.IErpDatabase.Engine"/>, in settings and as folders of migrations.</summary>
internal static class EngineNames
{
    public const string Sqlite = "sqlite";
    public const string PostgreSql = "postgresql";
    public const string SqlServer = "sqlserver";
}
