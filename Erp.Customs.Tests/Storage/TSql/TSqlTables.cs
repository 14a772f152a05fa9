using Microsoft.SqlServer.TransactSql.ScriptDom;

namespace Erp.Customs.Tests.Storage.TSql;

/// <summary>What migrations do: tables, columns, keys and indexes.</summary>
internal sealed class TSqlTables(Dictionary<string, TSqlTable> tables, List<string> findings)
{
    private const int ClusteredKeyBytes = 900;
    private const int KeyBytes = 1700;

    public void Create(CreateTableStatement create)
    {
        var table = new TSqlTable(create.SchemaObjectName.BaseIdentifier.Value);
        if (!tables.TryAdd(table.Name, table))
        {
            Say(create, $"table {table.Name} is there already");
            return;
        }

        Define(table, create.Definition);
    }

    public void Add(AlterTableAddTableElementStatement add)
    {
        if (Find(add.SchemaObjectName) is { } table)
        {
            Define(table, add.Definition);
        }
    }

    public void Index(CreateIndexStatement index)
    {
        if (Find(index.OnName) is not { } table)
        {
            return;
        }

        if (!table.Indexes.Add(index.Name.Value))
        {
            Say(index, $"index {index.Name.Value} is there already");
        }

        var columns = index.Columns.Select(column => Name(column.Column)).ToList();
        CheckKey(index, table, columns, KeyBytes);
        if (index.Unique && index.FilterPredicate is null)
        {
            table.Keys.Add(new(columns, StringComparer.OrdinalIgnoreCase));
        }

        index.FilterPredicate?.Accept(new TSqlNames(tables, findings, table));
    }

    public void Drop(DropIndexStatement drop)
    {
        foreach (var clause in drop.DropIndexClauses.Cast<DropIndexClause>())
        {
            if (Find(clause.Object) is { } table && !table.Indexes.Remove(clause.Index.Value))
            {
                Say(clause, $"there is no index {clause.Index.Value} on {table.Name}");
            }
        }
    }

    private void Define(TSqlTable table, TableDefinition definition)
    {
        foreach (var column in definition.ColumnDefinitions)
        {
            if (column.DataType is not SqlDataTypeReference type)
            {
                Say(column, $"{column.ColumnIdentifier.Value} is of no type of SQL Server");
            }
            else if (!TSqlColumn.IsAllowed(type))
            {
                Say(column, $"{column.ColumnIdentifier.Value} is longer than its type may be");
            }
            else if (!table.Columns.TryAdd(column.ColumnIdentifier.Value, TSqlColumn.Read(column)))
            {
                Say(column, $"column {column.ColumnIdentifier.Value} is there already");
            }
        }

        foreach (var column in definition.ColumnDefinitions)
        {
            foreach (var constraint in column.Constraints)
            {
                Constrain(table, constraint, column.ColumnIdentifier.Value);
            }
        }

        foreach (var constraint in definition.TableConstraints)
        {
            Constrain(table, constraint, column: null);
        }
    }

    private void Constrain(TSqlTable table, ConstraintDefinition constraint, string? column)
    {
        switch (constraint)
        {
            case UniqueConstraintDefinition unique:
                List<string> columns = unique.Columns.Count > 0 ? [.. unique.Columns.Select(key => Name(key.Column))] : [column!];
                CheckKey(unique, table, columns, unique.IsPrimaryKey ? ClusteredKeyBytes : KeyBytes);
                if (unique.IsPrimaryKey && columns.Exists(key => table.Columns.TryGetValue(key, out var found) && found.Nullable))
                {
                    Say(unique, $"the primary key of {table.Name} may be empty");
                }

                table.Keys.Add(new(columns, StringComparer.OrdinalIgnoreCase));
                break;
            case ForeignKeyConstraintDefinition foreign:
                Refer(table, foreign, foreign.Columns.Count > 0 ? [.. foreign.Columns.Select(key => key.Value)] : [column!]);
                break;
            case CheckConstraintDefinition check:
                check.CheckCondition.Accept(new TSqlNames(tables, findings, table));
                break;
        }
    }

    private void Refer(TSqlTable table, ForeignKeyConstraintDefinition foreign, List<string> mine)
    {
        if (Find(foreign.ReferenceTableName) is not { } other)
        {
            return;
        }

        var theirs = foreign.ReferencedTableColumns.Select(column => column.Value).ToList();
        if (!other.Keys.Exists(key => key.SetEquals(theirs)))
        {
            Say(foreign, $"{other.Name} ({string.Join(", ", theirs)}) is no key");
        }

        foreach (var (my, their) in mine.Zip(theirs))
        {
            if (table.Columns.TryGetValue(my, out var here) && other.Columns.TryGetValue(their, out var there) && here.Type != there.Type)
            {
                Say(foreign, $"{my} is {here.Type} and refers to {there.Type}");
            }
        }
    }

    private void CheckKey(TSqlFragment where, TSqlTable table, List<string> columns, int limit)
    {
        var bytes = 0;
        foreach (var name in columns)
        {
            if (!table.Columns.TryGetValue(name, out var column))
            {
                Say(where, $"there is no column {name} in {table.Name}");
            }
            else if (column.Bytes is not { } length)
            {
                Say(where, $"{name} is of a MAX type and cannot be in a key");
            }
            else
            {
                bytes += length;
            }
        }

        if (bytes > limit)
        {
            Say(where, $"a key of {table.Name} may have {bytes} bytes, more than {limit}");
        }
    }

    private TSqlTable? Find(SchemaObjectName name)
    {
        if (tables.TryGetValue(name.BaseIdentifier.Value, out var table))
        {
            return table;
        }

        Say(name, $"there is no table {name.BaseIdentifier.Value}");
        return null;
    }

    private static string Name(ColumnReferenceExpression column) => column.MultiPartIdentifier.Identifiers[^1].Value;

    private void Say(TSqlFragment where, string what) => findings.Add($"line {where.StartLine}: {what}");
}
