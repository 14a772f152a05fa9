using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Erp.Customs.Simulator.Judging;

namespace Erp.Customs.Simulator;

/// <summary>
/// What firms have registered with customs (服务注册, 1.3.2): which public key belongs to certNo + ebpCode; and, when a test tells it, which orders one payment paid.
/// </summary>
public sealed class CustomsRegister
{
    private readonly ConcurrentDictionary<(string CertNo, string EbpCode), RegisteredKey> _keys = new();
    private readonly ConcurrentDictionary<string, FrozenSet<string>> _orders = new(StringComparer.Ordinal);

    /// <summary>The registered pairs with their scheme, for the page.</summary>
    public IReadOnlyList<RegisteredCertificate> Certificates =>
        [.. _keys.Select(pair => new RegisteredCertificate(pair.Key.CertNo, pair.Key.EbpCode, pair.Value.Scheme)).OrderBy(one => one.CertNo, StringComparer.Ordinal)];

    /// <summary>Registers a public key; a second registration of the pair replaces the first.</summary>
    /// <param name="certNo">证书编号: serial number in lower-case hex with its leading zero.</param>
    /// <param name="ebpCode">电商平台代码.</param>
    /// <param name="subjectPublicKeyInfo">RSA or SM2 public key, DER.</param>
    /// <exception cref="ArgumentException">certNo is not lower-case hex, ebpCode is empty, or the key is neither RSA nor SM2.</exception>
    public void Register(string certNo, string ebpCode, byte[] subjectPublicKeyInfo)
    {
        ArgumentException.ThrowIfNullOrEmpty(ebpCode);
        ArgumentException.ThrowIfNullOrEmpty(certNo);
        if (!certNo.All(char.IsAsciiHexDigitLower))
        {
            throw new ArgumentException($"certNo '{certNo}' must be lower-case hex, as customs register it.", nameof(certNo));
        }

        _keys[(certNo, ebpCode)] = RegisteredKey.Read(subjectPublicKeyInfo);
    }

    /// <summary>Registers the public key of a certificate, or a bare public key.</summary>
    /// <param name="certNo">As in <see cref="Register"/>.</param>
    /// <param name="ebpCode">As in <see cref="Register"/>.</param>
    /// <param name="pem">Text with a block CERTIFICATE or PUBLIC KEY; other blocks are passed over.</param>
    /// <exception cref="ArgumentException">There is neither block, or as in <see cref="Register"/>.</exception>
    public void RegisterPem(string certNo, string ebpCode, ReadOnlySpan<char> pem)
    {
        var rest = pem;
        while (PemEncoding.TryFind(rest, out var fields))
        {
            var der = Convert.FromBase64String(rest[fields.Base64Data].ToString());
            switch (rest[fields.Label])
            {
                case "CERTIFICATE":
                    using (var certificate = X509CertificateLoader.LoadCertificate(der))
                    {
                        Register(certNo, ebpCode, certificate.PublicKey.ExportSubjectPublicKeyInfo());
                    }

                    return;
                case "PUBLIC KEY":
                    Register(certNo, ebpCode, der);
                    return;
            }

            rest = rest[fields.Location.End..];
        }

        throw new ArgumentException("There is neither a CERTIFICATE nor a PUBLIC KEY block in the PEM text.", nameof(pem));
    }

    /// <summary>Tells which orders a payment paid: from then on its uploads must hold exactly these.</summary>
    /// <param name="payTransactionId">交易流水号.</param>
    /// <param name="orderNos">All of its orders.</param>
    public void ExpectOrders(string payTransactionId, IEnumerable<string> orderNos) => _orders[payTransactionId] = orderNos.ToFrozenSet(StringComparer.Ordinal);

    internal RegisteredKey? Find(string certNo, string ebpCode) => _keys.GetValueOrDefault((certNo, ebpCode));

    internal IReadOnlySet<string>? FindOrders(string payTransactionId) => _orders.GetValueOrDefault(payTransactionId);
}

/// <summary>A pair that customs know.</summary>
/// <param name="CertNo">证书编号.</param>
/// <param name="EbpCode">电商平台代码.</param>
/// <param name="Scheme">RSA-SHA1 or SM2-SM3, by the key.</param>
public sealed record RegisteredCertificate(string CertNo, string EbpCode, string Scheme);
