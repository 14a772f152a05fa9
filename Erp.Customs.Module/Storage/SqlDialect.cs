using System.Data.Common;

namespace Erp.Customs.Module.Storage;

/// <summary>What engines spell differently. Everything else in this folder is SQL that they all understand.</summary>
internal abstract class SqlDialect
{
    /// <summary>An INSERT of one row whose parameters are named as its columns; its scalar is the new row's <c>id</c>.</summary>
    public abstract string InsertReturningId(string table, params string[] columns);

    /// <summary>Ends an ordered SELECT after <c>@Limit</c> rows.</summary>
    public abstract string Limited(string orderedSelect);

    /// <summary>A SELECT that counts the tables named <c>@Name</c>: 0 or 1.</summary>
    public abstract string CountTables { get; }

    /// <summary>Creates the journal of <see cref="Migrations"/> where it is missing.</summary>
    public abstract string CreateJournal { get; }

    /// <summary>Taken at the start of a migration's transaction, so that only one node migrates at a time; empty where the transaction already does that.</summary>
    public abstract string LockMigrations { get; }

    /// <summary>Whether the exception says that a row with the same unique key is already there.</summary>
    public abstract bool IsDuplicate(DbException exception);
}
