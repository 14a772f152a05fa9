using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Erp.Customs.Contracts;
using Erp.Customs.Simulator;
using Erp.Customs.Tests.Support;

namespace Erp.Customs.Tests.Diagnostics;

/// <content>The paths of the payment-customs bridge: PushOrder, GetOrder and the callback, with their failures. Its messages name the receiver each time.</content>
public partial class When_everything_is_logged
{
    private const string Message = $"报关人{Person}（{IdNumber}，{Mobile}）";

    private static Dictionary<string, Func<CustomsWorld, Watch, Task>> OfTheBridge() => new(StringComparer.Ordinal)
    {
        ["an order that is pushed, updated, paid and asked for by customs"] = async (world, watch) =>
        {
            world.Customs.Bridge.PollsUntilPaid = 1000;
            Assert.Equal(202, await watch.SawAsync("taken", world.PushAsync(Push("SO1"))));
            Assert.Equal(200, await watch.SawAsync("taken before", world.PushAsync(Push("SO1"))));
            await world.WaitForPushAsync("SO1", "pushed");
            Assert.Equal(409, await watch.SawAsync("taken by the bridge", world.PushAsync(Push("SO1", push => push["receiverName"] = Person + "丰"))));
            Assert.Equal(202, await watch.SawAsync("updated", world.PushAsync(Push("SO1", push => (push["operation"], push["orderTotal"]) = ("U", 90m)))));
            await world.WaitForPushAsync("SO1", status => status is { State: "pushed", Operation: "U" });
            watch.Saw("status", (await world.PaidAsync("SO1")).ToString());
            Assert.Equal(200, await watch.SawAsync("status", world.SendAsync(HttpMethod.Get, "/customs/api/orders/SO1/push")));
            Assert.Equal(409, await watch.SawAsync("done", world.PushAsync(Push("SO1", push => push["operation"] = "U"))));
            await world.AnswerAsync("SO1");
            Assert.Equal(200, await watch.SawAsync("order", world.SendAsync(HttpMethod.Get, "/customs/api/orders/SO1")));
        },
        ["an order for the bridge that breaks every rule"] = async (world, watch) =>
        {
            var found = await watch.SawAsync("invalid", world.PushAsync(Push("SO1", push =>
            {
                push["orderNo"] = Mobile + "\u0001";
                push["receiverName"] = Person + new string('x', 60);
                push["receiverCardNo"] = IdNumber[..17] + "0";
                push["receiverMobile"] = Mobile + "3";
                push["totalNum"] = 0;
                push["orderTotal"] = 0.001m;
                push["customsCode"] = IdNumber;
                push["operation"] = Person;
                push["goods"]![0]!["gname"] = Person + "\u0001";
                push["goods"]![0]!["itemLink"] = Account + new string('x', 3000);
            })));
            Assert.Equal(400, found);
        },
        ["an order for the bridge of the wrong shape"] = async (world, watch) =>
        {
            foreach (var spoil in new Action<JsonObject>[]
            {
                push => push["merchant"] = Person,
                push => push["receiverName"] = new JsonArray(Person),
                push => push["receiverMobile"] = long.Parse(Mobile, System.Globalization.CultureInfo.InvariantCulture),
                push => push["payTime"] = IdNumber,
                push => push["totalNum"] = Mobile,
                push => push["orderTotal"] = Person,
                push => push["goods"] = Person,
                push => push["receiver"] = new JsonObject { ["name"] = Person, ["idNumber"] = IdNumber },
            })
            {
                Assert.Equal(400, await watch.SawAsync("wrong shape", world.PushAsync(Push("SO1", spoil))));
            }

            using var half = new StringContent(Push("SO1").ToJsonString()[..^20]);
            using var request = new HttpRequestMessage(HttpMethod.Post, "/customs/api/orders/push") { Content = half };
            request.Headers.Add("X-Api-Key", CustomsWorld.Key);
            Assert.Equal(400, await watch.SawAsync("half of a JSON", world.Http.SendAsync(request)));
            Assert.Equal(401, await watch.SawAsync("wrong key", world.SendAsync(HttpMethod.Post, "/customs/api/orders/push", Push("SO1"), Stranger)));
        },
        ["a push that the bridge answers with each of its codes"] = async (world, watch) =>
        {
            foreach (var code in new[] { "9901", "9902", "9903", "9904", "9905", "9906", "9907", "9908", "9909", "9910", "9916", "1234" })
            {
                world.Customs.Bridge.Set(new BridgeMood { Kind = BridgeMoodKind.Code, Code = code, Message = Message, OrderNo = "SO" + code, Times = 100 });
                await world.PushedAsync(Push("SO" + code));
                var status = await world.WaitForPushAsync("SO" + code, status => status.State is not ("pending" or "pushed"));
                Assert.Equal(code, world.Customs.Bridge.LinesOf("SO" + code, "PushOrder")[0].Code);
                watch.Saw("status", status.ToString());
            }

            foreach (var code in new[] { "9911", "9912" })
            {
                world.Customs.Bridge.Set(new BridgeMood { Kind = BridgeMoodKind.Code, Code = code, Message = Message, OrderNo = "SO" + code });
                await world.PushedAsync(Push("SO" + code));
                await world.WaitForPushAsync("SO" + code, status => status is { State: "waiting_retry", MerchantStopped: true });
                Assert.Equal(200, await watch.SawAsync("stopped", world.SendAsync(HttpMethod.Get, $"/customs/api/orders/SO{code}/push")));
                Assert.Equal(204, await watch.SawAsync("reopened", world.SendAsync(HttpMethod.Post, "/customs/api/merchants/ningbo/reopen-pushes")));
            }
        },
        ["a push that the bridge does not answer well"] = async (world, watch) =>
        {
            foreach (var kind in Unwell)
            {
                world.Customs.Bridge.Set(new BridgeMood { Kind = kind, OrderNo = "SO" + kind, Message = Message, DelayMs = 5000 });
                await world.PushedAsync(Push("SO" + kind));
            }

            foreach (var kind in Unwell)
            {
                watch.Saw("status", (await world.WaitForPushAsync("SO" + kind, status => status is { Attempts: > 0, State: not "pending" })).ToString());
                Assert.Contains(world.Customs.Bridge.LinesOf("SO" + kind, "PushOrder"), line => line.Mood == kind.ToString());
            }
        },
        ["a question that the bridge does not answer well"] = async (world, watch) =>
        {
            world.Customs.Bridge.PollsUntilPaid = 1000;
            foreach (var kind in Unwell)
            {
                world.Customs.Bridge.Set(new BridgeMood { Kind = kind, Call = "get", OrderNo = "SO" + kind, Message = Message, DelayMs = 5000, Times = 100 });
                await world.PushedAsync(Push("SO" + kind));
            }

            foreach (var kind in Unwell)
            {
                // What came of the first question is saved when the second one begins.
                watch.Saw("status", (await world.WaitForPushAsync("SO" + kind, status => status is { State: "pushed", Polls: > 1 })).ToString());
                Assert.Contains(world.Customs.Bridge.LinesOf("SO" + kind, "GetOrder"), line => line.Mood == kind.ToString());
            }
        },
        ["a declaration that fails"] = async (world, watch) =>
        {
            var moods = new[] { "9911", "9912", "9913", "9914", "9915", "9917" }.SelectMany(code => new[]
            {
                new BridgeMood { Kind = BridgeMoodKind.CustomsMsg, Message = code + Message, OrderNo = "SO-customs-" + code, Times = 100 },
                new BridgeMood { Kind = BridgeMoodKind.PaymentMsg, Message = code + Message, OrderNo = "SO-payment-" + code, Times = 100 },
                new BridgeMood { Kind = BridgeMoodKind.Code, Call = "get", Code = code, Message = Message, OrderNo = "SO-code-" + code, Times = 100 },
            }).ToList();
            foreach (var mood in moods)
            {
                world.Customs.Bridge.Set(mood);
                await world.PushedAsync(Push(mood.OrderNo!));
            }

            foreach (var mood in moods)
            {
                watch.Saw("status", (await world.WaitForPushAsync(mood.OrderNo!, status => status.State is "data_error" or "needs_person")).ToString());
            }
        },
        ["an order that is paid and cannot be stored"] = async (world, watch) =>
        {
            await world.DeliveredAsync(Payment(payment => payment["payTransactionId"] = PaymentBridge.PaymentNo("SO2")));
            await world.PushedAsync(Push("SO2"));
            watch.Saw("status", (await world.PaidAsync("SO2")).ToString());
            world.Customs.Bridge.Set(new BridgeMood { Kind = BridgeMoodKind.NoPayTime, OrderNo = "SO3" });
            await world.PushedAsync(Push("SO3"));
            watch.Saw("status", (await world.WaitForPushAsync("SO3", status => status.State == "done" && status.NextAttemptAt is null)).ToString());
        },
        ["callbacks that are true, forged and unreadable"] = async (world, watch) =>
        {
            world.Customs.Bridge.PollsUntilPaid = 1000;
            await world.PushedAsync(Push("SO1"));
            await world.WaitForPushAsync("SO1", "pushed");
            foreach (var (body, type) in new[]
            {
                ($$"""data={"order_no":"SO1","payment_no":"{{Account}}","result":"T","result_msg":"{{Message}}"}""", "application/x-www-form-urlencoded"),
                ($$"""data={"order_no":"{{Mobile}}","payment_no":"{{Account}}","receiver":"{{Person}}"}""", "application/x-www-form-urlencoded"),
                ($$"""{"order_no":"SO1","receiver":["{{Person}}"]}""", "application/json"),
                ($$"""{"order_no":["{{Person}}"],"{{IdNumber}}":""", "application/json"),
                ($"data=%7B{Person}", "application/x-www-form-urlencoded"),
                ($"{Person}={Mobile}", "text/plain"),
                (Person + new string('x', 70_000), "text/plain"),
            })
            {
                using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) { Headers = { ContentType = MediaTypeHeaderValue.Parse(type) } };
                Assert.Equal(200, await watch.SawAsync("callback", world.Http.PostAsync(world.CallbackAddress, content)));
            }

            watch.Saw("status", (await world.PaidAsync("SO1")).ToString());
        },
        ["a database that fails at the bridge"] = async (world, watch) =>
        {
            world.Customs.Bridge.PollsUntilPaid = 1000;
            await world.PushedAsync(Push("SO1"));
            await world.WaitForPushAsync("SO1", "pushed");
            await world.SqlAsync("ALTER TABLE bridge_exchange RENAME TO gone");
            using var content = new StringContent($$"""data={"order_no":"SO1","payment_no":"{{Account}}","result_msg":"{{Message}}"}""");
            Assert.Equal(503, await watch.SawAsync("callback", world.Http.PostAsync(world.CallbackAddress, content)));
            Assert.Equal(202, await watch.SawAsync("taken", world.PushAsync(Push("SO2"))));
            watch.Saw("status", (await world.WaitForPushAsync("SO2", "waiting_retry")).ToString());
            await world.SqlAsync("ALTER TABLE gone RENAME TO bridge_exchange");
            await world.SqlAsync("ALTER TABLE bridge_order RENAME TO gone");
            Assert.Equal(503, await watch.SawAsync("push", world.PushAsync(Push("SO3"))));
            Assert.Equal(503, await watch.SawAsync("status", world.SendAsync(HttpMethod.Get, "/customs/api/orders/SO1/push")));
            await world.SqlAsync("ALTER TABLE gone RENAME TO bridge_order");
        },
        ["stored orders that are not what they were"] = async (world, watch) =>
        {
            world.Customs.Bridge.PollsUntilPaid = 1000;
            await world.PushedAsync(Push("SO1"));
            await world.WaitForPushAsync("SO1", "pushed");
            foreach (var sql in new[]
            {
                $"UPDATE bridge_order SET content = CAST('{{\"receiverName\":\"{Person}' AS BLOB)", $"UPDATE bridge_order SET content = '{IdNumber}'", $"UPDATE bridge_order SET pay_at = '{Person}', since = '{Mobile}'",
            })
            {
                await world.SqlAsync(sql + ", state = 'waiting_retry', next_attempt_at = 0");
                await world.SqlAsync("UPDATE bridge_order SET lease_until = NULL");
                Assert.Equal(503, await watch.SawAsync("status", world.SendAsync(HttpMethod.Get, "/customs/api/orders/SO1/push")));
                await watch.SawAsync("again", world.PushAsync(Push("SO1", push => push["operation"] = "U")));
            }
        },
    };

    private static readonly BridgeMoodKind[] Unwell =
        [BridgeMoodKind.CutAfter, BridgeMoodKind.CutBefore, BridgeMoodKind.Garbage, BridgeMoodKind.Status, BridgeMoodKind.Redirect, BridgeMoodKind.OtherOrder, BridgeMoodKind.Late];

    private static JsonObject Push(string orderNo, Action<JsonObject>? change = null)
    {
        var push = CustomsWorld.Push(orderNo);
        (push["receiverName"], push["receiverCardNo"], push["receiverMobile"]) = (Person, IdNumber, Mobile);
        change?.Invoke(push);
        return push;
    }
}
