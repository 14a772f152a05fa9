using Erp.Customs.Contracts.Capture;
using Erp.Customs.Contracts.Hosting;
using Erp.Customs.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Erp.Customs.Tests.Capture;

/// <summary>They are gathered for a moment, so that no payment is disturbed by the storing of each. The clock stands unless a test moves it.</summary>
public sealed class When_messages_come_close_together : InFolder
{
    private static readonly TimeSpan s_moment = TimeSpan.FromMilliseconds(20);

    private readonly ManualTime _time = new();
    private readonly ModuleDouble _module = new();

    [Fact]
    public async Task Should_be_stored_when_the_moment_is_over()
    {
        await using var services = Services();
        Note(services, 3);
        await Task.Delay(100);
        Assert.Equal(0, _module.Given);

        // The worker may be on its way to its wait still: the clock moves until it has met it.
        await UntilAsync(() =>
        {
            _time.Advance(s_moment);
            return _module.Given == 3;
        });
    }

    [Fact]
    public async Task Should_be_stored_at_once_when_they_are_a_group()
    {
        await using var services = Services();
        Note(services, 64);
        await UntilAsync(() => _module.Given == 64);
    }

    [Fact]
    public async Task Should_be_stored_at_once_when_somebody_waits_for_them()
    {
        await using var services = Services();
        for (var round = 1; round <= 50; round++)
        {
            Note(services, 3);
            await services.GetRequiredService<IPaymentCapture>().FlushAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(20));
            Assert.Equal(3 * round, _module.Given);
        }
    }

    [Fact]
    public async Task Should_be_stored_at_once_when_memory_could_get_full()
    {
        await using var services = Services(memory: 8 * 1024);
        services.GetRequiredService<IPaymentCapture>().Note("ningbo", "T1", CapturedKind.Request, new string('x', 5 * 1024));
        await UntilAsync(() => _module.Given == 1);
    }

    [Fact]
    public async Task Should_be_stored_before_the_process_ends()
    {
        await using (var services = Services())
        {
            Note(services, 100);
        }

        Assert.Equal(100, _module.Given);
    }

    private static void Note(ServiceProvider services, int count)
    {
        for (var i = 0; i < count; i++)
        {
            services.GetRequiredService<IPaymentCapture>().Note("ningbo", $"T{i}", CapturedKind.Request, "x");
        }
    }

    private static async Task UntilAsync(Func<bool> reached)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!reached())
        {
            await Task.Delay(5, limit.Token);
        }
    }

    private ServiceProvider Services(long memory = 1024 * 1024)
    {
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(_time);
        services.AddSingleton<IErpModules>(_module);
        services.AddPaymentCapture(options => (options.Directory, options.MemoryLimit) = (Folder, memory));
        return services.BuildServiceProvider();
    }
}
