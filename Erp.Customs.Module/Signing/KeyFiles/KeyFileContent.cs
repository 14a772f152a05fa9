using Org.BouncyCastle.Crypto;

namespace Erp.Customs.Module.Signing.KeyFiles;

/// <summary>What a key or certificate file holds.</summary>
/// <param name="Keys">Private keys.</param>
/// <param name="Certificates">DER, in the file's order; a PFX has the key's own first.</param>
/// <param name="Encrypted">Whether a password stands before every private key.</param>
internal sealed record KeyFileContent(IReadOnlyList<AsymmetricKeyParameter> Keys, IReadOnlyList<byte[]> Certificates, bool Encrypted);

/// <summary>The file is encrypted, and the password is missing or does not open it.</summary>
internal sealed class KeyFilePasswordException(Exception? inner = null) : Exception("The password does not open the key file.", inner);
