using System.Collections;
using System.Data;
using System.Globalization;
using Dapper;

namespace Erp.Customs.Module.Storage;

/// <summary>
/// Several values as one parameter of a statement. Dapper's own lists are spelt by the name of the connection's class, which a host's <c>DbDataSource</c> may have wrapped:
/// these are spelt by the engine.
/// </summary>
/// <param name="values">Texts or numbers.</param>
/// <param name="asArray">Whether the engine takes an array; where not, the name in the text becomes a list of names.</param>
internal sealed class SqlList(Array values, bool asArray) : SqlMapper.ICustomQueryParameter
{
    /// <inheritdoc/>
    public void AddParameter(IDbCommand command, string name)
    {
        if (asArray)
        {
            Add(command, name, values);
            return;
        }

        var names = new List<string>(values.Length);
        foreach (var value in (IEnumerable)values)
        {
            names.Add(string.Create(CultureInfo.InvariantCulture, $"{name}_{names.Count}"));
            Add(command, names[^1], value);
        }

        command.CommandText = command.CommandText.Replace($"(@{name})", $"({string.Join(", ", names.Select(one => "@" + one).DefaultIfEmpty("NULL"))})", StringComparison.Ordinal);
    }

    private static void Add(IDbCommand command, string name, object value)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.Value = value;
        command.Parameters.Add(parameter);
    }
}
