using Erp.Customs.Module;
using Erp.Customs.Module.Rendering;
using Erp.Customs.Module.Signing;
using Erp.Customs.Module.Signing.Cbt;
using Erp.Customs.Simulator;
using Erp.Customs.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Erp.Customs.Tests.Signing;

/// <summary>The Shanghai CBT gateway does what every signer must, with a serviceTime of its own.</summary>
public abstract class CbtSignerCompliance(CardKind card) : SignerCompliance
{
    private CbtStage? _stage;

    private protected override string Kind => "CbtGateway";

    private protected override bool MakesServiceTime => true;

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await _stage!.DisposeAsync();
    }

    private protected override async ValueTask<ISigner> OpenAsync()
    {
        _stage = await CbtStage.StartAsync(TestCards.Of(card), Time);
        return _stage.Open();
    }
}

public sealed class RsaCbtSignerCompliance() : CbtSignerCompliance(CardKind.Rsa1024);

public sealed class Sm2CbtSignerCompliance() : CbtSignerCompliance(CardKind.Sm2);

/// <summary>A gateway and a merchant that signs there.</summary>
internal sealed class CbtStage : IAsyncDisposable
{
    public const string Token = "kanarienvogel-token-0123456789ab";

    private readonly KeyFolder _folder = new();
    private readonly TimeProvider _time;

    private CbtStage(CbtGateway gateway, TimeProvider time) => (Gateway, _time) = (gateway, time);

    public CbtGateway Gateway { get; }

    public static async Task<CbtStage> StartAsync(IssuedCard card, TimeProvider time)
    {
        var stage = new CbtStage(await CbtGateway.StartAsync(card, Token, time: time), time);
        card.WriteCertificate(stage._folder["cbt.cer"]);
        return stage;
    }

    public MerchantOptions Merchant(string? certificateFile = null, bool asInTable = false, string token = Token) =>
        new("ningbo", "3302660075", RawPolicy.Raw, new SigningOptions("CbtGateway", "", null, certificateFile ?? _folder["cbt.cer"])
        {
            Address = Gateway.Address,
            Cbt = new CbtOptions("宁波海淘贸易有限公司", "3302660075", token, asInTable),
        });

    public ISigner Open(MerchantOptions? merchant = null) => CbtSigner.Open(merchant ?? Merchant(), new CbtWriter(), _time, NullLogger.Instance);

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        _folder.Dispose();
    }
}

/// <summary>What goes wrong at the gateway, and what must never happen then.</summary>
public sealed class When_the_CBT_gateway_fails : IAsyncLifetime
{
    private readonly ManualTime _time = new();
    private CbtStage _stage = null!;
    private ISigner _signer = null!;

    public async Task InitializeAsync()
    {
        _stage = await CbtStage.StartAsync(TestCards.Sm2, _time);
        _signer = _stage.Open();
    }

    public async Task DisposeAsync()
    {
        await _signer.DisposeAsync();
        await _stage.DisposeAsync();
    }

    [Theory]
    [InlineData(CbtMood.SystemError, "Transient")]
    [InlineData(CbtMood.UnknownError, "Transient")]
    [InlineData(CbtMood.Busy, "Transient")]
    [InlineData(CbtMood.OtherCertNo, "Transient")]
    [InlineData(CbtMood.OtherSerial, "Transient")]
    [InlineData(CbtMood.Garbage, "Transient")]
    [InlineData(CbtMood.Cut, "Transient")]
    [InlineData(CbtMood.Redirect, "Transient")]
    [InlineData(CbtMood.Endless, "Transient")]
    [InlineData(CbtMood.IllegalArgument, "Configuration")]
    [InlineData(CbtMood.NoPrivilege, "Configuration")]
    [InlineData(CbtMood.IllegalClientIp, "Configuration")]
    [InlineData(CbtMood.NoCertificate, "Configuration")]
    public async Task Should_be_of_its_class_and_sign_when_it_is_well(CbtMood mood, string failure)
    {
        for (var round = 0; round < 10; round++)
        {
            _stage.Gateway.Mood = mood;
            var failed = await Assert.ThrowsAsync<SignerException>(() => _signer.SignAsync(TestCards.Request, default));
            Assert.Equal(failure, failed.Failure.ToString());
            Assert.DoesNotContain(CbtStage.Token, failed.ToString(), StringComparison.Ordinal);
            _stage.Gateway.Mood = CbtMood.Well;
            await SignsAsync();
        }

        Assert.Equal(0, _stage.Gateway.Followed);
    }

    [Fact]
    public async Task Should_tell_how_to_get_onto_the_list_of_allowed_addresses()
    {
        _stage.Gateway.AllowedAddresses = [System.Net.IPAddress.Parse("203.0.113.7")];

        var failed = await Assert.ThrowsAsync<SignerException>(() => _signer.SignAsync(TestCards.Request, default));

        Assert.Contains("ILLEGAL_CLIENT_IP", failed.Message, StringComparison.Ordinal);
        Assert.Contains("公网 IP", failed.Message, StringComparison.Ordinal);
        Assert.Contains("the public IP", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_not_be_waited_for_for_ever()
    {
        _stage.Gateway.Mood = CbtMood.Hanging;
        var signing = _signer.SignAsync(TestCards.Request, default);
        var began = _time.GetUtcNow();
        while (!signing.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(1);
        }

        Assert.Equal(SignerFailure.Transient, (await Assert.ThrowsAsync<SignerException>(() => signing)).Failure);
        Assert.True(_time.GetUtcNow() - began < TimeSpan.FromSeconds(60));
        _stage.Gateway.Mood = CbtMood.Well;
        await SignsAsync();
    }

    [Fact]
    public async Task Should_be_away_while_nobody_listens()
    {
        await _stage.Gateway.DisposeAsync();

        Assert.Equal(SignerFailure.Transient, (await Assert.ThrowsAsync<SignerException>(() => _signer.SignAsync(TestCards.Request, default))).Failure);
    }

    [Fact]
    public async Task Should_never_give_out_the_signature_of_another_text()
    {
        _stage.Gateway.Mood = CbtMood.OtherText;

        var signature = await _signer.SignAsync(TestCards.Request, default);

        Assert.False(SignatureCheck.Verify(TestCards.TextOf(signature), signature, _time.GetUtcNow()).Ok);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Should_be_asked_with_numbers_of_its_own_in_China_time_by_either_spelling(bool asInTable)
    {
        await using var signer = _stage.Open(_stage.Merchant(asInTable: asInTable));
        for (var round = 0; round < 20; round++)
        {
            await signer.SignAsync(TestCards.Request, default);
        }

        Assert.Equal(20, _stage.Gateway.Calls.Select(call => call.SerialNumber).Distinct(StringComparer.Ordinal).Count());
        Assert.All(_stage.Gateway.Calls, call => Assert.Equal(("20261111100000", asInTable), (call.CommitTime, call.AsInTable)));
    }

    [Fact]
    public async Task Should_not_be_asked_for_more_than_it_takes()
    {
        var failed = await Assert.ThrowsAsync<SignerException>(() => _signer.SignAsync(TestCards.Request with { Head = $$"""{"note":"{{new string('x', 1_600_000)}}"}""" }, default));

        Assert.Equal(SignerFailure.Configuration, failed.Failure);
        Assert.Empty(_stage.Gateway.Calls);
    }

    [Fact]
    public async Task Should_not_be_asked_with_a_certificate_outside_its_term()
    {
        _time.Jump(TimeSpan.FromDays(4 * 366));

        Assert.Equal(SignerFailure.Configuration, (await Assert.ThrowsAsync<SignerException>(() => _signer.SignAsync(TestCards.Request, default))).Failure);
        Assert.Empty(_stage.Gateway.Calls);
    }

    [Fact]
    public void Should_not_start_without_a_certificate()
    {
        var refused = Assert.Throws<SignerException>(() => _stage.Open(_stage.Merchant(certificateFile: "")));

        Assert.Equal(SignerFailure.Configuration, refused.Failure);
        Assert.Contains("Customs:Merchants:ningbo:Signing:CertificateFile", refused.Message, StringComparison.Ordinal);
    }

    private async Task SignsAsync()
    {
        var signature = await _signer.SignAsync(TestCards.Request, default);
        var check = SignatureCheck.Verify(TestCards.TextOf(signature), signature, _time.GetUtcNow());
        Assert.True(check.Ok, check.Sentence);
    }
}
