using System.Text.Json.Nodes;
using Erp.Customs.Module.Platform;
using Erp.Customs.Tests.Support;

namespace Erp.Customs.Tests.Platform;

public class When_a_merchant_has_its_own_address
{
    private static readonly Dictionary<string, string?> Overlap = new(StringComparer.Ordinal) { ["Customs:OrderNumbersOverlap"] = "true" };

    [Fact]
    public async Task Should_answer_each_from_its_own_payment_where_order_numbers_overlap()
    {
        await using var world = await CustomsWorld.StartAsync(Overlap);
        await DeliverToBothAsync(world);

        foreach (var (merchant, ebpCode, transaction) in new[] { (CustomsWorld.Ningbo, CustomsWorld.EbpNingbo, "T-ningbo"), (CustomsWorld.Guangzhou, CustomsWorld.EbpGuangzhou, "T-guangzhou") })
        {
            var (sessionId, answer) = await world.AskAsync("SO1", path: $"/customs/{merchant}/platDataOpen");
            Assert.True(answer.IsAcknowledged, answer.Body);
            Assert.Equal(merchant, (await world.WaitAsync(sessionId, "accepted")).Merchant);
            var head = world.Uploaded(sessionId)["payExchangeInfoHead"]!;
            Assert.Equal((ebpCode, transaction), ((string?)head["ebpCode"], (string?)head["payTransactionId"]));
        }
    }

    [Fact]
    public async Task Should_never_guess_a_signer_when_the_address_names_none()
    {
        await using var world = await CustomsWorld.StartAsync(Overlap);
        await DeliverToBothAsync(world);

        var (sessionId, answer) = await world.AskAsync("SO1");

        Assert.True(answer.IsAcknowledged, answer.Body);
        var left = await world.WaitAsync(sessionId, "needs_person");
        Assert.Null(left.Merchant);
        Assert.Contains("多个商户都有该订单号", left.Reason, StringComparison.Ordinal);
        Assert.Empty(world.Customs.Log.FindSession(sessionId)!.Uploads);
    }

    [Fact]
    public async Task Should_find_the_merchant_by_the_order_where_numbers_do_not_overlap()
    {
        await using var world = await CustomsWorld.StartAsync();
        await world.DeliveredAsync(CustomsWorld.Payment("T1", "SO1"));
        var (sessionId, _) = await world.AskAsync("SO1", path: $"/customs/{CustomsWorld.Ningbo.ToUpperInvariant()}/platDataOpen");
        Assert.Equal(CustomsWorld.Ningbo, (await world.WaitAsync(sessionId, "accepted")).Merchant);
    }

    [Fact]
    public async Task Should_not_hand_over_the_order_of_another_merchant()
    {
        await using var world = await CustomsWorld.StartAsync();
        await world.DeliveredAsync(CustomsWorld.Payment("T1", "SO1"));
        var (sessionId, answer) = await world.AskAsync("SO1", path: $"/customs/{CustomsWorld.Guangzhou}/platDataOpen");
        Assert.True(answer.IsAcknowledged, answer.Body);
        await world.WaitAsync(sessionId, "waiting_data");
        Assert.Empty(world.Customs.Log.FindSession(sessionId)!.Uploads);
    }

    [Fact]
    public async Task Should_take_the_same_session_at_both_addresses_of_one_merchant_as_one()
    {
        await using var world = await CustomsWorld.StartAsync();
        await world.DeliveredAsync(CustomsWorld.Payment("T1", "SO1"));
        var (sessionId, _) = await world.AskAsync("SO1");
        await world.WaitAsync(sessionId, "accepted");
        Assert.Equal(OpenReqCode.Accepted, (await world.AskAsync("SO1", sessionId, path: $"/customs/{CustomsWorld.Ningbo}/platDataOpen")).Answer.Code);
        Assert.Equal(OpenReqCode.SessionOfOtherOrder, (await world.AskAsync("SO1", sessionId, path: $"/customs/{CustomsWorld.Guangzhou}/platDataOpen")).Answer.Code);
        Assert.Single(world.Customs.Log.FindSession(sessionId)!.Uploads);
    }

    [Fact]
    public async Task Should_answer_under_the_base_path_that_is_set_and_nowhere_else()
    {
        await using var world = await CustomsWorld.StartAsync(new(StringComparer.Ordinal) { ["Customs:BasePath"] = "/erp/hai-guan.v1" });
        Assert.Equal("10000", (await world.AskAsync("SO1", path: "/erp/hai-guan.v1/platDataOpen")).Answer.Code);
        Assert.Equal("10000", (await world.AskAsync("SO1", path: "/erp/hai-guan.v1/ningbo/platDataOpen")).Answer.Code);
        Assert.Equal("10000", (await world.AskAsync("SO1", path: "/ERP/Hai-Guan.v1/PLATDATAOPEN/")).Answer.Code);
        using var elsewhere = await world.Http.PostAsync("/customs/platDataOpen", AskedAnswer.Form(AskedAnswer.OpenReq("SO1", "s")));
        Assert.Equal(404, (int)elsewhere.StatusCode);
        Assert.Equal(3, await world.RequestsAsync());
    }

    private static async Task DeliverToBothAsync(CustomsWorld world)
    {
        foreach (var merchant in new[] { CustomsWorld.Ningbo, CustomsWorld.Guangzhou })
        {
            JsonObject payment = CustomsWorld.Payment($"T-{merchant}", "SO1");
            payment["merchant"] = merchant;
            await world.DeliveredAsync(payment);
        }
    }
}
