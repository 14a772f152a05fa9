using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Data.Sqlite;

namespace Erp.Customs.Reliability.World;

/// <summary>
/// Somebody with all rights in the module's SQLite file: changes it beside the running host, one way each time, and knows at which number that must be found. Afterwards everything is put
/// back from a copy.
/// </summary>
internal sealed class TamperedArchive : IDisposable
{
    /// <summary>Numbers of the evidence have 8 bytes; what is added to one is never the number of another.</summary>
    private const int Far = 1_000_000;

    private readonly SqliteConnection _connection;
    private readonly Random _random;
    private readonly long _lastCheckpoint;
    private readonly KeptContent _content;

    /// <param name="file">The module's file.</param>
    /// <param name="copy">The same, as it must be.</param>
    /// <param name="lastCheckpoint">Up to here the archive is held by a checkpoint outside.</param>
    /// <param name="content">Reads what is kept encrypted: somebody may have the content's key too.</param>
    /// <param name="random">What is changed.</param>
    public TamperedArchive(string file, string copy, long lastCheckpoint, KeptContent content, Random random)
    {
        (_random, _lastCheckpoint, _content) = (random, lastCheckpoint, content);
        _connection = new SqliteConnection($"Data Source={file};Pooling=False;Default Timeout=30");
        _connection.Open();
        Execute("PRAGMA foreign_keys = OFF");
        Execute("PRAGMA synchronous = OFF");
        Execute("ATTACH @copy AS whole", ("@copy", copy));
    }

    /// <summary>Changes something.</summary>
    /// <returns>What was done, the first number that is bad since then, and the last one that it may be told as.</returns>
    public (string What, long First, long Last) Tamper()
    {
        Execute("BEGIN IMMEDIATE");
        var done = _random.Next(10) switch
        {
            0 => DeleteRecord(),
            1 => DeleteSeal(),
            2 => SwapRecords(),
            3 => SwapSeals(),
            4 => CutTail(),
            5 => ComputeAnew(),
            6 => ChangeSeal(),
            _ => ChangeRecord(),
        };
        Execute("COMMIT");
        return done;
    }

    /// <summary>Puts everything back.</summary>
    public void Restore()
    {
        Execute("BEGIN IMMEDIATE");
        foreach (var table in SealedTable.All.Select(table => table.Name).Append("evidence"))
        {
            Execute($"DELETE FROM main.{table} WHERE rowid NOT IN (SELECT rowid FROM whole.{table})");
            Execute($"INSERT OR REPLACE INTO main.{table} SELECT * FROM whole.{table} EXCEPT SELECT * FROM main.{table}");
        }

        Execute("COMMIT");
    }

    /// <inheritdoc/>
    public void Dispose() => _connection.Dispose();

    private (string, long, long) ChangeRecord()
    {
        var (table, id, number) = AnyRecord();
        var column = table.Columns[_random.Next(table.Columns.Length)];
        var first = column == "request" ? Math.Min(number, FirstKeptWith(table, id)) : number;
        Change(table.Name, column, $"{table.Key} = {id}");
        return At($"{table.Name}.{column} changed", FirstOf(first));
    }

    private (string, long, long) DeleteRecord()
    {
        var (table, id, number) = AnyRecord();
        var first = Math.Min(number, FirstKeptWith(table, id));
        Execute($"DELETE FROM {table.Name} WHERE {table.Key} = {id}");
        return At($"{table.Name} deleted", FirstOf(first));
    }

    private (string, long, long) DeleteSeal()
    {
        var number = AnyNumber();
        var first = FirstOf(number);
        Execute($"DELETE FROM evidence WHERE number = {number}");
        return At("a seal deleted", first);
    }

    private (string, long, long) ChangeSeal()
    {
        var number = AnyNumber();
        string[] columns = ["number", "kind", "record_id", "record_no", "sealed_at", "leaf", "chain", "erased_by", .. Scalar<long>($"SELECT salt IS NOT NULL FROM evidence WHERE number = {number}") > 0 ? (string[])["salt"] : []];
        var column = columns[_random.Next(columns.Length)];
        var first = column is "sealed_at" or "chain" or "erased_by" ? number : FirstOf(number);
        Change("evidence", column, $"number = {number}");
        return At($"evidence.{column} changed", first);
    }

    /// <summary>Two records of a table with each other's content.</summary>
    private (string, long, long) SwapRecords()
    {
        var (table, one, first) = AnyRecord();
        var (other, second) = (one, first);
        var same = string.Join(" AND ", table.Columns.Skip(1).Select(column => $"a.{column} IS b.{column}"));
        if (Rows($"SELECT b.{table.Key}, e.number FROM {table.Name} a JOIN {table.Name} b JOIN evidence e ON e.kind = '{table.Kind}' AND e.record_id = b.{table.Key} WHERE a.{table.Key} = {one} AND NOT ({same}) AND e.erased_by IS NULL") is { Count: > 0 } others)
        {
            var chosen = others[_random.Next(others.Count)];
            (other, second) = ((long)chosen[0]!, (long)chosen[1]!);
        }

        if (other == one || table.Name == "erasure")
        {
            return ChangeRecord();
        }

        first = Math.Min(first, Math.Min(FirstKeptWith(table, one), FirstKeptWith(table, other)));
        Execute($"CREATE TEMP TABLE was AS SELECT * FROM {table.Name} WHERE {table.Key} IN ({one}, {other})");
        Execute($"UPDATE was SET {table.Key} = {one} + {other} - {table.Key}");
        Execute($"DELETE FROM {table.Name} WHERE {table.Key} IN ({one}, {other})");
        Execute($"INSERT INTO {table.Name} SELECT * FROM was");
        Execute("DROP TABLE was");
        return At($"two of {table.Name} swapped", Math.Min(first, second));
    }

    private (string, long, long) SwapSeals()
    {
        var (one, other) = (AnyNumber(), AnyNumber());
        if (one == other)
        {
            other = one == 1 ? 2 : one - 1;
        }

        var first = Math.Min(FirstOf(one), FirstOf(other));
        Execute($"CREATE TEMP TABLE was AS SELECT * FROM evidence WHERE number IN ({one}, {other})");
        Execute($"UPDATE was SET number = {one} + {other} - number");
        Execute($"DELETE FROM evidence WHERE number IN ({one}, {other})");
        Execute("INSERT INTO evidence SELECT * FROM was");
        Execute("DROP TABLE was");
        return At("two seals swapped", first);
    }

    private (string, long, long) CutTail()
    {
        var number = AnyNumber();
        var first = Math.Min(number, Scalar<long>($"SELECT COALESCE(MIN(number), {number}) FROM evidence WHERE erased_by >= {number}"));
        Execute($"DELETE FROM evidence WHERE number >= {number}");
        return At("the end of the chain cut", first);
    }

    /// <summary>A record is changed, and with it every hash from there on: the chain is whole in itself.</summary>
    private (string, long, long) ComputeAnew()
    {
        var (table, id, number) = AnyRecord();
        if (table.Name == "erasure" || number > _lastCheckpoint)
        {
            return ChangeRecord();
        }

        // Content is put there in clear: what was stored before content was encrypted is read as it is. What is kept with other content stays.
        var columns = table.Columns.Skip(1).Except(["request", "response", "facts", "payload", "sign_text", "payment_id"], StringComparer.Ordinal).ToList();
        Change(table.Name, columns[_random.Next(columns.Count)], $"{table.Key} = {id}", inClear: true);
        var before = number == 1 ? new byte[32] : (byte[])Rows($"SELECT chain FROM evidence WHERE number = {number - 1}")[0][0]!;
        foreach (var seal in Rows($"SELECT number, sealed_at, record_id, record_no, kind, salt, leaf FROM evidence WHERE number >= {number} ORDER BY number"))
        {
            if ((long)seal[0]! == number)
            {
                seal[6] = Leaf((byte[])seal[5]!, table, id);
            }

            before = SHA256.HashData([.. before, .. seal.Take(4).SelectMany(value => Number((long)value!)), .. Text((string)seal[4]!), .. (byte[])seal[6]!]);
            Execute("UPDATE evidence SET leaf = @leaf, chain = @chain WHERE number = @number", ("@leaf", seal[6]!), ("@chain", before), ("@number", seal[0]!));
        }

        var agreed = Scalar<long>($"SELECT COALESCE(MAX(number), 0) FROM archive_checkpoint WHERE number < {number}");
        return ($"{table.Name} changed and the chain computed anew", agreed + 1, Scalar<long>($"SELECT MIN(number) FROM archive_checkpoint WHERE number >= {number}"));
    }

    private byte[] Leaf(byte[] salt, SealedTable table, long id)
    {
        var values = Rows($"SELECT {string.Join(", ", table.Columns)} FROM {table.Name} WHERE {table.Key} = {id}")[0];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = values[i] is byte[] kept ? Clear(table, id, table.Columns[i], kept) : values[i];
        }

        return SHA256.HashData([.. salt, .. Text(table.Kind), .. table.Columns.SelectMany((column, i) => Text(column).Concat(values[i] switch
        {
            null => [255, 255, 255, 255],
            byte[] bytes => [.. Length(bytes.Length), .. bytes],
            var other => Text(Convert.ToString(other, CultureInfo.InvariantCulture)!),
        }))]);
    }

    /// <summary>A payment's response and first facts are kept with its request, an envelope's sign text with its payload.</summary>
    private byte[] Clear(SealedTable table, long id, string column, byte[] kept) => (kept.Length, column) switch
    {
        (0, "response") => Parts($"SELECT request FROM payment WHERE id = {id}")[1],
        (0, "facts") => Parts($"SELECT p.request FROM payment p JOIN payment_version v ON v.payment_id = p.id WHERE v.id = {id}")[2],
        (0, "sign_text") => Parts($"SELECT payload FROM {table.Name} WHERE request_id = {id}")[1],
        _ => _content.Open(kept)[0],
    };

    private IReadOnlyList<byte[]> Parts(string sql) => _content.Open(Scalar<byte[]>(sql));

    /// <summary>The first of the seals of what is kept in a payment's row and is a record of its own; far behind all others when there is none.</summary>
    private long FirstKeptWith(SealedTable table, long id) => table.Name == "payment"
        ? Scalar<long>($"SELECT COALESCE(MIN(e.number), {long.MaxValue}) FROM payment_version v JOIN evidence e ON e.kind = 'payment_version' AND e.record_id = v.id WHERE v.payment_id = {id} AND LENGTH(v.facts) = 0")
        : long.MaxValue;

    private static byte[] Text(string text) => [.. Length(Encoding.UTF8.GetByteCount(text)), .. Encoding.UTF8.GetBytes(text)];

    private static byte[] Length(int length) => BitConverter.GetBytes(BinaryPrimitives.ReverseEndianness(length));

    private static byte[] Number(long number) => BitConverter.GetBytes(BinaryPrimitives.ReverseEndianness(number));

    /// <summary>One bit of bytes, one character of a text, a number by another.</summary>
    private void Change(string table, string column, string condition, bool inClear = false)
    {
        var value = Rows($"SELECT {column} FROM {table} WHERE {condition}")[0][0];
        value = inClear && value is byte[] kept ? _content.Open(kept)[0] : value;
        object changed = value switch
        {
            byte[] { Length: > 0 } bytes => Flipped(bytes),
            byte[] => new byte[] { 1 },
            string { Length: > 0 } text => Changed(text),
            string => "x",
            long number => number + Far + _random.Next(Far),
            _ => (long)_random.Next(1, Far),
        };
        Execute($"UPDATE {table} SET {column} = @changed WHERE {condition}", ("@changed", changed));
    }

    private byte[] Flipped(byte[] bytes)
    {
        byte[] flipped = [.. bytes];
        flipped[_random.Next(flipped.Length)] ^= (byte)(1 << _random.Next(8));
        return flipped;
    }

    private string Changed(string text)
    {
        var at = _random.Next(text.Length);
        return text[..at] + (text[at] == 'x' ? 'y' : 'x') + text[(at + 1)..];
    }

    /// <summary>A record that stands, of any kind that there is.</summary>
    private (SealedTable Table, long Id, long Number) AnyRecord()
    {
        while (true)
        {
            var table = SealedTable.All[_random.Next(SealedTable.All.Count)];
            if (Rows($"SELECT s.{table.Key}, e.number FROM {table.Name} s JOIN evidence e ON e.kind = '{table.Kind}' AND e.record_id = s.{table.Key} WHERE e.erased_by IS NULL") is { Count: > 0 } rows)
            {
                var chosen = rows[_random.Next(rows.Count)];
                return (table, (long)chosen[0]!, (long)chosen[1]!);
            }
        }
    }

    /// <summary>A number that a checkpoint outside holds.</summary>
    private long AnyNumber() => _random.NextInt64(1, _lastCheckpoint + 1);

    /// <summary>Where an erasure is not what it was, the first record that went with it has gone without one.</summary>
    private long FirstOf(long number) => Scalar<long>($"SELECT COALESCE(MIN(number), {number}) FROM evidence WHERE erased_by = {number} OR number = {number}");

    private static (string, long, long) At(string what, long number) => (what, number, number);

    private T Scalar<T>(string sql) => (T)Rows(sql)[0][0]!;

    private List<object?[]> Rows(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<object?[]>();
        while (reader.Read())
        {
            var row = new object?[reader.FieldCount];
            for (var i = 0; i < row.Length; i++)
            {
                row[i] = reader.IsDBNull(i) ? null : reader.GetValue(i);
            }

            rows.Add(row);
        }

        return rows;
    }

    private void Execute(string sql, params (string Name, object Value)[] values)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        Array.ForEach(values, value => command.Parameters.AddWithValue(value.Name, value.Value));
        command.ExecuteNonQuery();
    }
}
