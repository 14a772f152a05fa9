using Microsoft.SqlServer.TransactSql.ScriptDom;

namespace Erp.Customs.Tests.Storage.TSql;

/// <summary>A table as the migrations have made it so far.</summary>
internal sealed class TSqlTable(string name)
{
    public string Name => name;

    public Dictionary<string, TSqlColumn> Columns { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Columns of the primary key and of each unique one.</summary>
    public List<HashSet<string>> Keys { get; } = [];

    public HashSet<string> Indexes { get; } = new(StringComparer.OrdinalIgnoreCase);
}

/// <summary>A column.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">As written, e.g. <c>NVARCHAR(64)</c>.</param>
/// <param name="Bytes">Its greatest length; <see langword="null"/> for a MAX type.</param>
/// <param name="Nullable">Whether it may be empty.</param>
/// <param name="Given">Whether the server gives the value where an INSERT names none.</param>
internal sealed record TSqlColumn(string Name, string Type, int? Bytes, bool Nullable, bool Given)
{
    public static TSqlColumn Read(ColumnDefinition definition)
    {
        var type = (SqlDataTypeReference)definition.DataType;
        var nullable = definition.Constraints.OfType<NullableConstraintDefinition>().Select(constraint => constraint.Nullable).DefaultIfEmpty(true).First();
        return new(
            definition.ColumnIdentifier.Value, Written(type), Length(type), nullable,
            nullable || definition.IdentityOptions is not null || definition.DefaultConstraint is not null);
    }

    /// <summary>Whether the server would take the type's size.</summary>
    public static bool IsAllowed(SqlDataTypeReference type)
    {
        var size = Size(type);
        return type.SqlDataTypeOption switch
        {
            SqlDataTypeOption.NVarChar or SqlDataTypeOption.NChar => size is null or (>= 1 and <= 4000),
            SqlDataTypeOption.VarChar or SqlDataTypeOption.Char or SqlDataTypeOption.VarBinary or SqlDataTypeOption.Binary => size is null or (>= 1 and <= 8000),
            _ => true,
        };
    }

    private static string Written(SqlDataTypeReference type) =>
        type.SqlDataTypeOption.ToString().ToUpperInvariant() + (type.Parameters.Count == 0 ? "" : $"({string.Join(",", type.Parameters.Select(parameter => parameter.Value))})");

    private static int? Size(SqlDataTypeReference type) =>
        type.Parameters is [IntegerLiteral size] ? int.Parse(size.Value, System.Globalization.CultureInfo.InvariantCulture) : null;

    private static int? Length(SqlDataTypeReference type) => type.SqlDataTypeOption switch
    {
        SqlDataTypeOption.BigInt => 8,
        SqlDataTypeOption.Int => 4,
        SqlDataTypeOption.NVarChar or SqlDataTypeOption.NChar => Size(type) * 2,
        _ => Size(type),
    };
}
