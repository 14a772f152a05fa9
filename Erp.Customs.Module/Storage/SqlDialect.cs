using System.Data.Common;
using Dapper;

namespace Erp.Customs.Module.Storage;

/// <summary>What engines spell differently. Everything else in this folder is SQL that they all understand.</summary>
internal abstract class SqlDialect
{
    /// <summary>An INSERT of one row whose parameters are named as its columns; its scalar is the new row's <c>id</c>.</summary>
    public abstract string InsertReturningId(string table, params string[] columns);

    /// <summary>The same, unless a row has the value in a unique column already: then nothing is inserted and nothing returned. Another's transaction may still come in between.</summary>
    public abstract string InsertNewReturningId(string table, string unique, params string[] columns);

    /// <summary>Ends an ordered SELECT after <c>@Limit</c> rows.</summary>
    public abstract string Limited(string orderedSelect);

    /// <summary>A condition: the column's value is one of those in a parameter made by <see cref="List{T}"/>.</summary>
    public virtual string In(string column, string parameter) => $"{column} IN ({parameter})";

    /// <summary>The values of a parameter of <see cref="In"/>.</summary>
    public virtual SqlMapper.ICustomQueryParameter List<T>(IEnumerable<T> values) => new SqlList(values.ToArray(), asArray: false);

    /// <summary>
    /// A SELECT of the ids of a table's rows that nobody else can change before this transaction ends; empty where a transaction writes alone anyway.
    /// </summary>
    public abstract string LockRows(string table, string condition);

    /// <summary>Waits for the lock named <c>@Name</c> and holds it until the transaction ends; empty where a transaction writes alone anyway.</summary>
    public abstract string LockName { get; }

    /// <summary>
    /// The clock that leases are measured by, in Unix milliseconds: the database's own where several nodes share it, since their clocks differ;
    /// where one process works on it, its own, given as <c>@Now</c>.
    /// </summary>
    public abstract string LeaseClock { get; }

    /// <summary>
    /// Run first in a transaction that writes, so that the locks of a process that was frozen in the middle of one end, and nobody waits for it for ever; empty where the engine has no such
    /// thing or one process alone works on the database.
    /// </summary>
    public virtual string BeforeWrites => "";

    /// <summary>Run on a connection that will only read, so that it cannot write; empty where the connection is such a one already or the engine has no such thing.</summary>
    public abstract string ReadOnly { get; }

    /// <summary>A SELECT that counts the tables named <c>@Name</c>: 0 or 1.</summary>
    public abstract string CountTables { get; }

    /// <summary>Creates the journal of <see cref="Migrations"/> where it is missing.</summary>
    public abstract string CreateJournal { get; }

    /// <summary>Whether the exception says that a row with the same unique key is already there.</summary>
    public abstract bool IsDuplicate(DbException exception);

    /// <summary>
    /// Whether somebody else's transaction may be the cause: a duplicate, a row that is gone, a deadlock, a failed serialization.
    /// The same work, run again, sees what the other one did.
    /// </summary>
    public abstract bool IsConflict(DbException exception);
}
