using Erp.Customs.Module.Signing;
using Erp.Customs.Module.Signing.KeyFiles;
using Erp.Customs.Simulator;
using Microsoft.Extensions.Logging.Abstractions;

namespace Erp.Customs.Tests.Signing;

/// <summary>The key-file signer does what every signer must, without the file once it is open.</summary>
public abstract class KeyFileSignerCompliance(CardKind card) : SignerCompliance
{
    private protected override string Kind => "KeyFile";

    private protected override ValueTask<ISigner> OpenAsync()
    {
        using var folder = new KeyFolder();
        TestCards.Of(card).WriteKey(folder["key.pem"], KeyFolder.Password);
        return ValueTask.FromResult<ISigner>(KeyFileSigner.Load(KeyFolder.Merchant(folder["key.pem"], KeyFolder.Password), Time, NullLogger.Instance));
    }
}

public sealed class RsaKeyFileSignerCompliance() : KeyFileSignerCompliance(CardKind.Rsa1024);

public sealed class Sm2KeyFileSignerCompliance() : KeyFileSignerCompliance(CardKind.Sm2);
