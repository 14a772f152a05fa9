using System.Diagnostics.Metrics;
using Erp.Customs.Module.Storage;
using Erp.Customs.Reliability.World;
using Erp.Customs.Tests.Hosting;
using Erp.Customs.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Erp.Customs.Tests.Diagnostics;

/// <summary>People are told when a merchant's last sign agent is away, before customs ask for what it would have to sign.</summary>
public class When_agents_fall_silent
{
    private readonly ManualTime _time = new(TimeProvider.System.GetUtcNow());

    [Fact]
    public async Task Should_be_a_figure_and_be_told_once_each_time()
    {
        await using var world = await CustomsWorld.StartAsync(
            new(StringComparer.Ordinal) { ["Customs:Merchants:ningbo:Signing:Kind"] = "Agent", ["Customs:Merchants:ningbo:Signing:KeyFile"] = null, ["Customs:Merchants:ningbo:Signing:Agents:pc-1"] = AgentProgram.Sum("token") },
            services => services.AddSingleton<TimeProvider>(_time));
        var silence = 0.0;
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listening) =>
            {
                if (instrument.Name == "erp.customs.agent.silence" && ReferenceEquals(instrument.Meter.Scope, world.Modules.Find<IMeterFactory>()))
                {
                    listening.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<double>((_, value, tags, _) => silence = tags is [{ Key: "merchant", Value: "ningbo" }, { Key: "agent", Value: "pc-1" }] ? value : -1);
        listener.Start();
        async Task<long> PassAsync()
        {
            _time.Advance(TimeSpan.FromSeconds(10));
            listener.RecordObservableInstruments();
            return (long)(await world.SqlAsync("SELECT COUNT(*) FROM alert_message WHERE kind = 'signer_away' AND merchant = 'ningbo'"))!;
        }

        for (var times = 1; times <= 2; times++)
        {
            await SawAsync(world);
            await Waiting.ForAsync(PassAsync, told => told == times);
            await Waiting.ForAsync(PassAsync, _ => silence > 300);
            Assert.Equal(times, await PassAsync());

            await SawAsync(world);
            await Waiting.ForAsync(PassAsync, _ => silence is > 0 and < 60);
        }
    }

    private static Task<bool> SawAsync(CustomsWorld world) =>
        world.Modules.Find<SignAgentTable>()!.SawAsync("ningbo", "pc-1", new AgentStanding { Version = "1", Machine = "PC", Kind = "KeyFile", Error = "" }, closed: false);
}
