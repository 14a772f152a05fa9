using Erp.Customs.Module;
using Erp.Customs.Module.Signing;
using Erp.Customs.Module.Signing.Sign64;
using Erp.Customs.Simulator;
using Erp.Customs.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Erp.Customs.Tests.Signing;

/// <summary>A card at Sign64.dll does what every signer must; here a library of our own stands in for the dll.</summary>
public sealed class Sign64SignerCompliance : SignerCompliance<CCompiler>
{
    private Sign64Stage? _stage;

    private protected override string Kind => "Sign64";

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await _stage!.DisposeAsync();
    }

    private protected override ValueTask<ISigner> OpenAsync()
    {
        _stage = Sign64Stage.Start(Time);
        return ValueTask.FromResult(_stage.Open());
    }
}

/// <summary>A library with a card and a merchant that signs with it.</summary>
internal sealed class Sign64Stage : IAsyncDisposable
{
    public const string Pin = "Пин-88888888";

    private readonly KeyFolder _folder = new();
    private readonly TimeProvider _time;

    public static Sign64Stage Start(TimeProvider time) => new(time);

    private Sign64Stage(TimeProvider time)
    {
        _time = time;
        Library = new StandInLibrary(TestCards.Rsa, Pin);
        TestCards.Rsa.WriteCertificate(_folder["rsa.cer"]);
        TestCards.Sm2.WriteCertificate(_folder["sm2.cer"]);
    }

    public StandInLibrary Library { get; }

    public string Sm2Certificate => _folder["sm2.cer"];

    public MerchantOptions Merchant(string? library = null, string? certificateFile = null, string pin = Pin) =>
        new("ningbo", "3302660075", RawPolicy.Raw, new SigningOptions("Sign64", "", null, certificateFile ?? _folder["rsa.cer"]) { Library = library ?? Library.Path, Pin = pin });

    public ISigner Open(MerchantOptions? merchant = null) => Sign64Signer.Load(merchant ?? Merchant(), _time, NullLogger.Instance);

    public string Write(string name, byte[] content) => _folder.Write(name, content);

    public ValueTask DisposeAsync()
    {
        Library.Dispose();
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }
}

/// <summary>What goes wrong at the card or in the dll, and what must never happen then.</summary>
public sealed class When_Sign64_fails : NeedsTool<CCompiler>, IAsyncLifetime
{
    private readonly ManualTime _time = new();
    private Sign64Stage? _stage;

    private Sign64Stage Stage => _stage ??= Sign64Stage.Start(_time);

    private StandInLibrary Library => Stage.Library;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await (_stage?.DisposeAsync() ?? ValueTask.CompletedTask);

    [EngineTheory]
    [InlineData(-1, "Transient")]
    [InlineData(-3, "Transient")]
    [InlineData(-4, "Configuration")]
    public async Task Should_be_of_its_class_and_sign_when_it_is_well(int code, string failure)
    {
        await using var signer = Stage.Open();
        for (var round = 0; round < 50; round++)
        {
            Library.Code = code;
            Assert.Equal(failure, (await Assert.ThrowsAsync<SignerException>(() => signer.SignAsync(TestCards.Request, default))).Failure.ToString());
            Library.Code = 0;
            await SignsAsync(signer);
        }
    }

    [EngineTheory]
    [InlineData("00000000", 0)]
    [InlineData(Sign64Stage.Pin, -77)]
    public async Task Should_try_a_PIN_once_however_many_ask_until_a_person_reopens_it(string pin, int code)
    {
        await using var signer = Stage.Open(Stage.Merchant(pin: pin));
        Library.Code = code;

        var failures = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Assert.ThrowsAsync<SignerException>(() => signer.SignAsync(TestCards.Request, default))));

        Assert.All(failures, failure => Assert.Equal(SignerFailure.Pin, failure.Failure));
        Assert.All(failures, failure => Assert.DoesNotContain(pin, failure.Message, StringComparison.Ordinal));
        Assert.Equal((1, pin), (Library.Signs, Library.LastPin));
        Assert.Equal(_time.GetUtcNow(), signer.ClosedAt);

        (Library.Pin, Library.Code) = (pin, 0);
        await Assert.ThrowsAsync<SignerException>(() => signer.SignAsync(TestCards.Request, default));
        signer.Reopen();
        await SignsAsync(signer);
    }

    [EngineFact]
    public async Task Should_not_be_waited_for_for_ever_nor_twice()
    {
        await using var signer = Stage.Open();
        Library.Hang();
        var signing = signer.SignAsync(TestCards.Request, default);
        await PassingAsync(signing);
        Assert.Equal(SignerFailure.Transient, (await Assert.ThrowsAsync<SignerException>(() => signing)).Failure);

        // The next ones do not wait behind it.
        _time.Advance(TimeSpan.FromSeconds(40));
        var behind = signer.SignAsync(TestCards.Request, default);
        Assert.Equal(SignerFailure.Transient, (await Assert.ThrowsAsync<SignerException>(() => behind.WaitAsync(TimeSpan.FromSeconds(20)))).Failure);

        Library.GoOn();
        await Hosting.Waiting.ForAsync(
            async () =>
            {
                try
                {
                    await SignsAsync(signer);
                    return true;
                }
                catch (SignerException)
                {
                    return false;
                }
            },
            signed => signed);
        Assert.Equal(1, Library.MostInside);
    }

    [EngineFact]
    public async Task Should_be_closed_by_a_wrong_PIN_that_came_to_light_when_nobody_waited_any_more()
    {
        await using var signer = Stage.Open(Stage.Merchant(pin: "00000000"));
        Library.Hang();
        var signing = signer.SignAsync(TestCards.Request, default);
        await PassingAsync(signing);
        await Assert.ThrowsAsync<SignerException>(() => signing);

        Library.GoOn();

        await Hosting.Waiting.ForAsync(() => Task.FromResult(signer.ClosedAt), closed => closed is not null);
        Assert.Equal(SignerFailure.Pin, (await Assert.ThrowsAsync<SignerException>(() => signer.SignAsync(TestCards.Request, default))).Failure);
        Assert.Equal(1, Library.WrongPins);
    }

    [EngineFact]
    public async Task Should_give_no_PIN_to_another_card()
    {
        await using var signer = Stage.Open();
        var other = TestCards.Issue(CardKind.Rsa1024);
        for (var round = 0; round < 50; round++)
        {
            Library.Card = other;
            Assert.Equal(SignerFailure.Transient, (await Assert.ThrowsAsync<SignerException>(() => signer.SignAsync(TestCards.Request, default))).Failure);
            Assert.Equal(round, Library.Signs);

            Library.Card = TestCards.Rsa;
            await SignsAsync(signer);
        }
    }

    [EngineTheory]
    [InlineData(1, null)]
    [InlineData(4096, null)]
    [InlineData(0, 8193u)]
    [InlineData(0, uint.MaxValue)]
    public async Task Should_not_be_believed_when_it_writes_behind_its_buffer_or_says_so(int overrun, uint? length)
    {
        await using var signer = Stage.Open();
        (Library.Overrun, Library.Length) = (overrun, length);

        Assert.Equal(SignerFailure.Configuration, (await Assert.ThrowsAsync<SignerException>(() => signer.SignAsync(TestCards.Request, default))).Failure);
    }

    [EngineTheory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task Should_never_give_out_what_does_not_verify_as_if_it_did(bool otherText, bool garbage)
    {
        await using var signer = Stage.Open();
        for (var round = 0; round < 50; round++)
        {
            (Library.SignsOtherText, Library.WritesGarbage) = (otherText, garbage);
            var signature = await signer.SignAsync(TestCards.Request, default);
            Assert.False(SignatureCheck.Verify(TestCards.TextOf(signature), signature, _time.GetUtcNow()).Ok);

            (Library.SignsOtherText, Library.WritesGarbage) = (false, false);
            await SignsAsync(signer);
        }
    }

    [EngineFact]
    public void Should_be_refused_with_a_sentence_where_a_setting_is_wrong()
    {
        Refused("Customs:Merchants:ningbo:Signing:Library names a file that does not exist", Stage.Merchant(library: "/nowhere/Sign64.dll"));
        Refused("Customs:Merchants:ningbo:Signing:Library", Stage.Merchant(library: Stage.Write("text.dll", "no library"u8.ToArray())));
        Refused("knows RSA alone", Stage.Merchant(certificateFile: Stage.Sm2Certificate));
        Refused("Customs:Merchants:ningbo:Signing:CertificateFile is missing", Stage.Merchant(certificateFile: ""));
        Refused("Customs:Merchants:ningbo:Signing:Pin is missing", Stage.Merchant(pin: ""));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Contains("runs on Windows alone", Assert.Throws<SignerException>(() => Sign64Signer.Open(Stage.Merchant(), _time, NullLogger.Instance)).Message, StringComparison.Ordinal);
        }
    }

    private void Refused(string sentence, MerchantOptions merchant)
    {
        var refused = Assert.Throws<SignerException>(() => Stage.Open(merchant));
        Assert.Equal(SignerFailure.Configuration, refused.Failure);
        Assert.Contains(sentence, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("/nowhere", refused.ToString(), StringComparison.Ordinal);
    }

    private async Task PassingAsync(Task until)
    {
        while (!until.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(1);
        }
    }

    private async Task SignsAsync(ISigner signer)
    {
        var signature = await signer.SignAsync(TestCards.Request, default);
        var check = SignatureCheck.Verify(TestCards.TextOf(signature), signature, _time.GetUtcNow());
        Assert.True(check.Ok, check.Sentence);
    }
}
