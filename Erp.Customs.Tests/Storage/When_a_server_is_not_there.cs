using Erp.Customs.Contracts;
using Erp.Customs.Contracts.Hosting;
using Erp.Customs.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Erp.Customs.Tests.Storage;

/// <summary>The module does not start, the ERP does, and one sentence says why without the password.</summary>
public sealed class When_a_server_is_not_there
{
    private const string Canary = "canary-of-a-password";

    [Theory]
    [InlineData("postgresql", $"Host=127.0.0.1;Port=1;Username=erp;Password={Canary};Timeout=5", "The postgresql database cannot be reached")]
    [InlineData("postgresql", $"Host=127.0.0.1;Prot={Canary}", "Customs:Database:ConnectionString is wrong")]
    [InlineData("postgresql", $"Host=127.0.0.1;Port={Canary}", "Customs:Database:ConnectionString is wrong")]
    [InlineData("postgresql", Canary, "Customs:Database:ConnectionString is wrong")]
    [InlineData("sqlserver", $"Server=127.0.0.1;Prot={Canary}", "Customs:Database:ConnectionString is wrong")]
    [InlineData("sqlserver", $"Server=127.0.0.1;Connect Timeout={Canary}", "Customs:Database:ConnectionString is wrong")]
    public async Task Should_say_so_without_the_connection_string(string engine, string connectionString, string sentence)
    {
        await using var world = await CustomsWorld.StartAsync(
            new(StringComparer.Ordinal) { ["Customs:Database:Engine"] = engine, ["Customs:Database:ConnectionString"] = connectionString }, mayFail: true);

        Assert.Equal(ModuleState.Failed, world.Module.State);
        Assert.Contains(sentence, world.Module.Sentence, StringComparison.Ordinal);
        Assert.DoesNotContain(Canary, world.Module.Sentence + world.Log.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_say_what_its_driver_needs_where_the_process_has_no_cultures()
    {
        // As this test process and the stand-alone service are built.
        Assert.True(AppContext.TryGetSwitch("System.Globalization.Invariant", out var invariant) && invariant);

        await using var world = await CustomsWorld.StartAsync(
            new(StringComparer.Ordinal) { ["Customs:Database:Engine"] = "sqlserver", ["Customs:Database:ConnectionString"] = "Server=127.0.0.1,1;Connect Timeout=1" }, mayFail: true);

        Assert.Contains("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=0", world.Module.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_refuse_a_host_that_hands_in_SQLite()
    {
        await using var source = NpgsqlDataSource.Create("Host=127.0.0.1");
        await using var world = await CustomsWorld.StartAsync(services: services => services.AddSingleton<IErpDatabase>(new HostDatabase("sqlite", source)), mayFail: true);

        Assert.Contains("it takes postgresql or sqlserver", world.Module.Sentence, StringComparison.Ordinal);
    }

    private sealed record HostDatabase(string Engine, System.Data.Common.DbDataSource DataSource) : IErpDatabase;
}
