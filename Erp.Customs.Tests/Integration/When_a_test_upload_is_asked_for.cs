using Erp.Customs.Simulator;
using Erp.Customs.Tests.Support;

namespace Erp.Customs.Tests.Integration;

public class When_a_test_upload_is_asked_for
{
    [Fact]
    public async Task Should_go_to_the_test_address_and_nowhere_else_in_a_session_of_its_own()
    {
        var folder = Directory.CreateTempSubdirectory("erp-customs-rehearsal-");
        try
        {
            await using var rehearsal = await CustomsServer.StartAsync(new CustomsServerOptions { LogFile = Path.Combine(folder.FullName, "rehearsal.jsonl"), AcceptUnasked = true }, CancellationToken.None);
            await using var world = await CustomsWorld.StartAsync(new(StringComparer.Ordinal) { ["Customs:Upload:TestUrl"] = rehearsal.UploadAddress.ToString() });
            CustomsWorld.Register(rehearsal, world.Folder);
            await world.DeliveredAsync(CustomsWorld.Payment("T1", "SO1"));
            var asked = await world.AnswerAsync("SO1");

            using var response = await world.SendAsync(HttpMethod.Post, "/customs/api/orders/SO1/test-upload");
            Assert.Equal(202, (int)response.StatusCode);
            var sessionId = (string)(await ApiAnswer.ReadAsync(response))["sessionId"]!;

            Assert.StartsWith("test-", sessionId, StringComparison.Ordinal);
            await world.WaitAsync(sessionId, "accepted");
            Assert.Equal(sessionId, rehearsal.Log.Sessions.Single().SessionId);
            Assert.Equal(asked.SessionId, world.Customs.Log.Sessions.Single().SessionId);
            Assert.Equal("test", await world.SqlAsync($"SELECT purpose FROM customs_request WHERE session_id = '{sessionId}'"));
            Assert.Equal("customs", await world.SqlAsync($"SELECT purpose FROM customs_request WHERE session_id = '{asked.SessionId}'"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Should_need_the_merchant_where_order_numbers_overlap()
    {
        await using var world = await CustomsWorld.StartAsync(new(StringComparer.Ordinal) { ["Customs:OrderNumbersOverlap"] = "true" });
        foreach (var merchant in new[] { CustomsWorld.Ningbo, CustomsWorld.Guangzhou })
        {
            var payment = CustomsWorld.Payment("T1", "SO1");
            payment["merchant"] = merchant;
            await world.DeliveredAsync(payment);
        }

        using var unclear = await world.SendAsync(HttpMethod.Post, "/customs/api/orders/SO1/test-upload");
        Assert.Equal(404, (int)unclear.StatusCode);
        Assert.Contains("merchant", await ApiAnswer.ErrorAsync(unclear), StringComparison.Ordinal);
        using var order = await world.SendAsync(HttpMethod.Get, "/customs/api/orders/SO1");
        Assert.Equal(404, (int)order.StatusCode);
        using var clear = await world.SendAsync(HttpMethod.Get, "/customs/api/orders/SO1?merchant=guangzhou");
        Assert.Equal(CustomsWorld.Guangzhou, (string?)(await ApiAnswer.ReadAsync(clear))["merchant"]);

        using var response = await world.SendAsync(HttpMethod.Post, "/customs/api/orders/SO1/test-upload?merchant=guangzhou");
        var sessionId = (string)(await ApiAnswer.ReadAsync(response))["sessionId"]!;
        Assert.Equal(CustomsWorld.Guangzhou, (await world.WaitAsync(sessionId, status => status.Attempts > 0)).Merchant);
    }
}
