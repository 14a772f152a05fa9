using System.Net;
using Erp.Customs.Module;
using Erp.Customs.Module.Jobs;
using Erp.Customs.Simulator;
using Erp.Customs.Tests.Hosting;
using Erp.Customs.Tests.Support;

namespace Erp.Customs.Tests.Upload;

/// <summary>A few wrong PINs lock a card: after the first nothing tries another, whatever asks, until a person has reopened the merchant.</summary>
public class When_a_PIN_is_wrong
{
    private const string Right = "88888888";
    private const string Wrong = "13572468";

    [Fact]
    public async Task Should_be_tried_once_and_hold_everything_until_a_person_reopens_the_merchant()
    {
        var card = new CardIssuer(TimeProvider.System).Issue(CardKind.Sm2, "宁波海淘");
        await using var control = await EportControl.StartAsync(card, Right);
        await using var world = await CustomsWorld.StartAsync(new(StringComparer.Ordinal)
        {
            ["Customs:Merchants:ningbo:Signing:Kind"] = "EportClient",
            ["Customs:Merchants:ningbo:Signing:Address"] = control.Address.ToString(),
            ["Customs:Merchants:ningbo:Signing:Pin"] = Wrong,
        });
        world.Customs.Register.RegisterPem(card.CertNo, CustomsWorld.EbpNingbo, card.CertificatePem);
        var sessions = new List<string>();
        for (var order = 1; order <= 8; order++)
        {
            await world.DeliveredAsync(CustomsWorld.Payment($"T{order}", $"SO{order}"));
        }

        foreach (var asked in await Task.WhenAll(Enumerable.Range(1, 7).Select(order => world.AskAsync($"SO{order}"))))
        {
            sessions.Add(asked.SessionId);
        }

        var incident = await Waiting.ForAsync(async () => (await Incidents(world).OpenAsync(CancellationToken.None)).SingleOrDefault(), one => one is { Waiting: 7 });
        Assert.Equal((UploadIncidentKind.MerchantStopped, "ningbo", null), (incident!.Kind, incident.Merchant, incident.NextProbeAt));
        Assert.Contains("PIN", incident.Reason, StringComparison.Ordinal);
        Assert.Equal(1, control.WrongPins);

        // Neither a restart, nor another request, nor a test upload, nor a sweep tries it again.
        await world.Modules.DisableAsync("Erp.Customs", CancellationToken.None);
        await world.Modules.EnableAsync("Erp.Customs", CancellationToken.None);
        await world.Modules.Find<UploadSweep>()!.SweepAsync(CancellationToken.None);
        sessions.Add((await world.AskAsync("SO8")).SessionId);
        using var test = await world.SendAsync(HttpMethod.Post, "/customs/api/orders/SO1/test-upload");
        await Waiting.ForAsync(async () => await world.SqlAsync("SELECT COUNT(*) FROM customs_request WHERE purpose = 'test' AND state = 'needs_person'"), count => count is 1L);
        Assert.Equal(1, control.WrongPins);
        Assert.Single(control.Calls);
        Assert.Equal(1L, await world.SqlAsync("SELECT COUNT(*) FROM alert_message WHERE kind = 'uploads_stopped'"));
        Assert.DoesNotContain(Wrong, world.Log.All, StringComparison.Ordinal);

        control.Pin = Wrong;
        using var reopened = await world.SendAsync(HttpMethod.Post, "/customs/api/merchants/ningbo/reopen-uploads");
        Assert.Equal(HttpStatusCode.NoContent, reopened.StatusCode);
        foreach (var session in sessions)
        {
            await world.WaitAsync(session, "accepted");
        }

        Assert.Empty(await Incidents(world).OpenAsync(CancellationToken.None));
        Assert.Equal(0, control.WrongPins);
        Assert.All(control.Calls.Skip(1), call => Assert.True(call.PinWasRight));
    }

    private static IUploadIncidents Incidents(CustomsWorld world) => world.Modules.Find<IUploadIncidents>()!;
}
