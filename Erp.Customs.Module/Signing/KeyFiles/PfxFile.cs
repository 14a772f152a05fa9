using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.Pkcs;
using Org.BouncyCastle.Pkcs;

namespace Erp.Customs.Module.Signing.KeyFiles;

/// <summary>Reads PFX (PKCS#12). BouncyCastle reads SM2 keys, and the old ciphers of Windows' exports where the platform has them no more.</summary>
internal static class PfxFile
{
    /// <summary>Reads a file.</summary>
    /// <returns><see langword="null"/> when it is not a PFX.</returns>
    /// <exception cref="KeyFilePasswordException">The password is missing or does not open it.</exception>
    public static KeyFileContent? Read(byte[] bytes, string? password)
    {
        if (Parse(bytes) is not { } pfx)
        {
            return null;
        }

        var store = new Pkcs12StoreBuilder().Build();
        try
        {
            // Without a seal there is nothing that a password could open, and the store insists on none.
            using var stream = new MemoryStream(bytes);
            store.Load(stream, pfx.MacData is null ? null : (password ?? "").ToCharArray());
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            throw new KeyFilePasswordException(exception);
        }

        var aliases = store.Aliases.Cast<string>().ToList();
        var keys = aliases.Where(store.IsKeyEntry).ToList();
        var certificates = keys.SelectMany(alias => store.GetCertificateChain(alias) ?? []).Concat(aliases.Where(store.IsCertificateEntry).Select(store.GetCertificate));
        return new KeyFileContent(
            [.. keys.Select(alias => store.GetKey(alias).Key)],
            [.. certificates.Select(entry => entry.Certificate.GetEncoded())],
            Encrypted: pfx.MacData is not null && !string.IsNullOrEmpty(password) && !HasPlainKey(pfx));
    }

    private static Pfx? Parse(byte[] bytes)
    {
        try
        {
            return Pfx.GetInstance(Asn1Object.FromByteArray(bytes));
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // Anything may stand in the file, and the parser has no exception type of its own.
            return null;
        }
    }

    /// <summary>Whether a key lies open in a file whose seal has a password all the same.</summary>
    private static bool HasPlainKey(Pfx pfx) =>
        AuthenticatedSafe.GetInstance(Content(pfx.AuthSafe)).GetContentInfo()
            .Where(part => PkcsObjectIdentifiers.Data.Equals(part.ContentType))
            .SelectMany(part => Asn1Sequence.GetInstance(Content(part)).Cast<Asn1Encodable>())
            .Any(bag => PkcsObjectIdentifiers.KeyBag.Equals(SafeBag.GetInstance(bag).BagID));

    private static Asn1Object Content(ContentInfo part) => Asn1Object.FromByteArray(Asn1OctetString.GetInstance(part.Content).GetOctets());
}
