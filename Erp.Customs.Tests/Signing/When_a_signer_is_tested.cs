using System.Net;
using System.Text.Json.Nodes;
using Erp.Customs.Module;
using Erp.Customs.Simulator;
using Erp.Customs.Tests.Support;

namespace Erp.Customs.Tests.Signing;

/// <summary>试签名, as an integrator does it before customs call.</summary>
public class When_a_signer_is_tested
{
    [Fact]
    public async Task Should_show_what_it_signs_with()
    {
        await using var world = await CustomsWorld.StartAsync();
        using var response = await world.SendAsync(HttpMethod.Post, "/customs/api/merchants/ningbo/test-signing");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var test = Assert.Single(JsonNode.Parse(await response.Content.ReadAsStringAsync())!.AsArray())!;
        Assert.Equal((true, "KeyFile", "RSA-SHA1"), ((bool)test["ok"]!, (string)test["kind"]!, (string)test["scheme"]!));
        Assert.Equal(8, ((string)test["certNo"]!).Length);
        Assert.InRange((double)test["milliseconds"]!, 0, 10_000);
        Assert.True((DateTimeOffset)test["notBefore"]! < (DateTimeOffset)test["notAfter"]!);
        Assert.Equal(0L, await world.SqlAsync("SELECT COUNT(*) FROM customs_request"));

        using var unknown = await world.SendAsync(HttpMethod.Post, "/customs/api/merchants/nobody/test-signing");
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    [Fact]
    public async Task Should_give_the_certificate_to_register()
    {
        await using var world = await CustomsWorld.StartAsync();
        var certNo = Assert.Single((await world.Services.TestSigningAsync("ningbo", CancellationToken.None))!).CertNo;
        using var response = await world.SendAsync(HttpMethod.Get, "/customs/api/merchants/ningbo/certificate");
        var der = await response.Content.ReadAsByteArrayAsync();
        using var certificate = System.Security.Cryptography.X509Certificates.X509CertificateLoader.LoadCertificate(der);
        Assert.Equal(certNo, certificate.SerialNumber.ToLowerInvariant());
        Assert.Equal($"ningbo-{certNo}.cer", response.Content.Headers.ContentDisposition!.FileName);

        using var text = await world.SendAsync(HttpMethod.Get, $"/customs/api/merchants/ningbo/certificate?format=base64&certNo={certNo.ToUpperInvariant()}");
        Assert.Equal(Convert.ToBase64String(der), await text.Content.ReadAsStringAsync());
        Assert.Equal(CustomsWorld.EbpNingbo, (await world.Services.CertificateAsync("ningbo", null, CancellationToken.None))!.EbpCode);
        foreach (var unknown in new[] { "nobody/certificate", "ningbo/certificate?certNo=01ffffff" })
        {
            using var none = await world.SendAsync(HttpMethod.Get, "/customs/api/merchants/" + unknown);
            Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
        }
    }

    [Fact]
    public async Task Should_meet_a_wrong_PIN_once_and_stop_the_merchant()
    {
        await using var control = await EportControl.StartAsync(new CardIssuer(TimeProvider.System).Issue(CardKind.Sm2, "宁波海淘"), "88888888");
        await using var world = await CustomsWorld.StartAsync(new(StringComparer.Ordinal)
        {
            ["Customs:Merchants:ningbo:Signing:Kind"] = "EportClient",
            ["Customs:Merchants:ningbo:Signing:Address"] = control.Address.ToString(),
            ["Customs:Merchants:ningbo:Signing:Pin"] = "13572468",
        });
        await Parallel.ForEachAsync(Enumerable.Range(0, 10), async (_, _) =>
        {
            var test = Assert.Single((await world.Services.TestSigningAsync("ningbo", CancellationToken.None))!);
            Assert.False(test.Ok);
            Assert.Contains("PIN", test.Sentence, StringComparison.Ordinal);
        });

        Assert.Equal(1, control.WrongPins);
        Assert.Equal(UploadIncidentKind.MerchantStopped, Assert.Single(await world.Modules.Find<IUploadIncidents>()!.OpenAsync(CancellationToken.None)).Kind);
        Assert.Equal(1L, await world.SqlAsync("SELECT COUNT(*) FROM alert_message WHERE kind = 'uploads_stopped'"));

        control.Pin = "13572468";
        Assert.True(await world.Services.ReopenUploadsAsync("ningbo", "王五", CancellationToken.None));
        var good = Assert.Single((await world.Services.TestSigningAsync("ningbo", CancellationToken.None))!);
        Assert.Equal((true, "EportClient", $"EportClient {control.Address}", "SM2-SM3"), (good.Ok, good.Kind, good.Signer, good.Scheme));
        Assert.Equal(0, control.WrongPins);
    }
}
