using System.Text.Json.Nodes;
using Erp.Customs.Module.Archive;
using Erp.Customs.Tests.Support;

namespace Erp.Customs.Tests.Integration;

public class When_a_payment_is_corrected
{
    [Fact]
    public async Task Should_become_a_new_version_beside_the_old_one_with_the_raw_bytes_untouched()
    {
        await using var world = await CustomsWorld.StartAsync();
        await world.DeliveredAsync(CustomsWorld.Payment("T1", "SO1"));
        var raw = await world.SqlAsync("SELECT hex(request) || hex(response) || hex(request_sha256) FROM payment");
        var correction = CustomsWorld.Correction("T1", "SO1");
        correction["totalAmount"] = 99.5m;

        using var response = await PutAsync(world, correction);

        Assert.Equal(200, (int)response.StatusCode);
        var receipt = await ApiAnswer.ReadAsync(response);
        Assert.Equal(("corrected", 2), ((string?)receipt["outcome"], (int)receipt["version"]!));
        Assert.Equal(raw, await world.SqlAsync("SELECT hex(request) || hex(response) || hex(request_sha256) FROM payment"));
        var archive = world.Modules.Find<PaymentArchive>()!;
        var id = (long)(await world.SqlAsync("SELECT id FROM payment"))!;
        Assert.Equal([100.1m, 99.5m], new[] { (await archive.FindAsync(id, 1, default))!.Facts.TotalAmount, (await archive.FindAsync(id, 2, default))!.Facts.TotalAmount });
        var status = await world.AnswerAsync("SO1");
        Assert.Equal("99.5", world.Uploaded(status.SessionId)["payExchangeInfoHead"]!["totalAmount"]!.ToJsonString());
        using var order = await world.SendAsync(HttpMethod.Get, "/customs/api/orders/SO1");
        Assert.Equal(2, (int)(await ApiAnswer.ReadAsync(order))["paymentVersion"]!);
    }

    [Fact]
    public async Task Should_change_nothing_when_it_says_the_same()
    {
        await using var world = await CustomsWorld.StartAsync();
        await world.DeliveredAsync(CustomsWorld.Payment("T1", "SO1"));
        using var response = await PutAsync(world, CustomsWorld.Correction("T1", "SO1"));
        Assert.Equal(200, (int)response.StatusCode);
        var receipt = await ApiAnswer.ReadAsync(response);
        Assert.Equal(("already_stored", 1), ((string?)receipt["outcome"], (int)receipt["version"]!));
    }

    [Fact]
    public async Task Should_not_send_a_session_again_that_was_answered()
    {
        await using var world = await CustomsWorld.StartAsync();
        await world.DeliveredAsync(CustomsWorld.Payment("T1", "SO1"));
        var before = await world.AnswerAsync("SO1");
        var correction = CustomsWorld.Correction("T1", "SO1");
        correction["note"] = "更正";
        using var response = await PutAsync(world, correction);
        Assert.Equal(200, (int)response.StatusCode);
        var after = await world.AnswerAsync("SO1");
        Assert.Equal("更正", (string?)world.Uploaded(after.SessionId)["payExchangeInfoHead"]!["note"]);
        Assert.Equal(before.PayloadSha256, (await world.Services.FindRequestAsync(before.SessionId, CancellationToken.None))!.PayloadSha256);
        Assert.Single(world.Customs.Log.FindSession(before.SessionId)!.Uploads);
    }

    [Fact]
    public async Task Should_answer_a_request_that_waited_for_it()
    {
        await using var world = await CustomsWorld.StartAsync();
        await world.DeliveredAsync(CustomsWorld.Payment("T1", "SO1"));
        var (sessionId, _) = await world.AskAsync("SO2");
        await world.WaitAsync(sessionId, "waiting_data");
        using var response = await PutAsync(world, CustomsWorld.Correction("T1", "SO1", "SO2"));
        Assert.Equal(200, (int)response.StatusCode);
        await world.WaitAsync(sessionId, "accepted");
        Assert.Equal(["SO1", "SO2"], ((JsonArray)world.Uploaded(sessionId)["payExchangeInfoLists"]!).Select(order => (string)order!["orderNo"]!));
    }

    [Theory]
    [InlineData("ningbo/T2")]
    [InlineData("guangzhou/T1")]
    public async Task Should_be_404_for_a_payment_that_is_not_there(string payment)
    {
        await using var world = await CustomsWorld.StartAsync();
        await world.DeliveredAsync(CustomsWorld.Payment("T1", "SO1"));
        var correction = CustomsWorld.Correction("T1", "SO1");
        correction.Remove("merchant");
        correction.Remove("payTransactionId");
        using var response = await world.SendAsync(HttpMethod.Put, $"/customs/api/payments/{payment}", correction);
        Assert.Equal(404, (int)response.StatusCode);
        Assert.NotEmpty(await ApiAnswer.ErrorAsync(response));
        Assert.Equal(1L, await world.SqlAsync("SELECT COUNT(*) FROM payment_version"));
    }

    [Fact]
    public async Task Should_be_refused_with_every_problem_when_it_breaks_rules_or_carries_raw_data()
    {
        await using var world = await CustomsWorld.StartAsync();
        await world.DeliveredAsync(CustomsWorld.Payment("T1", "SO1"));
        using var raw = await PutAsync(world, CustomsWorld.Payment("T1", "SO1"));
        Assert.Equal(400, (int)raw.StatusCode);
        Assert.Equal(2, (await ApiAnswer.ProblemsAsync(raw)).Count);

        var wrong = CustomsWorld.Correction("T1", "SO1");
        wrong["currency"] = "CNYUAN";
        wrong["orders"]![0]!["recpCode"] = new string('9', 19);
        using var broken = await PutAsync(world, wrong);
        Assert.Equal(400, (int)broken.StatusCode);
        Assert.Equal(2, (await ApiAnswer.ProblemsAsync(broken)).Count);

        using var unknown = await world.SendAsync(HttpMethod.Put, "/customs/api/payments/nobody/T1", new JsonObject());
        Assert.Equal(400, (int)unknown.StatusCode);
        Assert.Equal(1L, await world.SqlAsync("SELECT COUNT(*) FROM payment_version"));
    }

    [Fact]
    public async Task Should_be_refused_when_it_takes_an_order_of_another_merchant()
    {
        await using var world = await CustomsWorld.StartAsync();
        await world.DeliveredAsync(CustomsWorld.Payment("T1", "SO1"));
        var other = CustomsWorld.Payment("T2", "SO2");
        other["merchant"] = CustomsWorld.Guangzhou;
        await world.DeliveredAsync(other);
        using var response = await PutAsync(world, CustomsWorld.Correction("T1", "SO1", "SO2"));
        Assert.Equal(409, (int)response.StatusCode);
        Assert.Contains("SO2", await ApiAnswer.ErrorAsync(response), StringComparison.Ordinal);
    }

    private static Task<HttpResponseMessage> PutAsync(CustomsWorld world, JsonObject correction) =>
        world.SendAsync(HttpMethod.Put, "/customs/api/payments/ningbo/T1", correction);
}
