using Erp.Customs.Module;
using Erp.Customs.Module.Signing;
using Erp.Customs.Module.Signing.Pkcs11;
using Erp.Customs.Simulator;
using Erp.Customs.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Erp.Customs.Tests.Signing;

/// <summary>A key in a PKCS#11 device does what every signer must, with its certificate from the device.</summary>
public sealed class Pkcs11SignerCompliance : SignerCompliance<SoftHsm>
{
    internal const string Pin = "Kanarienvogel-7";

    private protected override string Kind => "Pkcs11";

    internal static MerchantOptions Merchant(SoftToken token, string pin = Pin, string? keyLabel = null, string? certificateFile = null) =>
        new("ningbo", "3302660075", RawPolicy.Raw, new SigningOptions("Pkcs11", "", null, certificateFile) { Library = SoftToken.Library, TokenLabel = token.Label, KeyLabel = keyLabel, Pin = pin });

    internal static ISigner Open(MerchantOptions merchant, TimeProvider time) => Pkcs11Signer.Open(merchant, time, NullLogger.Instance);

    private protected override ValueTask<ISigner> OpenAsync() => ValueTask.FromResult(Open(Merchant(SoftToken.Create(Pin, (TestCards.Rsa, "sign"))), Time));
}

/// <summary>What goes wrong at the device, and what must never happen then.</summary>
public sealed class When_a_PKCS_11_device_fails : NeedsTool<SoftHsm>, IDisposable
{
    private readonly ManualTime _time = new();
    private readonly KeyFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [EngineFact]
    public async Task Should_try_a_PIN_once_however_many_ask_until_a_person_reopens_it()
    {
        var token = SoftToken.Create(Pkcs11SignerCompliance.Pin, (TestCards.Rsa, "sign"));
        await using var signer = Pkcs11SignerCompliance.Open(Pkcs11SignerCompliance.Merchant(token, pin: "wrong-12345"), _time);

        var failures = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Assert.ThrowsAsync<SignerException>(() => signer.SignAsync(TestCards.Request, default))));

        Assert.All(failures, failure => Assert.Equal(SignerFailure.Pin, failure.Failure));
        Assert.All(failures, failure => Assert.DoesNotContain("wrong-12345", failure.Message, StringComparison.Ordinal));
        Assert.Equal(_time.GetUtcNow(), signer.ClosedAt);
        Assert.True(token.PinCountIsLow);

        // The officer makes it the right one: who is not asked cannot know.
        token.SetPin("wrong-12345");
        Assert.Equal(SignerFailure.Pin, (await Assert.ThrowsAsync<SignerException>(() => signer.SignAsync(TestCards.Request, default))).Failure);
        signer.Reopen();
        await SignsAsync(signer);
    }

    [EngineFact]
    public async Task Should_take_the_key_that_is_named_and_its_certificate()
    {
        var other = TestCards.Issue(CardKind.Rsa1024);
        var token = SoftToken.Create(Pkcs11SignerCompliance.Pin, (TestCards.Rsa, "first"), (other, "the second"));
        await using var signer = Pkcs11SignerCompliance.Open(Pkcs11SignerCompliance.Merchant(token, keyLabel: "the second"), _time);
        Assert.Equal(other.CertNo, (await SignsAsync(signer)).CertNo);

        await using var unnamed = Pkcs11SignerCompliance.Open(Pkcs11SignerCompliance.Merchant(token), _time);
        var refused = await Assert.ThrowsAsync<SignerException>(() => unnamed.SignAsync(TestCards.Request, default));
        Assert.Equal(SignerFailure.Configuration, refused.Failure);
        Assert.Contains("KeyLabel", refused.Message, StringComparison.Ordinal);
    }

    [EngineFact]
    public async Task Should_take_the_certificate_from_the_settings_where_one_is_named()
    {
        var token = SoftToken.Create(Pkcs11SignerCompliance.Pin, (TestCards.Rsa, "sign"));
        TestCards.Rsa.WriteCertificate(_folder["rsa.cer"]);
        await using var signer = Pkcs11SignerCompliance.Open(Pkcs11SignerCompliance.Merchant(token, certificateFile: _folder["rsa.cer"]), _time);
        Assert.Equal(TestCards.Rsa.CertNo, (await SignsAsync(signer)).CertNo);

        _time.Jump(TimeSpan.FromDays(4 * 366));
        Assert.Equal(SignerFailure.Configuration, (await Assert.ThrowsAsync<SignerException>(() => signer.SignAsync(TestCards.Request, default))).Failure);
    }

    [EngineFact]
    public async Task Should_never_give_out_what_another_key_signed_as_if_it_were_the_certificate_s()
    {
        var token = SoftToken.Create(Pkcs11SignerCompliance.Pin, (TestCards.Issue(CardKind.Rsa1024), "sign"));
        TestCards.Rsa.WriteCertificate(_folder["rsa.cer"]);
        await using var signer = Pkcs11SignerCompliance.Open(Pkcs11SignerCompliance.Merchant(token, certificateFile: _folder["rsa.cer"]), _time);

        var signature = await signer.SignAsync(TestCards.Request, default);

        Assert.False(SignatureCheck.Verify(TestCards.TextOf(signature), signature, _time.GetUtcNow()).Ok);
    }

    [EngineFact]
    public async Task Should_say_that_SM2_is_not_for_it()
    {
        var token = SoftToken.Create(Pkcs11SignerCompliance.Pin, (TestCards.Sm2, "sign"));
        await using var signer = Pkcs11SignerCompliance.Open(Pkcs11SignerCompliance.Merchant(token), _time);

        var refused = await Assert.ThrowsAsync<SignerException>(() => signer.SignAsync(TestCards.Request, default));

        Assert.Equal(SignerFailure.Configuration, refused.Failure);
        Assert.Contains("SM2", refused.Message, StringComparison.Ordinal);
    }

    [EngineFact]
    public async Task Should_sign_with_the_renewed_certificate_that_the_token_has_now()
    {
        var token = SoftToken.Create(Pkcs11SignerCompliance.Pin, (TestCards.Rsa, "sign"));
        await using var signer = Pkcs11SignerCompliance.Open(Pkcs11SignerCompliance.Merchant(token), _time);
        Assert.Equal(TestCards.Rsa.CertNo, (await SignsAsync(signer)).CertNo);
        _time.Jump(TimeSpan.FromDays(4 * 366));
        var renewed = new CardIssuer(_time).Issue(CardKind.Rsa1024, "renewed");
        Assert.Equal(SignerFailure.Configuration, (await Assert.ThrowsAsync<SignerException>(() => signer.SignAsync(TestCards.Request, default))).Failure);

        token.Replace(Pkcs11SignerCompliance.Pin, (renewed, "sign"));

        Assert.Equal(renewed.CertNo, (await SignsAsync(signer)).CertNo);
    }

    [EngineFact]
    public async Task Should_be_away_without_its_token()
    {
        var token = SoftToken.Create(Pkcs11SignerCompliance.Pin, (TestCards.Rsa, "sign"));
        var merchant = Pkcs11SignerCompliance.Merchant(token);
        await using var signer = Pkcs11SignerCompliance.Open(merchant with { Signing = merchant.Signing with { TokenLabel = "pulled out" } }, _time);

        Assert.Equal(SignerFailure.Transient, (await Assert.ThrowsAsync<SignerException>(() => signer.SignAsync(TestCards.Request, default))).Failure);
        Assert.Null(signer.ClosedAt);
    }

    [EngineFact]
    public async Task Should_be_refused_with_a_sentence_where_the_library_is_none()
    {
        var merchant = Pkcs11SignerCompliance.Merchant(SoftToken.Create(Pkcs11SignerCompliance.Pin, (TestCards.Rsa, "sign")));
        var nowhere = Assert.Throws<SignerException>(() => Pkcs11SignerCompliance.Open(merchant with { Signing = merchant.Signing with { Library = "/nowhere/pkcs11.so" } }, _time));
        Assert.Contains("Customs:Merchants:ningbo:Signing:Library", nowhere.Message, StringComparison.Ordinal);

        var text = _folder.Write("text.so", "no library"u8.ToArray());
        await using var signer = Pkcs11SignerCompliance.Open(merchant with { Signing = merchant.Signing with { Library = text } }, _time);
        var refused = await Assert.ThrowsAsync<SignerException>(() => signer.SignAsync(TestCards.Request, default));
        Assert.Equal(SignerFailure.Configuration, refused.Failure);
        Assert.DoesNotContain(text, refused.ToString(), StringComparison.Ordinal);
    }

    private async Task<Signature> SignsAsync(ISigner signer)
    {
        var signature = await signer.SignAsync(TestCards.Request, default);
        var check = SignatureCheck.Verify(TestCards.TextOf(signature), signature, _time.GetUtcNow());
        Assert.True(check.Ok, check.Sentence);
        return signature;
    }
}
