using Microsoft.SqlServer.TransactSql.ScriptDom;

namespace Erp.Customs.Tests.Storage.TSql;

/// <summary>
/// Reads T-SQL with Microsoft's own grammar (SQL Server 2016) and holds every name against the tables that the migrations before it have made.
/// It proves grammar, names, keys and types; how a server behaves it cannot prove.
/// </summary>
internal sealed class TSqlChecker
{
    private readonly Dictionary<string, TSqlTable> _tables = new(StringComparer.OrdinalIgnoreCase);

    public IReadOnlyDictionary<string, TSqlTable> Tables => _tables;

    /// <summary>Knows the tables of these migrations.</summary>
    /// <exception cref="InvalidOperationException">One of them is wrong.</exception>
    public static TSqlChecker Of(string folder)
    {
        var checker = new TSqlChecker();
        foreach (var file in Directory.GetFiles(folder, "*.sql").Order(StringComparer.Ordinal))
        {
            var findings = checker.Check(File.ReadAllText(file));
            if (findings.Count > 0)
            {
                throw new InvalidOperationException($"{Path.GetFileName(file)}: {string.Join("; ", findings)}");
            }
        }

        return checker;
    }

    /// <summary>Everything that is wrong with a text; what it creates is known from then on.</summary>
    public IReadOnlyList<string> Check(string sql)
    {
        using var reader = new StringReader(sql);
        var fragment = new TSql130Parser(initialQuotedIdentifiers: true).Parse(reader, out var errors);
        if (errors.Count > 0)
        {
            return [.. errors.Select(error => $"line {error.Line}: {error.Message}")];
        }

        var findings = new List<string>();
        foreach (var statement in ((TSqlScript)fragment).Batches.SelectMany(batch => batch.Statements))
        {
            Check(statement, findings);
        }

        return findings;
    }

    private void Check(TSqlStatement statement, List<string> findings)
    {
        switch (statement)
        {
            case CreateTableStatement create:
                new TSqlTables(_tables, findings).Create(create);
                break;
            case AlterTableAddTableElementStatement add:
                new TSqlTables(_tables, findings).Add(add);
                break;
            case CreateIndexStatement index:
                new TSqlTables(_tables, findings).Index(index);
                break;
            case DropIndexStatement drop:
                new TSqlTables(_tables, findings).Drop(drop);
                break;
            case IfStatement condition:
                condition.Predicate.Accept(new TSqlNames(_tables, findings));
                Check(condition.ThenStatement, findings);
                break;
            case SelectStatement or InsertStatement or UpdateStatement or DeleteStatement or DeclareVariableStatement or ExecuteStatement or ThrowStatement:
                statement.Accept(new TSqlNames(_tables, findings));
                break;
            default:
                findings.Add($"line {statement.StartLine}: {statement.GetType().Name} is nothing that is checked here");
                break;
        }
    }
}
