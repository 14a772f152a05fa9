namespace Erp.Customs.Module.Signing.KeyFiles;

/// <summary>The settings of one merchant's key file, by the names under which people know them; every complaint begins with one of these.</summary>
internal sealed class KeyFileSettings(MerchantOptions merchant)
{
    /// <summary>PFX or PEM.</summary>
    public string KeyFile => Name("KeyFile");

    /// <summary>Of the key file.</summary>
    public string KeyPassword => Name("KeyPassword");

    /// <summary>PEM or DER.</summary>
    public string CertificateFile => Name("CertificateFile");

    /// <summary>A complaint. A file's path is not repeated in it: where somebody swapped path and password, that would print the password.</summary>
    /// <param name="setting">One of the names above.</param>
    /// <param name="problem">The rest of the sentence.</param>
    /// <param name="inner">What was thrown underneath.</param>
    public static SignerException Wrong(string setting, string problem, Exception? inner = null) =>
        new(SignerFailure.Configuration, $"{setting} {problem}.", inner);

    private string Name(string setting) => merchant.SigningSetting(setting);
}
