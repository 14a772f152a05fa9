using System.Net;
using Erp.Customs.Module;
using Erp.Customs.Simulator;
using Erp.Customs.Tests.Hosting;
using Erp.Customs.Tests.Support;

namespace Erp.Customs.Tests.Upload;

/// <summary>Two cards at two controls: the second signs while the first does not, and the first is preferred again when it is back.</summary>
public sealed class When_a_merchant_has_several_signers : IAsyncLifetime
{
    private const string Pin = "88888888";
    private const string Wrong = "13572468";

    private EportControl _first = null!;
    private EportControl _second = null!;
    private CustomsWorld? _world;
    private int _orders;

    private CustomsWorld World => _world!;

    public async Task InitializeAsync()
    {
        var issuer = new CardIssuer(TimeProvider.System);
        _first = await EportControl.StartAsync(issuer.Issue(CardKind.Sm2, "宁波海淘"), Pin);
        _second = await EportControl.StartAsync(issuer.Issue(CardKind.Rsa1024, "宁波海淘"), Pin);
    }

    public async Task DisposeAsync()
    {
        await (_world?.DisposeAsync() ?? ValueTask.CompletedTask);
        await _first.DisposeAsync();
        await _second.DisposeAsync();
    }

    [Theory]
    [InlineData(EportMood.Unplugged)]
    [InlineData(EportMood.Garbage)]
    [InlineData(EportMood.OtherCertNo)]
    public async Task Should_sign_with_the_next_while_the_preferred_one_fails_and_with_it_again_when_it_is_back(EportMood mood)
    {
        await StartAsync(Pin, Pin);
        Assert.Equal(_first.Card.CertNo, await AskedAsync());

        _first.Mood = mood;
        for (var request = 0; request < 6; request++)
        {
            Assert.Equal(_second.Card.CertNo, await AskedAsync());
        }

        var incident = Assert.Single(await OpenAsync());
        Assert.Equal((UploadIncidentKind.SignerAway, "ningbo", 0L), (incident.Kind, incident.Merchant, incident.Waiting));
        Assert.Contains(_first.Address.ToString(), incident.Reason, StringComparison.Ordinal);

        _first.Mood = EportMood.Well;
        await Waiting.ForAsync(AskedAsync, certNo => certNo == _first.Card.CertNo);
        Assert.Empty(await OpenAsync());
        Assert.Equal((0, 0), (_first.WrongPins, _second.WrongPins));
    }

    [Fact]
    public async Task Should_close_the_one_with_a_wrong_PIN_alone_also_over_a_restart_until_a_person_reopens_it()
    {
        await StartAsync(Wrong, Pin);
        foreach (var certNo in await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => AskedAsync())))
        {
            Assert.Equal(_second.Card.CertNo, certNo);
        }

        await World.Modules.DisableAsync("Erp.Customs", CancellationToken.None);
        await World.Modules.EnableAsync("Erp.Customs", CancellationToken.None);
        Assert.Equal(_second.Card.CertNo, await AskedAsync());
        var tests = (await World.Services.TestSigningAsync("ningbo", CancellationToken.None))!;
        Assert.Equal([false, true], tests.Select(test => test.Ok));

        Assert.Equal((1, 1), (_first.WrongPins, _first.Calls.Count));
        var incident = Assert.Single(await OpenAsync());
        Assert.Equal((UploadIncidentKind.SignerClosed, "ningbo", null), (incident.Kind, incident.Merchant, incident.NextProbeAt));
        Assert.Equal(1L, await World.SqlAsync("SELECT COUNT(*) FROM alert_message WHERE kind = 'signer_closed'"));
        Assert.Equal(0L, await World.SqlAsync("SELECT COUNT(*) FROM alert_message WHERE kind = 'uploads_stopped'"));

        _first.Pin = Wrong;
        using var reopened = await World.SendAsync(HttpMethod.Post, "/customs/api/merchants/ningbo/reopen-uploads");
        Assert.Equal(HttpStatusCode.NoContent, reopened.StatusCode);
        Assert.Equal(_first.Card.CertNo, await AskedAsync());
        Assert.Empty(await OpenAsync());
    }

    [Fact]
    public async Task Should_stop_when_none_is_left()
    {
        await StartAsync(Wrong, Wrong);
        var (_, sessionId) = await AskAsync();

        var incident = await Waiting.ForAsync(async () => (await OpenAsync()).SingleOrDefault(), one => one is { Kind: UploadIncidentKind.MerchantStopped, Waiting: 1 });

        Assert.Contains("PIN", incident!.Reason, StringComparison.Ordinal);
        Assert.Equal((1, 1), (_first.Calls.Count, _second.Calls.Count));
        Assert.Equal(1L, await World.SqlAsync("SELECT COUNT(*) FROM alert_message WHERE kind = 'uploads_stopped'"));
        (_first.Pin, _second.Pin) = (Wrong, Wrong);
        Assert.True(await World.Services.ReopenUploadsAsync("ningbo", "王五", CancellationToken.None));
        Assert.Equal(_first.Card.CertNo, (await World.WaitAsync(sessionId, "accepted")).CertNo);
    }

    [Fact]
    public async Task Should_be_told_of_the_one_that_stays_away()
    {
        await StartAsync(Pin, Pin);
        _first.Mood = EportMood.Busy;

        await Waiting.ForAsync(
            async () =>
            {
                await AskedAsync();
                return await World.SqlAsync("SELECT COUNT(*) FROM alert_message WHERE kind = 'signer_away'");
            },
            told => told is 1L);

        Assert.Contains(_first.Address.ToString(), (string)(await World.SqlAsync("SELECT subject FROM alert_message WHERE kind = 'signer_away'"))!, StringComparison.Ordinal);
    }

    private async Task StartAsync(string firstPin, string secondPin)
    {
        _world = await CustomsWorld.StartAsync(new(StringComparer.Ordinal)
        {
            ["Customs:Merchants:ningbo:Signing:Kind"] = null,
            ["Customs:Merchants:ningbo:Signing:KeyFile"] = null,
            ["Customs:Merchants:ningbo:Signing:KeyPassword"] = null,
            ["Customs:Merchants:ningbo:Signing:0:Kind"] = "EportClient",
            ["Customs:Merchants:ningbo:Signing:0:Address"] = _first.Address.ToString(),
            ["Customs:Merchants:ningbo:Signing:0:Pin"] = firstPin,
            ["Customs:Merchants:ningbo:Signing:1:Kind"] = "EportClient",
            ["Customs:Merchants:ningbo:Signing:1:Address"] = _second.Address.ToString(),
            ["Customs:Merchants:ningbo:Signing:1:Pin"] = secondPin,
            ["Customs:Circuit:Failures"] = "2",
            ["Customs:Circuit:ProbeEvery"] = "1",
        });
        World.Customs.Register.RegisterPem(_first.Card.CertNo, CustomsWorld.EbpNingbo, _first.Card.CertificatePem);
        World.Customs.Register.RegisterPem(_second.Card.CertNo, CustomsWorld.EbpNingbo, _second.Card.CertificatePem);
    }

    private async Task<(string Order, string SessionId)> AskAsync()
    {
        var number = Interlocked.Increment(ref _orders);
        await World.DeliveredAsync(CustomsWorld.Payment($"T{number}", $"SO{number}"));
        return ($"SO{number}", (await World.AskAsync($"SO{number}")).SessionId);
    }

    /// <returns>The certificate with which customs accepted the answer.</returns>
    private async Task<string?> AskedAsync() => (await World.WaitAsync((await AskAsync()).SessionId, "accepted")).CertNo;

    private Task<IReadOnlyList<UploadIncident>> OpenAsync() => World.Modules.Find<IUploadIncidents>()!.OpenAsync(CancellationToken.None);
}
