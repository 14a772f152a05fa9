using Erp.Customs.Module;
using Erp.Customs.Module.Signing;
using Erp.Customs.Module.Signing.KeyFiles;
using Erp.Customs.Tests.Support;

namespace Erp.Customs.Tests.Signing;

/// <summary>A folder of one test with key files in it, and the signer that a merchant named ningbo gets from them.</summary>
internal sealed class KeyFolder : IDisposable
{
    /// <summary>The password of every encrypted file, and the canary that must never be seen again.</summary>
    public const string Password = "Kanarienvogel-7!";

    private readonly string _folder = Directory.CreateTempSubdirectory("erp-customs-keys-").FullName;

    public ManualTime Time { get; } = new();

    public RecordingLogger Log { get; } = new();

    public string this[string name] => Path.Combine(_folder, name);

    public string Write(string name, params string[] pem) => Write(name, System.Text.Encoding.UTF8.GetBytes(string.Join('\n', pem) + "\n"));

    public string Write(string name, byte[] content)
    {
        File.WriteAllBytes(this[name], content);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(this[name], UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        return this[name];
    }

    public static MerchantOptions Merchant(string keyFile, string? password = null, string? certificateFile = null, string kind = "KeyFile") =>
        new("ningbo", "3302660075", RawPolicy.Raw, new SigningOptions(kind, keyFile, password, certificateFile));

    public KeyFileSigner Open(string keyFile, string? password = null, string? certificateFile = null) =>
        KeyFileSigner.Load(Merchant(keyFile, password, certificateFile), Time, Log);

    /// <summary>The sentence with which a key file is refused: one, about the settings, without the password or a path, in the log neither.</summary>
    public string Refusal(string keyFile, string? password = null, string? certificateFile = null)
    {
        var refused = Assert.Throws<SignerException>(() => Open(keyFile, password, certificateFile));
        Assert.Equal(SignerFailure.Configuration, refused.Failure);
        Assert.EndsWith(".", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(". ", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
        Assert.DoesNotContain(_folder, refused.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Password, refused.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Log.Lines, line => line.Contains(Password, StringComparison.Ordinal));
        return refused.Message;
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
