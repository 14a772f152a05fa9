using System.Diagnostics;
using Npgsql;

namespace Erp.Customs.Reliability.World;

/// <summary>
/// A PostgreSQL for this test run: the server that <c>ERP_CUSTOMS_TEST_POSTGRES</c> names, or a private cluster from Debian's binaries in a temp folder,
/// spoken to over a socket file that only its owner can reach.
/// </summary>
/// <remarks>
/// The cluster lives as long as the pipe to its keeper, a shell of a session of its own: when this process ends, in whatever way, the pipe closes,
/// and the keeper stops the server and removes the folder.
/// </remarks>
internal sealed class PrivatePostgres : IAsyncDisposable
{
    public const string Variable = "ERP_CUSTOMS_TEST_POSTGRES";

    private const string Packages = "/usr/lib/postgresql";

    private const string Keeper = """
        trap '' INT HUP TERM
        dir=$(mktemp -d "${TMPDIR:-/tmp}/erp-customs-postgres-XXXXXX") || exit 1
        server=
        finish() {
          [ -z "$server" ] || { kill -QUIT "$server"; wait "$server"; } 2>/dev/null
          rm -rf "$dir"
        }
        trap finish EXIT
        cd "$dir" || exit 1
        "$1/initdb" -D data -U erp -A trust -E UTF8 --locale=C --no-sync >log 2>&1 || { cat log >&2; exit 1; }
        "$1/postgres" -D data -c listen_addresses= -c unix_socket_directories="$dir" -c max_connections=300 \
          -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c autovacuum=off </dev/null >>log 2>&1 &
        server=$!
        until "$1/pg_isready" -q -h "$dir"; do
          kill -0 "$server" 2>/dev/null || { cat log >&2; exit 1; }
          sleep 0.05
        done
        echo "$dir"
        cat >/dev/null
        """;

    private static readonly Lazy<Task<PrivatePostgres>> s_shared = new(StartAsync);
    private static readonly string? s_binaries = FindBinaries();

    private readonly Process _keeper;

    private PrivatePostgres(Process keeper, string folder) => (_keeper, Folder) = (keeper, folder);

    /// <summary>Why no private cluster can be started here; <see langword="null"/> when one can.</summary>
    public static string? BinariesAbsent { get; } = s_binaries is null ? $"There is no PostgreSQL server in {Packages} (Debian: apt-get install postgresql)." : null;

    /// <summary>Why there is no PostgreSQL for this test run; <see langword="null"/> when there is.</summary>
    public static string? Absent { get; } = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } || BinariesAbsent is null ? null : $"{Variable} is not set. {BinariesAbsent}";

    /// <summary>Everything that the cluster has: its data, its socket, its log.</summary>
    public string Folder { get; }

    public string ConnectionString => new NpgsqlConnectionStringBuilder { Host = Folder, Username = "erp", Database = "postgres" }.ConnectionString;

    /// <summary>The server of this test run, where databases can be created.</summary>
    public static async Task<string> ServerAsync() =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given ? given : (await s_shared.Value).ConnectionString;

    /// <summary>A database of its own on the server of this run; dropped by <see cref="DropDatabaseAsync"/>.</summary>
    /// <returns>Its connection string.</returns>
    public static async Task<string> NewDatabaseAsync()
    {
        var name = $"erp_customs_{Guid.NewGuid():N}";
        await ExecuteAsync($"CREATE DATABASE {name} TEMPLATE template0");
        return new NpgsqlConnectionStringBuilder(await ServerAsync()) { Database = name, MaxPoolSize = 20, Timeout = 60 }.ConnectionString;
    }

    /// <summary>Drops a database of <see cref="NewDatabaseAsync"/>.</summary>
    public static Task DropDatabaseAsync(string connectionString) => ExecuteAsync($"DROP DATABASE {new NpgsqlConnectionStringBuilder(connectionString).Database} WITH (FORCE)");

    private static async Task ExecuteAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(await ServerAsync());
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Starts a cluster of its own.</summary>
    public static async Task<PrivatePostgres> StartAsync()
    {
        var start = new ProcessStartInfo("setsid") { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" };
        // PostgreSQL refuses to run as root; Debian's package made this user.
        string[] asOwner = Environment.IsPrivilegedProcess ? ["runuser", "-u", "postgres", "--"] : [];
        foreach (var argument in (string[])[.. asOwner, "sh", "-c", Keeper, "keeper", s_binaries!])
        {
            start.ArgumentList.Add(argument);
        }

        var keeper = Process.Start(start)!;
        return await keeper.StandardOutput.ReadLineAsync() is { } folder
            ? new PrivatePostgres(keeper, folder)
            : throw new InvalidOperationException($"The private PostgreSQL did not start: {await keeper.StandardError.ReadToEndAsync()}");
    }

    /// <summary>Closes the pipe, as the end of this process would, and waits until nothing is left.</summary>
    public async ValueTask DisposeAsync()
    {
        _keeper.StandardInput.Close();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await _keeper.WaitForExitAsync(limit.Token);
        _keeper.Dispose();
    }

    private static string? FindBinaries()
    {
        return !Directory.Exists(Packages) ? null : Directory.GetDirectories(Packages)
            .Select(folder => Path.Combine(folder, "bin"))
            .Where(folder => File.Exists(Path.Combine(folder, "postgres")) && File.Exists(Path.Combine(folder, "initdb")))
            .OrderBy(folder => folder, StringComparer.Ordinal)
            .LastOrDefault();
    }
}
