using Erp.Customs.Contracts.Hosting;
using Erp.Customs.Simulator;
using Erp.Customs.Tests.Support;

namespace Erp.Customs.Tests.Signing;

/// <summary>A key file is read at the start: what becomes of it later stops nothing, and what is wrong with it at a start is said and gone as soon as it is mended.</summary>
public sealed class When_a_key_file_breaks : IDisposable
{
    private const string Signing = "Customs:Merchants:ningbo:Signing:";
    private const int Rounds = 3;

    private readonly KeyFolder _folder = new();
    private readonly IssuedCard _card = TestCards.Issue(CardKind.Rsa1024);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("gone", "KeyFile")]
    [InlineData("another password", "KeyPassword")]
    [InlineData("another certificate", "CertificateFile")]
    [InlineData("garbage", "KeyFile")]
    public async Task Should_sign_on_start_with_no_wrong_one_and_sign_again_when_it_is_mended(string fault, string named)
    {
        Mend();
        await using var world = await CustomsWorld.StartAsync(new(StringComparer.Ordinal)
        {
            [Signing + "KeyFile"] = _folder["key.pem"],
            [Signing + "KeyPassword"] = KeyFolder.Password,
            [Signing + "CertificateFile"] = _folder["key.crt"],
        });
        world.Customs.Register.RegisterPem(_card.CertNo, CustomsWorld.EbpNingbo, _card.CertificatePem);
        await world.DeliveredAsync(CustomsWorld.Payment("T1", "SO1"));
        for (var round = 0; round < Rounds; round++)
        {
            Break(fault);
            Assert.Equal(_card.CertNo, (await world.AnswerAsync("SO1")).CertNo);

            await world.Modules.DisableAsync("Erp.Customs", CancellationToken.None);
            await world.Modules.EnableAsync("Erp.Customs", CancellationToken.None);
            Assert.Equal(ModuleState.Failed, world.Module.State);
            Assert.Contains(Signing + named, world.Module.Sentence, StringComparison.Ordinal);
            Assert.False((await world.AskAsync("SO1")).Answer.IsAcknowledged);

            Mend();
            await world.Modules.EnableAsync("Erp.Customs", CancellationToken.None);
            Assert.Equal(_card.CertNo, (await world.AnswerAsync("SO1")).CertNo);
        }

        Assert.DoesNotContain(KeyFolder.Password, world.Log.All, StringComparison.Ordinal);
    }

    private void Break(string fault)
    {
        switch (fault)
        {
            case "gone":
                File.Delete(_folder["key.pem"]);
                break;
            case "another password":
                _card.WriteKey(_folder["key.pem"], "another");
                break;
            case "another certificate":
                TestCards.Issue(CardKind.Rsa1024).WriteCertificate(_folder["key.crt"]);
                break;
            case "garbage":
                _folder.Write("key.pem", [0, 1, 2, 3]);
                break;
        }
    }

    private void Mend()
    {
        _card.WriteKey(_folder["key.pem"], KeyFolder.Password);
        _card.WriteCertificate(_folder["key.crt"]);
    }
}
