using System.Text.Json.Nodes;
using Erp.Customs.Contracts;
using Erp.Customs.Simulator;

namespace Erp.Customs.Tests.Support;

/// <summary>The payment-customs bridge in the world: the merchant ningbo pushes orders to it, guangzhou does not.</summary>
internal sealed partial class CustomsWorld
{
    /// <summary>The merchant ningbo's name at the bridge.</summary>
    public const string NingboAtBridge = "宁波商户";

    public Uri CallbackAddress => new(Http.BaseAddress!, "/customs/payment-callback");

    /// <summary>An order for the payment bridge, as an ERP would hand it in.</summary>
    public static JsonObject Push(string orderNo, string operation = "A", decimal orderTotal = 100m) => new()
    {
        ["merchant"] = Ningbo,
        ["orderNo"] = orderNo,
        ["receiverName"] = "张三",
        ["receiverCardNo"] = "11010519491231002X",
        ["receiverMobile"] = "13817494910",
        ["totalNum"] = 5,
        ["orderTotal"] = orderTotal,
        ["payTime"] = "2026-11-11T00:00:01+08:00",
        ["customsCode"] = "HG014",
        ["operation"] = operation,
        ["goods"] = new JsonArray(
            new JsonObject { ["gname"] = "婴儿奶粉 800g", ["itemLink"] = "https://shop.example.cn/item/1" },
            new JsonObject { ["gname"] = "纸尿裤 \"M\" 64片", ["itemLink"] = "https://shop.example.cn/item/2" }),
    };

    public Task<HttpResponseMessage> PushAsync(JsonObject push) => SendAsync(HttpMethod.Post, "/customs/api/orders/push", push);

    public async Task PushedAsync(JsonObject push)
    {
        using var response = await PushAsync(push);
        Assert.True(response.StatusCode == System.Net.HttpStatusCode.Accepted, await response.Content.ReadAsStringAsync());
    }

    /// <summary>Waits until an order stands somewhere at the bridge.</summary>
    public async Task<PushStatus> WaitForPushAsync(string orderNo, Func<PushStatus, bool> until)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        PushStatus? status = null;
        try
        {
            while (true)
            {
                status = await Services.FindPushAsync(orderNo, null, limit.Token);
                if (status is not null && until(status))
                {
                    return status;
                }

                await Task.Delay(10, limit.Token);
            }
        }
        catch (OperationCanceledException tooLong)
        {
            throw new TimeoutException($"Order {orderNo} stands at {status}\n{Log.All}", tooLong);
        }
    }

    public Task<PushStatus> WaitForPushAsync(string orderNo, string state) => WaitForPushAsync(orderNo, status => status.State == state);

    /// <summary>The bridge pays and declares an order and calls back; waits until it is in the archive.</summary>
    public async Task<PushStatus> PaidAsync(string orderNo)
    {
        await WaitForPushAsync(orderNo, status => status.Attempts > 0 && status.State != "pending");
        Customs.Bridge.Pay(NingboAtBridge, orderNo);
        Assert.Equal((200, "ok"), await Customs.Bridge.CallBackAsync(CallbackAddress, orderNo));
        return await WaitForPushAsync(orderNo, status => status.State == "done" && status.NextAttemptAt is null);
    }

    /// <summary>The settings of a merchant that pushes orders.</summary>
    public static Dictionary<string, string?> AtBridge(string merchant, string name) => new[]
    {
        ("MerchantName", name), ("PayCode", "4403169D3W"), ("VerDept", "1"), ("PayType", "4"),
        ("RecpAccount", "6217850100007893905"), ("RecpCode", "91330201MA2AG12345"), ("RecpName", "宁波海淘贸易有限公司"),
    }.ToDictionary(one => $"Customs:Merchants:{merchant}:Bridge:{one.Item1}", one => (string?)one.Item2, StringComparer.Ordinal);

    private static void BridgeOf(Dictionary<string, string?> settings, CustomsServer customs)
    {
        settings["Customs:Bridge:BaseUrl"] = customs.BaseAddress.ToString();
        foreach (var (name, value) in AtBridge(Ningbo, NingboAtBridge))
        {
            settings[name] = value;
        }
    }
}
