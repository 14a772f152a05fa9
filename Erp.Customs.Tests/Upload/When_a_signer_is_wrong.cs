using Erp.Customs.Contracts.Hosting;
using Erp.Customs.Simulator;
using Erp.Customs.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Erp.Customs.Tests.Upload;

public class When_a_signer_is_wrong
{
    private const string Signing = "Customs:Merchants:ningbo:Signing:";

    [Theory]
    [InlineData("KeyFile", "/no/such/file.pfx", "KeyFile")]
    [InlineData("KeyFile", "/", "KeyFile")]
    [InlineData("KeyPassword", "canary-of-a-password", "KeyPassword")]
    [InlineData("KeyPassword", null, "KeyPassword")]
    [InlineData("CertificateFile", "/no/such/file.crt", "CertificateFile")]
    [InlineData("Kind", "Usb", "Kind")]
    public async Task Should_stop_the_module_with_a_sentence_that_names_the_setting_and_leave_the_ERP_running(string setting, string? value, string named)
    {
        await using var world = await CustomsWorld.StartAsync(new(StringComparer.Ordinal) { [Signing + setting] = value }, mayFail: true);
        Assert.Equal(ModuleState.Failed, world.Module.State);
        Assert.Contains(Signing + named, world.Module.Sentence, StringComparison.Ordinal);
        Assert.DoesNotContain("canary-of-a-password", world.Module.Sentence + world.Log.All, StringComparison.Ordinal);
        using var ofTheErp = await world.Http.GetAsync("/");
        Assert.Equal(404, (int)ofTheErp.StatusCode);
    }

    [Fact]
    public async Task Should_stop_the_module_when_the_certificate_is_of_another_key()
    {
        var folder = Directory.CreateTempSubdirectory("erp-customs-card-");
        try
        {
            var other = Path.Combine(folder.FullName, "other.crt");
            new CardIssuer(TimeProvider.System).Issue(CardKind.Sm2, "another").WriteCertificate(other);
            await using var world = await CustomsWorld.StartAsync(new(StringComparer.Ordinal) { [Signing + "CertificateFile"] = other }, mayFail: true);
            Assert.Equal(ModuleState.Failed, world.Module.State);
            Assert.Contains(Signing + "CertificateFile", world.Module.Sentence, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Should_ask_for_a_person_when_the_certificate_is_out_of_its_term_and_send_nothing()
    {
        // The cards are good for three years.
        var time = new ManualTime(TimeProvider.System.GetUtcNow().AddYears(4));
        await using var world = await CustomsWorld.StartAsync(services: services => services.AddSingleton<TimeProvider>(time));
        await world.DeliveredAsync(CustomsWorld.Payment("T1", "SO1"));

        var (sessionId, _) = await world.AskAsync("SO1");

        var left = await world.WaitAsync(sessionId, "needs_person");
        Assert.Contains("证书", left.Reason, StringComparison.Ordinal);
        Assert.Null(left.NextAttemptAt);
        Assert.Empty(world.Customs.Log.FindSession(sessionId)!.Uploads);
        Assert.Contains(await world.Modules.CheckAsync("Erp.Customs", CancellationToken.None), check => check.Light == Contracts.SelfCheckLight.Red);
    }
}
