using Erp.Customs.Module.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace Erp.Customs.Tests.Jobs;

/// <summary>Quartz, which is always there.</summary>
public sealed class QuartzUploadEngineTests : UploadEngineCompliance
{
    [Fact]
    public async Task It_tells_its_name()
    {
        await using var host = await EngineHost.StartAsync(Add);
        Assert.Equal("Quartz", host.Engine.Name);
    }

    protected override void Add(IServiceCollection services) => services.AddJobs(TimeProvider.System);
}
