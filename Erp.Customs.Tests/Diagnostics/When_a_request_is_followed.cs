using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Reflection;
using Erp.Customs.Module;
using Erp.Customs.Module.Diagnostics;
using Erp.Customs.Simulator;
using Erp.Customs.Tests.Support;

namespace Erp.Customs.Tests.Diagnostics;

/// <summary>One request in traces and logs, and what the documentation says of them.</summary>
public class When_a_request_is_followed
{
    private static readonly string Root = typeof(When_a_request_is_followed).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(one => one.Key is "RepositoryRoot").Value!;

    [Fact]
    public async Task Should_leave_a_span_for_each_step_with_order_and_session_and_nothing_else()
    {
        using var spans = new Spans();
        await using var world = await CustomsWorld.StartAsync();
        await world.DeliveredAsync(CustomsWorld.Payment("T1", "SO-followed"));
        var status = await world.AnswerAsync("SO-followed");
        var mine = await spans.OfAsync(status.SessionId, 6);
        Assert.Equal(
            ["customs.acknowledge", "customs.render", "customs.request", "customs.request", "customs.sign", "customs.upload"], mine.Select(span => span.OperationName).Order(StringComparer.Ordinal));
        Assert.All(mine, span => Assert.Equal(["customs.order=SO-followed", $"customs.session={status.SessionId}"], span.TagObjects.Select(tag => $"{tag.Key}={tag.Value}")));
        Assert.All(mine.Where(span => span.OperationName != "customs.request"), span => Assert.Equal("customs.request", span.Parent!.OperationName));
    }

    [Fact]
    public async Task Should_mark_a_step_that_failed_by_the_type_alone()
    {
        using var spans = new Spans();
        await using var world = await CustomsWorld.StartAsync();
        await world.DeliveredAsync(CustomsWorld.Payment("T1", "SO1"));
        await world.SqlAsync("UPDATE payment SET response = X'00'");
        var status = await world.AnswerAsync("SO1", "needs_person");
        var render = (await spans.OfAsync(status.SessionId, 4)).Single(span => span.OperationName == "customs.render");
        Assert.Equal((ActivityStatusCode.Error, "UploadFailure", null), (render.Status, render.GetTagItem("error.type"), render.StatusDescription));
    }

    [Fact]
    public async Task Should_have_order_and_session_in_every_line_about_it()
    {
        await using var world = await CustomsWorld.StartAsync();
        await world.DeliveredAsync(CustomsWorld.Payment("T1", "SO1"));
        world.Customs.Faults.Set(Fault.Reply("20000", "上传失败"));
        var status = await world.AnswerAsync("SO1", "rejected");
        await world.SqlAsync("ALTER TABLE customs_request RENAME TO gone");
        await world.AskAsync("SO2", "s2");
        await world.SqlAsync("ALTER TABLE gone RENAME TO customs_request");
        foreach (var (line, scope) in new[] { ("left it rejected", $"Order SO1 session {status.SessionId}"), ("could not be stored and was answered", "Order SO2 session s2") })
        {
            Assert.Contains(scope, Assert.Single(world.Log.Lines, one => one.Contains(line, StringComparison.Ordinal)), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Should_stand_in_the_documentation_by_its_names()
    {
        var names = new ConcurrentDictionary<string, bool>(StringComparer.Ordinal);
        using var listener = new MeterListener { InstrumentPublished = (instrument, _) => names.TryAdd(instrument.Meter.Name == CustomsMetrics.MeterName ? instrument.Name : "", true) };
        listener.Start();
        await using var world = await CustomsWorld.StartAsync();
        names.TryRemove("", out _);
        Assert.True(names.Count >= 9, string.Join(' ', names.Keys));
        var page = await File.ReadAllTextAsync(Path.Combine(Root, "docs", "observability.md"));
        string[] spans = ["customs.request", "customs.acknowledge", "customs.render", "customs.sign", "customs.upload", "customs.migrate", "customs.erase", RequestScope.OrderTag, RequestScope.SessionTag];
        Assert.All(names.Keys.Concat(spans), name => Assert.Equal(2, page.Split($"`{name}`").Length - 1));
    }

    /// <summary>What the module's source says.</summary>
    private sealed class Spans : IDisposable
    {
        private readonly ConcurrentQueue<Activity> _ended = new();
        private readonly ActivityListener _listener;

        public Spans()
        {
            _listener = new ActivityListener
            {
                ShouldListenTo = source => source.Name == Traces.SourceName,
                Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
                ActivityStopped = _ended.Enqueue,
            };
            ActivitySource.AddActivityListener(_listener);
        }

        /// <summary>Those of a session, when so many have ended.</summary>
        public async Task<IReadOnlyList<Activity>> OfAsync(string sessionId, int count) => await Hosting.Waiting.ForAsync(
            () => Task.FromResult(_ended.Where(span => span.GetTagItem(RequestScope.SessionTag) as string == sessionId).ToList()), spans => spans.Count >= count);

        public void Dispose() => _listener.Dispose();
    }
}
