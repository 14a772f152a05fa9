using Erp.Customs.Module;
using Erp.Customs.Module.Upload;
using Erp.Customs.Tests.Support;

namespace Erp.Customs.Tests.Upload;

/// <summary>One circuit, by a clock that a test moves.</summary>
public class UploadCircuitTests
{
    private readonly ManualTime _time = new();
    private readonly UploadCircuit _circuit;

    public UploadCircuitTests() => _circuit = new UploadCircuit(new CircuitOptions(3, TimeSpan.FromSeconds(5)), _time);

    [Fact]
    public void It_opens_after_failures_in_a_row_and_not_before()
    {
        Fail(2);
        Assert.False(_circuit.Succeeded());
        Fail(2);
        Assert.Null(_circuit.Outage);
        Assert.Null(_circuit.WaitUntil());
        Assert.Equal(3, _circuit.Failed("third"));
        Assert.NotNull(_circuit.WaitUntil());
    }

    [Fact]
    public void It_is_one_outage_that_began_with_the_first_failure_and_tells_the_last_reason()
    {
        var began = _time.GetUtcNow();
        _circuit.Failed("first");
        _time.Advance(TimeSpan.FromSeconds(20));
        _circuit.Failed("second");
        _circuit.Failed("third");
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Null(_circuit.WaitUntil());
        Assert.Equal(4, _circuit.Failed("the probe"));
        Assert.Equal(new CircuitOutage(began, "the probe", _time.GetUtcNow().AddSeconds(5)), _circuit.Outage);
    }

    [Fact]
    public void It_lets_one_through_now_and_then_though_the_one_before_hangs()
    {
        Fail(3);
        Assert.NotNull(_circuit.WaitUntil());
        for (var probe = 0; probe < 3; probe++)
        {
            _time.Advance(TimeSpan.FromSeconds(5));
            Assert.Null(_circuit.WaitUntil());
            Assert.NotNull(_circuit.WaitUntil());
        }
    }

    [Fact]
    public void Who_waits_comes_back_at_the_probe_one_after_the_other_and_never_much_later()
    {
        Fail(3);
        var probe = _circuit.Outage!.NextProbeAt;
        var waits = Enumerable.Range(0, 2000).Select(_ => _circuit.WaitUntil()!.Value).ToList();
        Assert.Equal(probe, waits[0]);
        Assert.Equal(20, waits.Count(wait => wait < probe.AddSeconds(1)));
        Assert.Equal(probe.AddSeconds(30), waits.Max());
    }

    [Fact]
    public void It_closes_with_the_first_success_and_says_so_once()
    {
        Fail(3);
        Assert.True(_circuit.Succeeded());
        Assert.False(_circuit.Succeeded());
        Assert.Null(_circuit.Outage);
        Assert.Null(_circuit.WaitUntil());
    }

    [Fact]
    public void It_leaves_the_other_side_alone_as_long_as_that_asks()
    {
        Fail(2);
        _circuit.Failed("503", TimeSpan.FromSeconds(40));
        Assert.Equal(_time.GetUtcNow().AddSeconds(40), _circuit.Outage!.NextProbeAt);
        _circuit.Failed("one that was on its way");
        Assert.Equal(_time.GetUtcNow().AddSeconds(40), _circuit.Outage!.NextProbeAt);
    }

    private void Fail(int times)
    {
        for (var time = 0; time < times; time++)
        {
            _circuit.Failed("away");
        }
    }
}
