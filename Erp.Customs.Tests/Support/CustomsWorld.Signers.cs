using System.Collections.Frozen;
using System.Reflection;
using Erp.Customs.Module.Signing;

namespace Erp.Customs.Tests.Support;

/// <content>Cards that fail on demand.</content>
internal sealed partial class CustomsWorld
{
    /// <summary>Puts something between the module and a merchant's preferred card; the card itself stays real.</summary>
    public void Intercept(string merchant, Func<ISigner, SigningRequest, CancellationToken, Task<Signature>> sign)
    {
        var signers = Modules.Find<Signers>()!;
        var field = typeof(Signers).GetField("_signers", BindingFlags.Instance | BindingFlags.NonPublic)!;
        var there = (FrozenDictionary<string, Lazy<ISigner>[]>)field.GetValue(signers)!;
        var intercepted = new Lazy<ISigner>(new InterceptedSigner(there[merchant][0].Value, sign));
        field.SetValue(signers, there.ToDictionary(pair => pair.Key, pair => pair.Key == merchant ? [intercepted, .. pair.Value[1..]] : pair.Value, StringComparer.OrdinalIgnoreCase).ToFrozenDictionary(StringComparer.OrdinalIgnoreCase));
    }

    private sealed class InterceptedSigner(ISigner card, Func<ISigner, SigningRequest, CancellationToken, Task<Signature>> sign) : ISigner
    {
        public string Kind => card.Kind;

        public string Name => card.Name;

        public IReadOnlyList<string> Warnings => card.Warnings;

        public Task<Signature> SignAsync(SigningRequest request, CancellationToken cancellationToken) => sign(card, request, cancellationToken);

        public Task<SignerCertificate> CertificateAsync(CancellationToken cancellationToken) => card.CertificateAsync(cancellationToken);

        public ValueTask DisposeAsync() => card.DisposeAsync();
    }
}
