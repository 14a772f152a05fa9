using System.Text;
using System.Text.Json.Nodes;
using Erp.Customs.Contracts;
using Erp.Customs.Simulator;
using Erp.Customs.Tests.Admin;
using Erp.Customs.Tests.Alerts;
using Erp.Customs.Tests.Capture;
using Erp.Customs.Tests.Hosting;
using Erp.Customs.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Erp.Customs.Tests.Diagnostics;

/// <summary>Redaction: personal data, raw messages and secrets on every path, with the log at trace level.</summary>
public partial class When_everything_is_logged
{
    private const string Person = "金丝雀张三丰";
    private const string IdNumber = "110101199003078515";
    private const string Mobile = "13911112222";
    private const string Account = "6217009999000011112";
    private const string Seller = "金丝雀贸易有限公司";
    private const string RawRequest = "canary-of-the-raw-request";
    private const string RawResponse = "canary-of-the-raw-response";
    private const string Stranger = "canary-of-a-stranger";

    private static readonly string[] Canaries = [Person, IdNumber, Mobile, Account, Seller, RawRequest, RawResponse, Stranger, CustomsWorld.Key, CustomsWorld.Password];

    private static readonly Dictionary<string, Func<CustomsWorld, Watch, Task>> Paths = new(OfCustoms().Concat(OfTheBridge()).Concat(OfTheCapture()), StringComparer.Ordinal);

    private static Dictionary<string, Func<CustomsWorld, Watch, Task>> OfCustoms() => new(StringComparer.Ordinal)
    {
        ["a delivery, its repetition and a contradiction"] = async (world, watch) =>
        {
            Assert.Equal(201, await watch.SawAsync("stored", world.DeliverAsync(Payment())));
            Assert.Equal(200, await watch.SawAsync("stored before", world.DeliverAsync(Payment())));
            Assert.Equal(409, await watch.SawAsync("conflict", world.DeliverAsync(Payment(payment => payment["initalResponse"] = RawResponse + "?"))));
            Assert.Equal(409, await watch.SawAsync("conflict", world.DeliverAsync(Payment(payment => payment["orders"]![0]!["recpName"] = Seller + Person))));
            Assert.Equal(200, await watch.SawAsync("order", world.SendAsync(HttpMethod.Get, "/customs/api/orders/SO1")));
        },
        ["a delivery that breaks every rule"] = async (world, watch) => Assert.Equal(400, await watch.SawAsync("invalid", world.DeliverAsync(Payment(payment =>
        {
            payment["payCode"] = Person + new string('x', 18);
            payment["currency"] = Mobile;
            payment["verDept"] = IdNumber;
            payment["payType"] = Account;
            payment["note"] = Person + new string('x', 1000);
            var order = payment["orders"]![0]!;
            order["recpAccount"] = Account + new string('0', 60);
            order["recpCode"] = IdNumber + "0";
            order["recpName"] = Seller + new string('x', 100);
            order["goods"]![0]!["gname"] = Person + "\ud800";
        })))),
        ["a delivery of the wrong shape"] = async (world, watch) =>
        {
            foreach (var spoil in new Action<JsonObject>[]
            {
                payment => payment["tradingTime"] = Mobile,
                payment => payment["totalAmount"] = Person,
                payment => payment["orders"] = Seller,
                payment => payment["orders"]![0]!["recpName"] = new JsonArray(Seller),
                payment => payment["initalRequestBase64"] = RawRequest,
                payment => { payment.Remove("initalRequest"); payment["initalRequestBase64"] = $"%{RawRequest}%"; payment["charset"] = "utf-8"; },
                payment => { payment.Remove("initalRequest"); payment["initalRequestBase64"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(RawRequest)); payment["charset"] = Person; },
                payment => payment["receiver"] = new JsonObject { ["name"] = Person, ["idNumber"] = IdNumber },
            })
            {
                var status = await watch.SawAsync("wrong shape", world.DeliverAsync(Payment(spoil)));
                Assert.InRange(status, 201, 400);
            }

            using var half = new StringContent(Payment().ToJsonString()[..^20]);
            using var request = new HttpRequestMessage(HttpMethod.Post, "/customs/api/payments") { Content = half };
            request.Headers.Add("X-Api-Key", CustomsWorld.Key);
            Assert.Equal(400, await watch.SawAsync("half of a JSON", world.Http.SendAsync(request)));
        },
        ["a wrong key"] = async (world, watch) =>
        {
            Assert.Equal(401, await watch.SawAsync("wrong key", world.SendAsync(HttpMethod.Post, "/customs/api/payments", Payment(), Stranger)));
            Assert.Equal(401, await watch.SawAsync("almost the key", world.SendAsync(HttpMethod.Post, "/customs/api/payments", Payment(), CustomsWorld.Key + Stranger)));
        },
        ["corrections"] = async (world, watch) =>
        {
            await world.DeliveredAsync(Payment());
            var correction = Payment();
            correction.Remove("initalRequest");
            correction.Remove("initalResponse");
            correction["note"] = Person;
            Assert.Equal(200, await watch.SawAsync("corrected", PutAsync("T1", correction)));
            Assert.Equal(404, await watch.SawAsync("not there", PutAsync("T9", Without(correction, "payTransactionId"))));
            correction["orders"]![0]!["recpName"] = Seller + new string('x', 100);
            Assert.Equal(400, await watch.SawAsync("invalid", PutAsync("T1", correction)));
            Assert.Equal(400, await watch.SawAsync("with raw data", PutAsync("T1", Payment())));
            Task<HttpResponseMessage> PutAsync(string payment, JsonObject body) => world.SendAsync(HttpMethod.Put, $"/customs/api/payments/ningbo/{payment}", body);
        },
        ["requests of customs that nobody can read"] = async (world, watch) =>
        {
            foreach (var body in new[]
            {
                Person, $"openReq={Mobile}", $$"""{"orderNo":["{{Person}}"],"sessionID":"s"}""", $$"""{"orderNo":"SO1","sessionID":"{{new string('s', 129)}}{{Person}}"}""",
                $$"""{"orderNo":"SO1","sessionID":"s","serviceTime":"{{Mobile}}","receiver":"{{Person}}"}""", $$"""{"receiver":"{{Person}}" """, $$"""{"{{Person}}":1,"{{Person}}":2}""",
            })
            {
                using var content = new StringContent(body);
                Assert.Equal(200, await watch.SawAsync("platDataOpen", world.Http.PostAsync("/customs/platDataOpen", content)));
            }
        },
        ["uploads that are accepted"] = async (world, watch) =>
        {
            await world.DeliveredAsync(Payment());
            await world.DeliveredAsync(Payment(payment => { payment["merchant"] = CustomsWorld.Guangzhou; payment["payTransactionId"] = "T2"; payment["orders"]![0]!["orderNo"] = "SO2"; }));
            var (sessionId, answer) = await world.AskAsync("SO1");
            watch.Saw("platDataOpen", answer.Body);
            await world.WaitAsync(sessionId, "accepted");
            Assert.Equal(200, await watch.SawAsync("status", world.SendAsync(HttpMethod.Get, $"/customs/api/requests/{sessionId}")));
            await world.AnswerAsync("SO2");
            Assert.Equal(202, await watch.SawAsync("test upload", world.SendAsync(HttpMethod.Post, "/customs/api/orders/SO1/test-upload")));
        },
        ["uploads that fail in every way"] = async (world, watch) =>
        {
            await world.DeliveredAsync(Payment());
            foreach (var fault in new[] { Fault.HttpStatus(500), Fault.HttpStatus(404), Fault.CutBeforeAccepting(), Fault.Garbage(), Fault.Redirect(), Fault.Oversized() })
            {
                var sessionId = Caller.NewSessionId();
                world.Customs.Faults.Set(fault with { SessionId = sessionId });
                await world.AskAsync("SO1", sessionId);
                watch.Saw("reason", (await world.WaitAsync(sessionId, status => status.Reason.Length > 0 || status.Attempts > 1)).Reason);
            }

            // Customs' own words are theirs; they stand in the answer's fields and on the screen, and nowhere else.
            var refused = Caller.NewSessionId();
            world.Customs.Faults.Set(Fault.Reply("20110", $"收款人名称{Person}（{IdNumber}）有误") with { SessionId = refused });
            await world.AskAsync("SO1", refused);
            watch.Saw("reason", (await world.WaitAsync(refused, "rejected")).Reason);
        },
        ["a payment that customs could not take"] = async (world, watch) =>
        {
            await world.DeliveredAsync(Payment(payment => payment["initalRequest"] = RawRequest + Person + new string('x', 8000)));
            await world.DeliveredAsync(Payment(payment =>
            {
                payment["payTransactionId"] = "T2";
                payment["orders"]![0]!["orderNo"] = "SO2";
                payment.Remove("initalRequest");
                payment["initalRequestBase64"] = Convert.ToBase64String([.. Encoding.UTF8.GetBytes(Person), 0xFF, 0xFE, .. Encoding.UTF8.GetBytes(RawRequest)]);
                payment["charset"] = "utf-8";
            }));
            foreach (var order in new[] { "SO1", "SO2" })
            {
                watch.Saw("reason", (await world.AnswerAsync(order, "needs_person")).Reason);
                Assert.Equal(200, await watch.SawAsync("order", world.SendAsync(HttpMethod.Get, $"/customs/api/orders/{order}")));
            }
        },
        ["a database that fails"] = async (world, watch) =>
        {
            await world.DeliveredAsync(Payment());
            await world.SqlAsync("ALTER TABLE payment_order RENAME TO gone");
            Assert.Equal(503, await watch.SawAsync("delivery", world.DeliverAsync(Payment(payment => payment["payTransactionId"] = "T2"))));
            var (sessionId, _) = await world.AskAsync("SO1");
            watch.Saw("reason", (await world.WaitAsync(sessionId, status => status.Reason.Length > 0)).Reason);
            await world.SqlAsync("ALTER TABLE gone RENAME TO payment_order");
            await world.SqlAsync("ALTER TABLE customs_request RENAME TO gone");
            using var content = new StringContent($$"""{"orderNo":"SO1","sessionID":"s","receiver":"{{Person}}"}""");
            Assert.Equal(200, await watch.SawAsync("platDataOpen", world.Http.PostAsync("/customs/platDataOpen", content)));
            await world.SqlAsync("ALTER TABLE gone RENAME TO customs_request");
        },
        ["stored values that are not what they were"] = async (world, watch) =>
        {
            await world.DeliveredAsync(Payment());
            foreach (var sql in new[]
            {
                $"UPDATE payment_version SET facts = CAST('{{\"payCode\":\"{Person}' AS BLOB)", $"UPDATE payment_version SET facts = '{Account}'",
                $"UPDATE payment SET request = '{RawRequest}'", $"UPDATE payment SET received_at = '{Person}'",
            })
            {
                await world.SqlAsync(sql);
                var (sessionId, _) = await world.AskAsync("SO1");
                watch.Saw("reason", (await world.WaitAsync(sessionId, status => status.Reason.Length > 0)).Reason);
                await watch.SawAsync("order", world.SendAsync(HttpMethod.Get, "/customs/api/orders/SO1"));
                await watch.SawAsync("delivery", world.DeliverAsync(Payment()));
            }
        },
    };

    public static TheoryData<string> Names => [.. Paths.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Should_find_no_person_and_no_secret_after(string path)
    {
        using var watch = new Watch();
        await using var world = await CustomsWorld.StartAsync(new(StringComparer.Ordinal) { ["Customs:Bridge:Timeout"] = "1" }, Shop.AddTo);
        await Paths[path](world, watch);
        await watch.SawAsync(world);
        // Some lines are written at the end.
        await world.App.StopAsync();
        watch.Saw("log", world.Log.All);
        watch.AssertHoldsNone([.. Canaries, .. Keys(world)]);
    }

    [Fact]
    public async Task Should_find_no_person_after_the_ERP_threw_or_gave_what_could_not_be_stored()
    {
        using var watch = new Watch();
        var wrong = Payment(payment => payment["verDept"] = IdNumber);
        var orders = new TestOrders(_ => throw new InvalidOperationException("of the ERP: " + new string([.. Person.Reverse()])), TestOrders.Knows(wrong), TestOrders.Knows(Payment()));
        await using (var world = await CustomsWorld.StartAsync(services: services => services.AddSingleton<IOrderSource>(orders)))
        {
            await world.AnswerAsync("SO1");
            await watch.SawAsync(world);
            // What the ERP threw is its own text; the log of the module does not repeat it.
            Assert.DoesNotContain(new string([.. Person.Reverse()]), world.Log.All, StringComparison.Ordinal);
        }

        watch.AssertHoldsNone(Canaries);
    }

    [Theory]
    [InlineData("Customs:Merchants:ningbo:Signing:KeyPassword", Stranger)]
    [InlineData("Customs:Merchants:ningbo:Signing:KeyFile", Stranger)]
    [InlineData("Customs:Merchants:ningbo:Signing:CertificateFile", Stranger)]
    [InlineData("Customs:ApiKeys:erp", Stranger)]
    [InlineData("Customs:Upload:Url", $"https://user:{Stranger}@customs.example/up")]
    [InlineData("Customs:Alerts:Proxy", $"http://user:{Stranger}@proxy.example")]
    public async Task Should_find_no_secret_after_a_start_that_failed(string setting, string secret)
    {
        using var watch = new Watch();
        await using var world = await CustomsWorld.StartAsync(new(StringComparer.Ordinal) { [setting] = secret }, mayFail: true);
        Assert.Contains(setting, world.Module.Sentence, StringComparison.Ordinal);
        Assert.Equal(503, await watch.SawAsync("refusal", world.DeliverAsync(Payment())));
        await watch.SawAsync(world);
        watch.AssertHoldsNone([.. Canaries, .. Keys(world)]);
    }

    [Fact]
    public async Task Should_find_no_person_and_no_secret_after_people_were_told_through_every_channel_that_took_it_and_that_did_not()
    {
        using var watch = new Watch();
        await using var robots = await Robots.StartAsync();
        await using var smtp = new SmtpServer { Fault = ("AUTH", $"535 {SmtpServer.User} {SmtpServer.Password}") };
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["wecom:Kind"] = "wecom",
            ["wecom:Url"] = robots.WeCom.Replace("key=", $"key={Stranger}-", StringComparison.Ordinal),
            ["ding:Kind"] = "dingtalk",
            ["ding:Url"] = robots.DingTalk,
            ["ding:Secret"] = Robots.DingTalkSecret,
            ["feishu:Kind"] = "feishu",
            ["feishu:Url"] = robots.Feishu,
            ["feishu:Secret"] = Stranger,
            ["hook:Kind"] = "webhook",
            ["hook:Url"] = robots.Webhook,
            ["hook:Secret"] = Robots.WebhookSecret,
            ["mail:Kind"] = "email",
            ["mail:Host"] = "127.0.0.1",
            ["mail:Port"] = $"{smtp.Port}",
            ["mail:User"] = SmtpServer.User,
            ["mail:Password"] = SmtpServer.Password,
            ["mail:From"] = SmtpServer.User,
            ["mail:To"] = Stranger + "@example.cn",
        };
        await using var world = await CustomsWorld.StartAsync(
            settings.ToDictionary(pair => "Customs:Alerts:Channels:" + pair.Key, pair => pair.Value, StringComparer.Ordinal), services => services.AddSingleton<IErpUsers>(new HeaderUsers()));
        await world.DeliveredAsync(Payment());
        world.Customs.Faults.Set(Fault.Reply("20110", $"收款人名称{Person}（{IdNumber}）有误"));
        await world.AnswerAsync("SO1", "rejected");
        await Waiting.ForAsync(() => world.SqlAsync("SELECT COUNT(*) FROM alert_message WHERE ended_at IS NOT NULL"), count => count is 5L);
        Assert.Equal(2L, await world.SqlAsync("SELECT COUNT(*) FROM alert_message WHERE outcome = 'sent'"));

        watch.Saw("told", string.Join('\n', robots.Calls.Select(call => call.Body)));
        watch.Saw("table", await world.SqlAsync("SELECT group_concat(subject || body || error, ' ') FROM alert_message") as string);
        using var clerk = new ScreenUser(world, ScreenUser.Act);
        watch.Saw("screen", await clerk.TextAsync("/customs/admin/alerts"));
        await watch.SawAsync(world);
        watch.AssertHoldsNone([.. Canaries, .. Keys(world), Robots.WeComKey, Robots.DingTalkToken, Robots.DingTalkSecret, Robots.FeishuHook, Robots.WebhookSecret, SmtpServer.Password, SmtpServer.User]);
    }

    /// <summary>Lines from the middle of the key files.</summary>
    private static IEnumerable<string> Keys(CustomsWorld world) =>
        Directory.EnumerateFiles(Path.Combine(world.Folder, "keys"), "*.pem").SelectMany(file => File.ReadLines(file).Skip(1).Take(3));

    private static JsonObject Without(JsonObject payment, string name)
    {
        var copy = (JsonObject)payment.DeepClone();
        copy.Remove(name);
        return copy;
    }

    private static JsonObject Payment(Action<JsonObject>? change = null)
    {
        var payment = CustomsWorld.Payment("T1", "SO1");
        payment["initalRequest"] = $"{RawRequest} buyer={Person} {IdNumber} {Mobile}";
        payment["initalResponse"] = $"{RawResponse} buyer={Person} {IdNumber} {Mobile}";
        payment["orders"]![0]!["recpAccount"] = Account;
        payment["orders"]![0]!["recpName"] = Seller;
        change?.Invoke(payment);
        return payment;
    }
}
