using Erp.Customs.Module;
using Erp.Customs.Module.Signing;
using Erp.Customs.Module.Signing.Eport;
using Erp.Customs.Simulator;
using Erp.Customs.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Erp.Customs.Tests.Signing;

/// <summary>A card at an EportClient control does what every signer must.</summary>
public abstract class EportSignerCompliance(CardKind card) : SignerCompliance
{
    internal const string Pin = "88888888";

    private EportControl? _control;

    private protected override string Kind => "EportClient";

    internal static MerchantOptions Merchant(Uri address, string pin = Pin) => new("ningbo", "3302660075", RawPolicy.Raw, new SigningOptions("EportClient", "", null, null) { Address = address, Pin = pin });

    internal static ISigner Open(EportControl control, TimeProvider time, string pin = Pin) => EportSigner.Open(Merchant(control.Address, pin), time, NullLogger.Instance);

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await _control!.DisposeAsync();
    }

    private protected override async ValueTask<ISigner> OpenAsync()
    {
        _control = await EportControl.StartAsync(TestCards.Of(card), Pin);
        return Open(_control, Time);
    }
}

public sealed class RsaEportSignerCompliance() : EportSignerCompliance(CardKind.Rsa1024);

public sealed class Sm2EportSignerCompliance() : EportSignerCompliance(CardKind.Sm2);

/// <summary>What goes wrong at the card, and what must never happen then.</summary>
public sealed class When_a_card_or_its_control_fails
{
    private readonly ManualTime _time = new();

    [Theory]
    [InlineData(EportMood.Unplugged)]
    [InlineData(EportMood.Busy)]
    [InlineData(EportMood.OtherCertNo)]
    [InlineData(EportMood.Garbage)]
    [InlineData(EportMood.Cut)]
    public async Task Should_be_tried_again_and_sign_when_it_is_well(EportMood mood)
    {
        await using var control = await EportControl.StartAsync(TestCards.Sm2, EportSignerCompliance.Pin);
        await using var signer = EportSignerCompliance.Open(control, _time);
        await SignsAsync(signer);

        for (var round = 0; round < 50; round++)
        {
            control.Mood = mood;
            var failed = await Assert.ThrowsAsync<SignerException>(() => signer.SignAsync(TestCards.Request, default));
            Assert.Equal(SignerFailure.Transient, failed.Failure);
            control.Mood = EportMood.Well;
            await SignsAsync(signer);
        }

        Assert.Equal(0, control.WrongPins);
        Assert.Null(signer.ClosedAt);
    }

    [Theory]
    [InlineData(EportMood.Hanging)]
    [InlineData(EportMood.OtherId)]
    public async Task Should_not_be_waited_for_for_ever(EportMood mood)
    {
        await using var control = await EportControl.StartAsync(TestCards.Rsa, EportSignerCompliance.Pin);
        await using var signer = EportSignerCompliance.Open(control, _time);
        await SignsAsync(signer);

        for (var round = 0; round < 10; round++)
        {
            control.Mood = mood;
            var signing = signer.SignAsync(TestCards.Request, default);
            while (!signing.IsCompleted)
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                await Task.Delay(1);
            }

            Assert.Equal(SignerFailure.Transient, (await Assert.ThrowsAsync<SignerException>(() => signing)).Failure);
            control.Mood = EportMood.Well;
            await SignsAsync(signer);
        }
    }

    [Fact]
    public async Task Should_never_give_out_the_signature_of_another_text()
    {
        await using var control = await EportControl.StartAsync(TestCards.Rsa, EportSignerCompliance.Pin);
        await using var signer = EportSignerCompliance.Open(control, _time);
        control.Mood = EportMood.OtherText;

        var signature = await signer.SignAsync(TestCards.Request, default);

        Assert.False(SignatureCheck.Verify(TestCards.TextOf(signature), signature, _time.GetUtcNow()).Ok);
    }

    [Theory]
    [InlineData("00000000", EportMood.Well)]
    [InlineData(EportSignerCompliance.Pin, EportMood.Unknown)]
    public async Task Should_try_a_PIN_once_however_many_ask_until_a_person_reopens_it(string pin, EportMood mood)
    {
        await using var control = await EportControl.StartAsync(TestCards.Sm2, EportSignerCompliance.Pin);
        await using var signer = EportSignerCompliance.Open(control, _time, pin);
        await signer.CertificateAsync(default);
        control.Mood = mood;

        var failures = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Assert.ThrowsAsync<SignerException>(() => signer.SignAsync(TestCards.Request, default))));

        Assert.All(failures, failure => Assert.Equal(SignerFailure.Pin, failure.Failure));
        Assert.All(failures, failure => Assert.DoesNotContain(pin, failure.Message, StringComparison.Ordinal));
        Assert.Equal(mood == EportMood.Well ? 1 : 0, control.Calls.Count);
        Assert.Equal(_time.GetUtcNow(), signer.ClosedAt);

        control.Mood = EportMood.Well;
        await Assert.ThrowsAsync<SignerException>(() => signer.SignAsync(TestCards.Request, default));
        signer.Reopen();
        if (pin == EportSignerCompliance.Pin)
        {
            await SignsAsync(signer);
        }
        else
        {
            await Assert.ThrowsAsync<SignerException>(() => signer.SignAsync(TestCards.Request, default));
            Assert.Equal(2, control.WrongPins);
        }
    }

    [Theory]
    [InlineData(EportMood.Hanging)]
    [InlineData(EportMood.Cut)]
    [InlineData(EportMood.Garbage)]
    [InlineData(EportMood.OtherId)]
    public async Task Should_not_try_a_PIN_again_that_was_never_right_when_the_answer_to_it_is_lost(EportMood mood)
    {
        const string Wrong = "00000000";
        await using var control = await EportControl.StartAsync(TestCards.Sm2, EportSignerCompliance.Pin);
        await using var signer = EportSignerCompliance.Open(control, _time, Wrong);
        await signer.CertificateAsync(default);
        control.Mood = mood;
        Assert.Equal(SignerFailure.Pin, (await FailsAsync(signer)).Failure);

        control.Mood = EportMood.Well;
        var failed = await FailsAsync(signer);

        Assert.Equal(SignerFailure.Pin, failed.Failure);
        Assert.DoesNotContain(Wrong, failed.ToString(), StringComparison.Ordinal);
        Assert.InRange(control.Calls.Count, 0, 1);
        Assert.NotNull(signer.ClosedAt);

        // After a person has reopened it, the same: whether the PIN is right is known by a signature alone.
        signer.Reopen();
        control.Mood = mood;
        Assert.Equal(SignerFailure.Pin, (await FailsAsync(signer)).Failure);
        Assert.InRange(control.Calls.Count, 0, 2);
    }

    [Fact]
    public async Task Should_not_try_a_PIN_again_that_was_never_right_when_the_caller_gave_up_meanwhile()
    {
        await using var control = await EportControl.StartAsync(TestCards.Sm2, EportSignerCompliance.Pin);
        await using var signer = EportSignerCompliance.Open(control, _time);
        await signer.CertificateAsync(default);
        control.Latency = TimeSpan.FromMinutes(1);
        using var given = new CancellationTokenSource();
        var signing = signer.SignAsync(TestCards.Request, given.Token);
        await Hosting.Waiting.ForAsync(() => Task.FromResult(control.Calls.Count), calls => calls == 1);

        await given.CancelAsync();

        await Assert.ThrowsAnyAsync<Exception>(() => signing);
        Assert.Equal(SignerFailure.Pin, (await FailsAsync(signer)).Failure);
        Assert.Single(control.Calls);
    }

    [Fact]
    public async Task Should_be_tried_again_when_what_failed_held_no_PIN()
    {
        await using var control = await EportControl.StartAsync(TestCards.Sm2, EportSignerCompliance.Pin);
        await using var signer = EportSignerCompliance.Open(control, _time);
        control.Mood = EportMood.Cut;
        Assert.Equal(SignerFailure.Transient, (await FailsAsync(signer)).Failure);
        Assert.Empty(control.Calls);

        control.Mood = EportMood.Well;
        await SignsAsync(signer);
    }

    [Fact]
    public async Task Should_try_a_wrong_PIN_once_more_and_no_more_after_a_crash_before_anybody_could_write_it_down()
    {
        const string Wrong = "00000000";
        await using var control = await EportControl.StartAsync(TestCards.Sm2, EportSignerCompliance.Pin);
        // A process that has met the wrong PIN and dies: the next one knows nothing.
        await using (var before = EportSignerCompliance.Open(control, _time, Wrong))
        {
            await FailsAsync(before);
        }

        await using var after = EportSignerCompliance.Open(control, _time, Wrong);
        for (var tries = 0; tries < 5; tries++)
        {
            Assert.Equal(SignerFailure.Pin, (await FailsAsync(after)).Failure);
        }

        Assert.Equal(2, control.WrongPins);
    }

    [Fact]
    public async Task Should_sign_with_the_card_that_is_in_the_reader_now()
    {
        await using var control = await EportControl.StartAsync(TestCards.Sm2, EportSignerCompliance.Pin);
        await using var signer = EportSignerCompliance.Open(control, _time);
        await SignsAsync(signer);
        var renewed = TestCards.Issue(CardKind.Sm2);
        control.Card = renewed;

        Assert.Equal(SignerFailure.Transient, (await Assert.ThrowsAsync<SignerException>(() => signer.SignAsync(TestCards.Request, default))).Failure);

        Assert.Equal(renewed.CertNo, (await SignsAsync(signer)).CertNo);
    }

    [Fact]
    public async Task Should_not_sign_with_a_certificate_outside_its_term()
    {
        await using var control = await EportControl.StartAsync(TestCards.Sm2, EportSignerCompliance.Pin);
        await using var signer = EportSignerCompliance.Open(control, _time);
        _time.Jump(TimeSpan.FromDays(4 * 366));

        Assert.Equal(SignerFailure.Configuration, (await Assert.ThrowsAsync<SignerException>(() => signer.SignAsync(TestCards.Request, default))).Failure);

        Assert.Empty(control.Calls);
    }

    [Fact]
    public async Task Should_be_away_while_nobody_listens()
    {
        var control = await EportControl.StartAsync(TestCards.Sm2, EportSignerCompliance.Pin);
        await using var signer = EportSignerCompliance.Open(control, _time);
        await SignsAsync(signer);
        await control.DisposeAsync();

        Assert.Equal(SignerFailure.Transient, (await Assert.ThrowsAsync<SignerException>(() => signer.SignAsync(TestCards.Request, default))).Failure);

        await using var again = await EportControl.StartAsync(TestCards.Sm2, EportSignerCompliance.Pin, $"http://127.0.0.1:{control.Address.Port}");
        await SignsAsync(signer);
    }

    [Fact]
    public void Should_not_start_without_a_PIN() =>
        Assert.Equal(SignerFailure.Configuration, Assert.Throws<SignerException>(() => EportSigner.Open(EportSignerCompliance.Merchant(new Uri("ws://127.0.0.1:1"), ""), _time, NullLogger.Instance)).Failure);

    /// <summary>Whatever it waits for, its time passes.</summary>
    private async Task<SignerException> FailsAsync(ISigner signer)
    {
        var signing = signer.SignAsync(TestCards.Request, default);
        while (!signing.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(1);
        }

        return await Assert.ThrowsAsync<SignerException>(() => signing);
    }

    private async Task<Signature> SignsAsync(ISigner signer)
    {
        var signature = await SignedSoonAsync(signer);
        var check = SignatureCheck.Verify(TestCards.TextOf(signature), signature, _time.GetUtcNow());
        Assert.True(check.Ok, check.Sentence);
        return signature;
    }

    /// <summary>The card has the call before it until its control has noticed that the caller hung up: tried again, as uploads are.</summary>
    private static async Task<Signature> SignedSoonAsync(ISigner signer)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await signer.SignAsync(TestCards.Request, default);
            }
            catch (SignerException busy) when (busy.Message.Contains("Custom50110", StringComparison.Ordinal) && tries < 1_000)
            {
                await Task.Delay(10);
            }
        }
    }
}
