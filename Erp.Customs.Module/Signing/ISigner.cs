namespace Erp.Customs.Module.Signing;

/// <summary>
/// A key that customs have registered, wherever it is plugged in. It gets the parts and not the finished text, because some signers
/// (the Shanghai CBT gateway) make serviceTime themselves: the sign text is known only after their answer.
/// </summary>
internal interface ISigner : IAsyncDisposable
{
    /// <summary>As in the setting <c>Signing:Kind</c>.</summary>
    string Kind { get; }

    /// <summary>
    /// Which of the merchant's signers it is, to people and in the table of closed ones: its kind and where it is plugged in, no secret. It follows the device and not the place in the
    /// settings, so that changing the order of preference opens no closed card.
    /// </summary>
    string Name => Kind;

    /// <summary>What a person should change although it signs, one sentence each (<see cref="Words"/>); for the self-check.</summary>
    IReadOnlyList<string> Warnings => [];

    /// <summary>Signs one text.</summary>
    /// <exception cref="SignerException">It did not sign; the class decides what happens next.</exception>
    Task<Signature> SignAsync(SigningRequest request, CancellationToken cancellationToken);

    /// <summary>When it met a wrong PIN, since which it tries none; <see langword="null"/> while it may. A kind without a PIN never has one.</summary>
    DateTimeOffset? ClosedAt => null;

    /// <summary>Whether it has a PIN that locks it when it is wrong a few times.</summary>
    bool CanLock => false;

    /// <summary>A person says that the PIN may be tried again.</summary>
    void Reopen()
    {
    }

    /// <summary>The certificate in use, for the screens and the self-check.</summary>
    /// <exception cref="SignerException">It cannot be read.</exception>
    Task<SignerCertificate> CertificateAsync(CancellationToken cancellationToken);
}

/// <summary>What is to be signed.</summary>
/// <param name="SessionId">Customs' sessionID.</param>
/// <param name="Head">The exact characters of payExchangeInfoHead.</param>
/// <param name="Lists">The exact characters of payExchangeInfoLists.</param>
/// <param name="ProposedServiceTime">Unix milliseconds; a signer that makes its own answers another.</param>
internal sealed record SigningRequest(string SessionId, string Head, string Lists, long ProposedServiceTime);

/// <summary>A signature, not yet believed: <see cref="SignatureCheck"/> comes before any use of it.</summary>
/// <param name="ServiceTime">Unix milliseconds, 13 digits: the one in the signed text.</param>
/// <param name="CertNo">Serial number of the certificate: lower-case hex, leading zeros kept.</param>
/// <param name="SignValue">Base64 without line breaks.</param>
/// <param name="Certificate">The certificate, DER.</param>
internal sealed record Signature(long ServiceTime, string CertNo, string SignValue, byte[] Certificate);

/// <summary>What is shown of a certificate.</summary>
/// <param name="CertNo">Serial number: lower-case hex, leading zeros kept.</param>
/// <param name="Scheme">RSA-SHA1 or SM2-SM3.</param>
/// <param name="Subject">To whom it was issued.</param>
/// <param name="NotBefore">UTC.</param>
/// <param name="NotAfter">UTC.</param>
/// <param name="Der">The certificate itself.</param>
internal sealed record SignerCertificate(string CertNo, string Scheme, string Subject, DateTimeOffset NotBefore, DateTimeOffset NotAfter, byte[] Der);

/// <summary>Why a signer did not sign.</summary>
internal enum SignerFailure
{
    /// <summary>Unreachable or busy: tried again.</summary>
    Transient,

    /// <summary>Wrong PIN or password: stop at once, for everybody, until a person reopens the signer.</summary>
    Pin,

    /// <summary>Settings, key or certificate are wrong: a person corrects them.</summary>
    Configuration,
}

/// <summary>A signer did not sign. The message is one sentence without secrets.</summary>
internal sealed class SignerException(SignerFailure failure, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What happens next.</summary>
    public SignerFailure Failure { get; } = failure;
}
