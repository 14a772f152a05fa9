using Erp.Customs.Contracts;
using Erp.Customs.Module;
using Erp.Customs.Module.Rendering;
using Erp.Customs.Module.Signing;
using Erp.Customs.Simulator;

namespace Erp.Customs.Tests.Signing;

/// <summary>One signer for each merchant, opened at the start.</summary>
public sealed class When_signers_are_opened : IDisposable
{
    private readonly KeyFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Should_give_each_merchant_its_own()
    {
        await using var signers = Signers(Merchant("ningbo", CardKind.Rsa1024), Merchant("guangzhou", CardKind.Sm2));

        signers.LoadAll();

        Assert.Equal(TestCards.Rsa.CertNo, (await signers.Of("ningbo")[0].CertificateAsync(CancellationToken.None)).CertNo);
        Assert.Equal(TestCards.Sm2.CertNo, (await signers.Of("guangzhou")[0].CertificateAsync(CancellationToken.None)).CertNo);
        Assert.Same(Assert.Single(signers.Of("ningbo")), Assert.Single(signers.Of("NINGBO")));
    }

    [Fact]
    public async Task Should_close_what_was_opened()
    {
        var signers = Signers(Merchant("ningbo", CardKind.Rsa1024), Merchant("guangzhou", CardKind.Sm2));
        var signer = Assert.Single(signers.Of("ningbo"));

        await signers.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => signer.SignAsync(TestCards.Request, CancellationToken.None));
    }

    [Fact]
    public async Task Should_stop_the_module_with_the_sentence_of_a_wrong_setting()
    {
        await using var signers = Signers(Merchant("ningbo", CardKind.Rsa1024), KeyFolder.Merchant(_folder["none.pem"]) with { Name = "guangzhou" });

        var stopped = Assert.Throws<ModuleConfigurationException>(signers.LoadAll);

        Assert.Equal("Customs:Merchants:guangzhou:Signing:KeyFile names a file that does not exist.", stopped.Message);
    }

    [Fact]
    public async Task Should_list_the_kinds_when_one_is_unknown()
    {
        await using var signers = Signers(Merchant("ningbo", CardKind.Rsa1024, kind: "Abacus"));

        var stopped = Assert.Throws<ModuleConfigurationException>(signers.LoadAll);

        Assert.Equal("Customs:Merchants:ningbo:Signing:Kind is 'Abacus', but it takes one of: KeyFile, EportClient, Sign64, Pkcs11.", stopped.Message);
    }

    [Fact]
    public async Task Should_guess_nobody_for_an_unknown_merchant()
    {
        await using var signers = Signers(Merchant("ningbo", CardKind.Rsa1024, kind: "keyfile"));
        signers.LoadAll();

        var refused = Assert.Throws<SignerException>(() => signers.Of("beijing"));

        Assert.Equal(SignerFailure.Configuration, refused.Failure);
        Assert.Contains("beijing", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_not_show_the_password_in_the_settings_either()
    {
        var merchant = Merchant("ningbo", CardKind.Rsa1024);

        Assert.DoesNotContain(KeyFolder.Password, merchant.ToString(), StringComparison.Ordinal);
    }

    private MerchantOptions Merchant(string name, CardKind card, string kind = "KeyFile")
    {
        TestCards.Of(card).WritePfx(_folder[name + ".pfx"], KeyFolder.Password);
        return KeyFolder.Merchant(_folder[name + ".pfx"], KeyFolder.Password, kind: kind) with { Name = name };
    }

    private Signers Signers(params MerchantOptions[] merchants)
    {
        var options = new CustomsOptions
        {
            UploadUrl = new Uri(CustomsOptionsReader.TestUrl),
            Merchants = merchants.ToDictionary(merchant => merchant.Name, StringComparer.Ordinal),
        };
        return new Signers(options, _folder.Time, _folder.Log);
    }
}
