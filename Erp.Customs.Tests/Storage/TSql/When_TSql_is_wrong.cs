using Erp.Customs.Module.Storage;

namespace Erp.Customs.Tests.Storage.TSql;

/// <summary>Proves the check itself: what is right has no finding, and every fault that is planted has one that names it.</summary>
public sealed class When_TSql_is_wrong
{
    private static readonly string s_folder = Path.Combine(AppContext.BaseDirectory, "migrations", EngineNames.SqlServer);

    /// <summary>What stands in the first migration, what is put there instead, and what is to be said about it.</summary>
    public static TheoryData<string, string, string> Planted => new()
    {
        { "CREATE INDEX payment_by_term", "CREATE INDX payment_by_term", "Incorrect syntax" },
        { "REFERENCES payment (id)", "REFERENCES paiment (id)", "there is no table paiment" },
        { "REFERENCES payment (id)", "REFERENCES payment (merchant)", "payment (merchant) is no key" },
        { "payment_id   BIGINT ", "payment_id   INT    ", "payment_id is INT and refers to BIGINT" },
        { "ON payment (last_trading_at, id)", "ON payment (last_traded_at, id)", "there is no column last_traded_at in payment" },
        { "ON payment (last_trading_at, id)", "ON paiment (last_trading_at, id)", "there is no table paiment" },
        { "ON payment (last_trading_at, id)", "ON payment (request)", "request is of a MAX type" },
        { "WHERE next_attempt_at IS NOT NULL", "WHERE next_atempt_at IS NOT NULL", "there is no column next_atempt_at" },
        { "session_id      NVARCHAR(128)", "session_id      NVARCHAR(MAX)", "session_id is of a MAX type" },
        { "session_id      NVARCHAR(128)", "session_id      NVARCHAR(4001)", "session_id is longer than its type may be" },
        { "session_id      NVARCHAR(128)", "session_id      NVARCHAR(900)", "may have 1800 bytes" },
        { "order_no   NVARCHAR(128)", "order_no   NVARCHAR(512)", "may have 1036 bytes" },
        { "session_id      NVARCHAR(128)", "session_id      STRING(128)", "session_id is of no type of SQL Server" },
        { "pay_transaction_id NVARCHAR(128)", "merchant NVARCHAR(128)", "column merchant is there already" },
        { "UNIQUE (payment_id, version)", "UNIQUE (payment_id, versoin)", "there is no column versoin in payment_version" },
        { "IDENTITY(1,1) NOT NULL PRIMARY KEY", "IDENTITY(1,1) NULL PRIMARY KEY", "may be empty" },
        { "CREATE TABLE envelope", "CREATE TABLE payment", "table payment is there already" },
        { "CREATE INDEX customs_request_by_term", "CREATE INDEX customs_request_by_state", "index customs_request_by_state is there already" },
        { "CREATE TABLE envelope", "DROP TABLE payment; CREATE TABLE envelope", "DropTableStatement" },
    };

    /// <summary>Statements with one fault each.</summary>
    public static TheoryData<string, string> Statements => new()
    {
        { "SELECT id FROM payment LIMIT @Limit", "Incorrect syntax" },
        { "INSERT INTO payment_order (payment_id, version, order_no) VALUES (@a, @b, @c) RETURNING id", "Incorrect syntax" },
        { "SELECT ident FROM payment", "there is no column ident" },
        { "SELECT p.id FROM payment q", "there is no column p.id" },
        { "SELECT p.order_no FROM payment p JOIN payment_order o ON o.payment_id = p.id", "there is no column p.order_no" },
        { "SELECT id FROM payment p WHERE EXISTS (SELECT 1 FROM payment_order o WHERE o.payment_id = p.ident)", "there is no column p.ident" },
        { "SELECT id FROM payment ORDER BY ident OFFSET 0 ROWS FETCH NEXT @Limit ROWS ONLY", "there is no column ident" },
        { "SELECT COUNT(*) FROM paiment", "there is no table paiment" },
        { "SELECT COUNT(*) FROM sys.tabels", "there is no table tabels" },
        { "UPDATE payment SET versoin = 1 WHERE id = @id", "there is no column versoin" },
        { "UPDATE payment SET version = 1 WHERE ident = @id", "there is no column ident" },
        { "DELETE FROM payment WHERE ident = @id", "there is no column ident" },
        { "INSERT INTO payment_order (payment_id, version) VALUES (@a, @b)", "order_no of payment_order is not given" },
        { "INSERT INTO payment_order (payment_id, version, order_no) VALUES (@a, @b)", "3 columns and 2 values" },
        { "INSERT INTO payment_order (payment_id, version, order_no) SELECT id, version FROM payment", "3 columns and 2 values" },
        { "INSERT INTO payment_order (payment_id, version, order) VALUES (@a, @b, @c)", "Incorrect syntax" },
        { "INSERT INTO payment_order (payment_id, version, order_no) OUTPUT INSERTED.id VALUES (@a, @b, @c)", "there is no column INSERTED.id" },
        { "INSERT INTO payment_order (payment_id, version, order_no) SELECT ident, version, merchant FROM payment", "there is no column ident" },
        { "IF EXISTS (SELECT 1 FROM paiment) SELECT 1", "there is no table paiment" },
        { "TRUNCATE TABLE payment", "TruncateTableStatement" },
    };

    [Fact]
    public void Should_find_nothing_in_what_the_product_has()
    {
        var checker = TSqlChecker.Of(s_folder);
        var dialect = new SqlServerDialect();

        Assert.Contains("customs_request", checker.Tables.Keys);
        Assert.All(
            [dialect.CreateJournal, dialect.CountTables, dialect.LockName, dialect.LockRows("payment", dialect.In("id", "@ids_0, @ids_1")), $"SELECT {dialect.LeaseClock}"],
            sql => Assert.Empty(checker.Check(sql)));
    }

    [Theory]
    [MemberData(nameof(Planted))]
    public void Should_find_what_is_planted_in_a_migration(string right, string wrong, string finding)
    {
        var sql = File.ReadAllText(Path.Combine(s_folder, "0001_first_tables.sql"));
        Assert.Contains(right, sql, StringComparison.Ordinal);

        var findings = new TSqlChecker().Check(sql.Replace(right, wrong, StringComparison.Ordinal));

        Assert.Contains(findings, found => found.Contains(finding, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Statements))]
    public void Should_find_what_is_planted_in_a_statement(string sql, string finding) =>
        Assert.Contains(TSqlChecker.Of(s_folder).Check(sql), found => found.Contains(finding, StringComparison.Ordinal));

    [Fact]
    public async Task Should_stop_a_suite_that_says_it()
    {
        await using var engine = new TSqlEngine();
        await engine.InitializeAsync();
        await using var database = engine.Create();
        await database.OpenAsync(default);

        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(
            () => database.WriteAsync((connection, transaction) => database.RunAsync(connection, transaction, "SELECT ident FROM payment")));

        Assert.Contains("there is no column ident", refusal.Message, StringComparison.Ordinal);
    }
}
