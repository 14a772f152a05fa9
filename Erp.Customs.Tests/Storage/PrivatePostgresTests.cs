using Erp.Customs.Reliability.World;
using Erp.Customs.Tests.Support;
using Npgsql;

namespace Erp.Customs.Tests.Storage;

/// <summary>The private cluster leaves nothing behind when the process that started it is gone.</summary>
public sealed class PrivatePostgresTests
{
    [ClusterFact]
    public async Task It_ends_with_the_pipe_of_its_starter()
    {
        var cluster = await PrivatePostgres.StartAsync();
        await using (var source = NpgsqlDataSource.Create(cluster.ConnectionString))
        {
            await using var command = source.CreateCommand("SELECT 1");
            Assert.Equal(1, await command.ExecuteScalarAsync());
        }

        await cluster.DisposeAsync();

        Assert.False(Directory.Exists(cluster.Folder));
    }
}

/// <summary>A fact that needs PostgreSQL's binaries, whatever server the other tests use.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ClusterFactAttribute : FactAttribute
{
    public ClusterFactAttribute() => Skip = PrivatePostgres.BinariesAbsent;
}
