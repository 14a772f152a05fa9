using Erp.Customs.Module;
using Erp.Customs.Module.Rendering;
using Erp.Customs.Module.Signing;
using Erp.Customs.Module.Storage;
using Erp.Customs.Module.Upload;
using Erp.Customs.Tests.Signing;
using Erp.Customs.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Erp.Customs.Tests.Upload;

/// <summary>The gate in front of several signers, with a clock that the test moves.</summary>
public sealed class When_signers_are_asked_in_order : IAsyncLifetime
{
    private readonly ManualTime _time = new();
    private readonly List<string> _asked = [];
    private CustomsWorld _world = null!;

    public async Task InitializeAsync() => _world = await CustomsWorld.StartAsync();

    public async Task DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public async Task Should_leave_time_for_the_others_when_the_first_hangs()
    {
        var gate = Gate(_ => new TaskCompletionSource<Signature>().Task, Signs);
        var signing = gate.SignAsync("ningbo", TestCards.Request, CancellationToken.None);
        var began = _time.GetUtcNow();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!signing.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(20, limit.Token);
        }

        Assert.Equal("1", (await signing).CertNo);
        Assert.InRange(_time.GetUtcNow() - began, TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(25));

        // Who hung is asked behind the others, until it is time to see whether it is back.
        Assert.Equal("1", (await gate.SignAsync("ningbo", TestCards.Request, CancellationToken.None)).CertNo);
        Assert.Equal(["0", "1", "1"], _asked);
    }

    [Fact]
    public async Task Should_ask_the_first_again_within_30_seconds_of_its_return()
    {
        var away = true;
        var gate = Gate(request => away ? throw new SignerException(SignerFailure.Transient, "away") : Signs(request), Signs);
        await gate.SignAsync("ningbo", TestCards.Request, CancellationToken.None);
        for (var minute = 0; minute < 60; minute++)
        {
            _time.Advance(TimeSpan.FromMinutes(1));
            Assert.Equal("1", (await gate.SignAsync("ningbo", TestCards.Request, CancellationToken.None)).CertNo);
        }

        away = false;
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal("0", (await gate.SignAsync("ningbo", TestCards.Request, CancellationToken.None)).CertNo);
        Assert.Equal("0", (await gate.SignAsync("ningbo", TestCards.Request, CancellationToken.None)).CertNo);
    }

    [Fact]
    public async Task Should_ask_all_of_them_while_none_is_known_to_be_well()
    {
        var well = false;
        Task<Signature> Sometimes(SigningRequest request) => well ? Signs(request) : throw new SignerException(SignerFailure.Transient, "away");
        var gate = Gate(Sometimes, Sometimes, Sometimes);
        await Assert.ThrowsAsync<SignerException>(() => gate.SignAsync("ningbo", TestCards.Request, CancellationToken.None));
        await Assert.ThrowsAsync<SignerException>(() => gate.SignAsync("ningbo", TestCards.Request, CancellationToken.None));
        Assert.Equal(["0", "1", "2", "0", "1", "2"], _asked);

        well = true;
        Assert.Equal("0", (await gate.SignAsync("ningbo", TestCards.Request, CancellationToken.None)).CertNo);
    }

    [Theory]
    [InlineData("Configuration", "Transient", "Transient")]
    [InlineData("Pin", "Transient", "Transient")]
    [InlineData("Pin", "Configuration", "Configuration")]
    [InlineData("Pin", "Pin", "Pin")]
    public async Task Should_fail_by_what_has_most_hope(string first, string second, string together)
    {
        var gate = Gate(_ => throw new SignerException(Enum.Parse<SignerFailure>(first), first), _ => throw new SignerException(Enum.Parse<SignerFailure>(second), second));

        var failed = await Assert.ThrowsAsync<SignerException>(() => gate.SignAsync("ningbo", TestCards.Request, CancellationToken.None));

        Assert.Equal((Enum.Parse<SignerFailure>(together), together), (failed.Failure, failed.Message));
    }

    [Fact]
    public async Task Should_stop_asking_when_it_is_given_up()
    {
        using var given = new CancellationTokenSource();
        var gate = Gate(_ => new TaskCompletionSource<Signature>().Task, Signs);
        var signing = gate.SignAsync("ningbo", TestCards.Request, given.Token);
        await given.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => signing);
        Assert.Equal(["0"], _asked);
    }

    private static Task<Signature> Signs(SigningRequest request) => Task.FromResult(new Signature(request.ProposedServiceTime, "", "", []));

    private SignerGate Gate(params Func<SigningRequest, Task<Signature>>[] devices)
    {
        var known = _world.Modules.Find<CustomsOptions>()!;
        var keys = devices.Select((_, number) => new SigningOptions($"{number}", "", null, null)).ToList();
        var options = known with
        {
            Merchants = new Dictionary<string, MerchantOptions>(StringComparer.Ordinal) { ["ningbo"] = known.Merchants["ningbo"] with { Signing = keys[0], Substitutes = keys[1..] } },
        };
        var kinds = devices.Select((sign, number) => ($"{number}", sign)).ToDictionary(
            one => one.Item1, one => (OpenSigner)((_, _, _) => new Device(one.Item1, one.sign, _asked)), StringComparer.Ordinal);
        var signers = new Signers(options, _time, NullLogger<Signers>.Instance, kinds);
        return new SignerGate(signers, _world.Modules.Find<RequestTable>()!, _world.Modules.Find<PersonNotice>()!, options, _time, NullLogger<SignerGate>.Instance);
    }

    private sealed class Device(string name, Func<SigningRequest, Task<Signature>> sign, List<string> asked) : ISigner
    {
        public string Kind => "Device";

        public string Name => name;

        public async Task<Signature> SignAsync(SigningRequest request, CancellationToken cancellationToken)
        {
            asked.Add(name);
            return await sign(request) with { CertNo = name };
        }

        public Task<SignerCertificate> CertificateAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
