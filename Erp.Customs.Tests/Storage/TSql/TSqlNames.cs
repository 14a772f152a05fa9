using Microsoft.SqlServer.TransactSql.ScriptDom;

namespace Erp.Customs.Tests.Storage.TSql;

/// <summary>Holds every table and column of a statement against the catalogue, each in the scope in which it stands.</summary>
internal sealed class TSqlNames : TSqlFragmentVisitor
{
    private readonly Dictionary<string, TSqlTable> _tables;
    private readonly List<string> _findings;
    private readonly Stack<Dictionary<string, TSqlTable>> _scopes = new();

    public TSqlNames(Dictionary<string, TSqlTable> tables, List<string> findings, TSqlTable? around = null)
    {
        (_tables, _findings) = (tables, findings);
        if (around is not null)
        {
            _scopes.Push(new(StringComparer.OrdinalIgnoreCase) { [around.Name] = around });
        }
    }

    public override void ExplicitVisit(QuerySpecification node) => Within(Sources(node.FromClause?.TableReferences ?? []), () => base.ExplicitVisit(node));

    public override void ExplicitVisit(UpdateSpecification node) => Within(Sources([node.Target]), () => base.ExplicitVisit(node));

    public override void ExplicitVisit(DeleteSpecification node) => Within(Sources([node.Target]), () => base.ExplicitVisit(node));

    public override void ExplicitVisit(InsertSpecification node)
    {
        if (Sources([node.Target]).Values.SingleOrDefault() is { } table)
        {
            Within(new(StringComparer.OrdinalIgnoreCase) { ["INSERTED"] = table }, () =>
            {
                node.OutputClause?.Accept(this);
                foreach (var column in node.Columns)
                {
                    column.Accept(this);
                }
            });
            CheckColumns(node, table);
        }

        node.InsertSource.Accept(this);
    }

    public override void ExplicitVisit(NamedTableReference node)
    {
        // Found when its scope was opened.
    }

    public override void ExplicitVisit(FunctionCall node)
    {
        // MILLISECOND in DATEDIFF(MILLISECOND, ...) is a word of the language and no column.
        var words = node.FunctionName.Value.StartsWith("DATE", StringComparison.OrdinalIgnoreCase) ? 1 : 0;
        foreach (var parameter in node.Parameters.Skip(words))
        {
            parameter.Accept(this);
        }
    }

    public override void ExplicitVisit(ColumnReferenceExpression node)
    {
        if (node.ColumnType != ColumnType.Regular)
        {
            return;
        }

        var names = node.MultiPartIdentifier.Identifiers;
        var found = names.Count == 1
            ? _scopes.Any(scope => scope.Values.Any(table => table.Columns.ContainsKey(names[0].Value)))
            : _scopes.Any(scope => scope.TryGetValue(names[^2].Value, out var table) && table.Columns.ContainsKey(names[^1].Value));
        if (!found)
        {
            Say(node, $"there is no column {string.Join(".", names.Select(name => name.Value))}");
        }
    }

    private void CheckColumns(InsertSpecification node, TSqlTable table)
    {
        var named = node.Columns.Select(column => column.MultiPartIdentifier.Identifiers[^1].Value).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var missing in table.Columns.Values.Where(column => !column.Given && !named.Contains(column.Name)))
        {
            Say(node, $"{missing.Name} of {table.Name} is not given and may not be empty");
        }

        var values = node.InsertSource switch
        {
            ValuesInsertSource rows => rows.RowValues[0].ColumnValues.Count,
            SelectInsertSource { Select: QuerySpecification query } => query.SelectElements.Count,
            _ => -1,
        };
        if (values != node.Columns.Count)
        {
            Say(node, $"{node.Columns.Count} columns and {values} values");
        }
    }

    private void Within(Dictionary<string, TSqlTable> scope, Action visit)
    {
        _scopes.Push(scope);
        visit();
        _scopes.Pop();
    }

    private Dictionary<string, TSqlTable> Sources(IEnumerable<TableReference> references)
    {
        var sources = new Dictionary<string, TSqlTable>(StringComparer.OrdinalIgnoreCase);
        foreach (var reference in references.SelectMany(Leaves))
        {
            var name = reference.SchemaObject.BaseIdentifier.Value;
            if (Find(reference.SchemaObject) is { } table)
            {
                sources[reference.Alias?.Value ?? name] = table;
            }
            else
            {
                Say(reference, $"there is no table {name}");
            }
        }

        return sources;
    }

    private static IEnumerable<NamedTableReference> Leaves(TableReference reference) => reference switch
    {
        NamedTableReference table => [table],
        JoinTableReference join => Leaves(join.FirstTableReference).Concat(Leaves(join.SecondTableReference)),
        _ => throw new NotSupportedException($"{reference.GetType().Name} is nothing that is checked here."),
    };

    private TSqlTable? Find(SchemaObjectName name) =>
        name.SchemaIdentifier is null ? _tables.GetValueOrDefault(name.BaseIdentifier.Value)
        : name.SchemaIdentifier.Value == "sys" && name.BaseIdentifier.Value == "tables" ? SystemTables
        : null;

    private static TSqlTable SystemTables { get; } = new("sys.tables")
    {
        Columns = { ["name"] = new("name", "NVARCHAR(128)", 256, Nullable: false, Given: true), ["schema_id"] = new("schema_id", "INT", 4, Nullable: false, Given: true) },
    };

    private void Say(TSqlFragment where, string what) => _findings.Add($"line {where.StartLine}: {what}");
}
