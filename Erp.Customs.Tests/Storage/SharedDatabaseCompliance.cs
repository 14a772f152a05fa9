using System.Collections.Concurrent;
using Erp.Customs.Contracts;
using Erp.Customs.Module.Jobs;
using Erp.Customs.Module.Storage;
using Erp.Customs.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Erp.Customs.Tests.Storage;

/// <summary>Two ERPs with the module in them, on one database: customs may ask either.</summary>
public abstract class SharedDatabaseCompliance<TEngine> : IAsyncLifetime where TEngine : ServerEngine, new()
{
    private const int Orders = 100;

    private readonly TEngine _engine = new();

    public Task InitializeAsync() => _engine.InitializeAsync();

    public Task DisposeAsync() => _engine.DisposeAsync().AsTask();

    [EngineFact]
    public async Task Every_session_that_is_asked_of_both_is_accepted_exactly_once()
    {
        await using var first = await CustomsWorld.StartAsync(Settings());
        var toFirst = first.Customs.UploadAddress.ToString();
        var settings = Settings();
        settings["Customs:Upload:Url"] = settings["Customs:Upload:TestUrl"] = toFirst;
        await using var second = await CustomsWorld.StartAsync(settings);
        Assert.False(File.Exists(first.DatabaseFile));
        Assert.All((CustomsWorld[])[first, second], world => Assert.Equal(JobEngine, world.Modules.Find<IUploadEngine>()!.Name));
        await Parallel.ForEachAsync(Enumerable.Range(0, Orders), async (i, _) => await (i % 2 == 0 ? first : second).DeliveredAsync(CustomsWorld.Payment($"pay-{i}", $"order-{i}")));

        var sessions = new ConcurrentBag<string>();
        await Parallel.ForEachAsync(Enumerable.Range(0, Orders), async (i, _) =>
        {
            var session = Guid.NewGuid().ToString();
            sessions.Add(session);
            var answers = await Task.WhenAll(first.AskAsync($"order-{i}", session), second.AskAsync($"order-{i}", session));
            Assert.All(answers, answer => Assert.True(answer.Answer.IsAcknowledged, answer.Answer.Body));
        });
        foreach (var session in sessions)
        {
            Assert.Equal("accepted", (await first.WaitAsync(session, status => status.State is "accepted" or "rejected" or "session_used" or "needs_person")).State);
        }

        Assert.All(sessions, session => Assert.Single(first.Customs.Log.FindSession(session)!.Uploads));
        Assert.Equal((long)Orders, Convert.ToInt64(await _engine.TamperAsync("SELECT COUNT(*) FROM customs_request WHERE state = 'accepted' AND attempts = 1"), System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal((long)Orders, Convert.ToInt64(await _engine.TamperAsync("SELECT COUNT(*) FROM customs_request"), System.Globalization.CultureInfo.InvariantCulture));
        Assert.DoesNotContain(_engine.ConnectionString, first.Log.All + second.Log.All, StringComparison.Ordinal);
    }

    [EngineFact]
    public async Task The_hosts_own_connections_win_over_the_settings()
    {
        await using var source = _engine.Source();
        await using (var world = await CustomsWorld.StartAsync(services: services => services.AddSingleton<IErpDatabase>(new HostDatabase(_engine.Engine, source))))
        {
            await world.DeliveredAsync(CustomsWorld.Payment("pay-1", "order-1"));
            await world.AnswerAsync("order-1");
            Assert.Equal(JobEngine, world.Modules.Find<IUploadEngine>()!.Name);
            Assert.False(File.Exists(world.DatabaseFile));
        }

        // It is the host's: the module has not disposed of it.
        await using var connection = await source.OpenConnectionAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT COUNT(*) FROM payment";
        Assert.Equal(1L, Convert.ToInt64(await command.ExecuteScalarAsync(), System.Globalization.CultureInfo.InvariantCulture));
    }

    /// <summary>What drives the uploads beside this database.</summary>
    private string JobEngine => (_engine.Engine == EngineNames.PostgreSql ? JobEngines.HangfirePostgreSqlBuiltIn : JobEngines.HangfireBuiltIn) ? "Hangfire" : "Quartz";

    private Dictionary<string, string?> Settings() => new(StringComparer.Ordinal)
    {
        ["Customs:Database:Engine"] = _engine.Engine,
        ["Customs:Database:ConnectionString"] = _engine.ConnectionString,
    };

    private sealed record HostDatabase(string Engine, System.Data.Common.DbDataSource DataSource) : IErpDatabase;
}

public sealed class PostgresSharedDatabaseTests : SharedDatabaseCompliance<PostgresEngine>;

public sealed class SqlServerSharedDatabaseTests : SharedDatabaseCompliance<SqlServerEngine>;
