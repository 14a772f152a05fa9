using Erp.Customs.Module.Signing;
using Erp.Customs.Tests.Support;

namespace Erp.Customs.Tests.Signing;

/// <summary>What every kind of signer must do. A new kind joins by a subclass that opens it.</summary>
public abstract class SignerCompliance : IAsyncLifetime
{
    private ISigner _signer = null!;

    internal ManualTime Time { get; private protected init; } = new();

    /// <summary>Whether this kind makes serviceTime itself (the Shanghai gateway); all others must sign the proposed one.</summary>
    private protected virtual bool MakesServiceTime => false;

    /// <summary>As in the setting <c>Signing:Kind</c>.</summary>
    private protected abstract string Kind { get; }

    /// <summary>Opens it.</summary>
    private protected abstract ValueTask<ISigner> OpenAsync();

    public async Task InitializeAsync() => _signer = await OpenAsync();

    public virtual async Task DisposeAsync() => await _signer.DisposeAsync();

    [EngineFact]
    public async Task Should_sign_what_verifies_with_its_own_certificate()
    {
        var signature = await _signer.SignAsync(TestCards.Request, CancellationToken.None);
        var certificate = await _signer.CertificateAsync(CancellationToken.None);

        var check = SignatureCheck.Verify(TestCards.TextOf(signature), signature, Time.GetUtcNow());

        Assert.Equal(new SignatureCheckResult(true, certificate.Scheme, ""), check);
        Assert.Equal(certificate.CertNo, signature.CertNo);
        Assert.Equal(Kind, _signer.Kind);
        Assert.NotEmpty(certificate.Subject);
        Assert.InRange(Time.GetUtcNow(), certificate.NotBefore, certificate.NotAfter);
    }

    [EngineFact]
    public async Task Should_answer_the_service_time_that_it_signed()
    {
        var signature = await _signer.SignAsync(TestCards.Request, CancellationToken.None);

        Assert.InRange(signature.ServiceTime, 1_000_000_000_000, 9_999_999_999_999);
        if (!MakesServiceTime)
        {
            Assert.Equal(TestCards.Request.ProposedServiceTime, signature.ServiceTime);
        }

        var shifted = signature with { ServiceTime = signature.ServiceTime + 1 };
        Assert.False(SignatureCheck.Verify(TestCards.TextOf(shifted), shifted, Time.GetUtcNow()).Ok);
    }

    [EngineTheory]
    [InlineData("深度抗皱修复纯天然日霜50ml，（正品）")]
    [InlineData("\\\"{{ }} \\u0000 \u3000\u00a0\u2028 𠮷🧴")]
    public async Task Should_sign_any_characters(string note)
    {
        var request = TestCards.Request with { Head = $$"""{"note":"{{note}}"}""" };

        await VerifiesAsync(request);
    }

    [EngineFact]
    public async Task Should_sign_a_text_of_full_length()
    {
        var request = TestCards.Request with { Head = $$"""{"initalRequest":"{{new string('支', 8000)}}","initalResponse":"{{new string('x', 8000)}}"}""" };

        await VerifiesAsync(request);
    }

    [EngineFact]
    public async Task Should_sign_for_many_at_once()
    {
        var requests = Enumerable.Range(0, 64).Select(number => TestCards.Request with { SessionId = $"session-{number}" }).ToList();

        await Task.WhenAll(requests.Select(request => Task.Run(() => VerifiesAsync(request))));
    }

    [EngineFact]
    public async Task Should_not_sign_what_was_given_up()
    {
        using var given = new CancellationTokenSource();
        await given.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _signer.SignAsync(TestCards.Request, given.Token));
    }

    private async Task VerifiesAsync(SigningRequest request)
    {
        var signature = await _signer.SignAsync(request, CancellationToken.None);
        var check = SignatureCheck.Verify(TestCards.TextOf(signature, request), signature, Time.GetUtcNow());
        Assert.True(check.Ok, check.Sentence);
    }
}
