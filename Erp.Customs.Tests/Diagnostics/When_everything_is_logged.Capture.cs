using System.Text;
using System.Text.Json.Nodes;
using Erp.Customs.Contracts;
using Erp.Customs.Contracts.Capture;
using Erp.Customs.Tests.Capture;
using Erp.Customs.Tests.Hosting;
using Erp.Customs.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Erp.Customs.Tests.Diagnostics;

/// <content>The capture's three doors, each with its failures.</content>
public partial class When_everything_is_logged
{
    private const string Seen = $"openid={Stranger} buyer={Person} {IdNumber} {Mobile}";

    private static Dictionary<string, Func<CustomsWorld, Watch, Task>> OfTheCapture() => new(StringComparer.Ordinal)
    {
        ["a client that pays, and does not"] = async (world, watch) =>
        {
            await using var company = await PaymentCompany.StartAsync();
            var client = world.App.Services.GetRequiredService<IHttpClientFactory>().CreateClient("wechat");
            foreach (var address in new[] { company.Address, new Uri("http://127.0.0.1:1/") })
            {
                // Kept; without a trade number; too large; to where nobody listens.
                foreach (var body in new[] { Xml("T1"), $"<xml>{Seen}</xml>", $"<xml>{Person}", Xml("T2") + new string('x', 100 * 1024) })
                {
                    try
                    {
                        using var content = new StringContent(body, Encoding.UTF8, "text/xml");
                        using var response = await client.PostAsync(new Uri(address, "/pay/unifiedorder"), content);
                    }
                    catch (HttpRequestException nobody)
                    {
                        watch.Saw("exception", nobody.ToString());
                    }
                }
            }

            await CountedAsync(world, CaptureOutcome.Stored, 2);
            await CountedAsync(world, CaptureOutcome.Unassigned, 1);
            await CountedAsync(world, CaptureOutcome.TooLarge, 1);
            Assert.Equal(200, await watch.SawAsync("captures", world.SendAsync(HttpMethod.Get, "/customs/api/captures?merchant=ningbo&tradeNo=T1")));
        },
        ["notifies that are accepted, refused and not understood"] = async (world, watch) =>
        {
            await using var company = await PaymentCompany.StartAsync();
            foreach (var (path, body) in new[]
            {
                ("/wechat/notify", WeChatLikeClient.NotifyXml("T1", Stranger + Person)),
                ("/wechat/notify", WeChatLikeClient.NotifyXml("T1", Stranger).Replace("SUCCESS", Person, StringComparison.Ordinal)),
                ("/alipay/notify", $"out_trade_no=T2&buyer_id={Account}&buyer={Person}&trade_status=TRADE_SUCCESS&sign=right"),
                ("/alipay/notify", $"out_trade_no=T2&buyer_id={Account}&buyer={Person}&trade_status=TRADE_SUCCESS&sign={Stranger}"),
                ("/alipay/notify", $"buyer={Person}&trade_status=TRADE_SUCCESS&sign=right"),
                ("/alipay/notify", $"out_trade_no=T2&trade_status=TRADE_SUCCESS&sign=right&buyer={Person}" + new string('x', 100 * 1024)),
            })
            {
                var content = new StringContent(body, Encoding.UTF8, path == "/wechat/notify" ? "text/xml" : "application/x-www-form-urlencoded");
                watch.Saw("answer", (await company.NotifyAsync(new Uri(world.Http.BaseAddress!, path), content)).ToString());
            }

            await CountedAsync(world, CaptureOutcome.Stored, 4);
            await CountedAsync(world, CaptureOutcome.Refused, 2);
            await CountedAsync(world, CaptureOutcome.Unassigned, 1);
            await CountedAsync(world, CaptureOutcome.TooLarge, 1);
        },
        ["notes, and payments that are delivered from them"] = async (world, watch) =>
        {
            Capture(world).Note(CustomsWorld.Ningbo, "T1", CapturedKind.Request, $"{RawRequest} {Seen}", "page");
            Capture(world).Note("", "T1", CapturedKind.Request, Seen);
            Capture(world).Note(CustomsWorld.Ningbo, Person + "\u0001", CapturedKind.Request, Seen);
            await CountedAsync(world, CaptureOutcome.Stored, 1);
            Assert.Equal(409, await watch.SawAsync("not captured", world.DeliverAsync(OfCaptured())));
            Capture(world).Note(CustomsWorld.Ningbo, "T1", CapturedKind.Notify, $"{RawResponse} {Seen}", "notify");
            Capture(world).Note(CustomsWorld.Ningbo, "T1", CapturedKind.Notify, $"{RawResponse} {Seen} again", "notify");
            await CountedAsync(world, CaptureOutcome.Stored, 3);
            Assert.Equal(201, await watch.SawAsync("stored", world.DeliverAsync(OfCaptured())));
            Assert.Equal(200, await watch.SawAsync("captures", world.SendAsync(HttpMethod.Get, "/customs/api/captures?merchant=ningbo&tradeNo=T1")));
            await world.AnswerAsync("SO1");
        },
        ["captures while the module is off or its database fails"] = async (world, watch) =>
        {
            await world.SqlAsync("ALTER TABLE captured_message RENAME TO gone");
            Capture(world).Note(CustomsWorld.Ningbo, "T1", CapturedKind.Request, $"{RawRequest} {Seen}");
            await CountedAsync(world, CaptureOutcome.Failed, 1);
            await CountedAsync(world, CaptureOutcome.Spooled, 1);
            Assert.Equal(503, await watch.SawAsync("captures", world.SendAsync(HttpMethod.Get, "/customs/api/captures?merchant=ningbo&tradeNo=T1")));
            Assert.Equal(503, await watch.SawAsync("delivery", world.DeliverAsync(OfCaptured())));
            await world.Modules.DisableAsync("Erp.Customs", CancellationToken.None);
            Capture(world).Note(CustomsWorld.Ningbo, "T1", CapturedKind.Notify, $"{RawResponse} {Seen}");
            await CountedAsync(world, CaptureOutcome.Spooled, 2);
            var file = Directory.GetFiles(Path.Combine(world.Folder, "data", "captured-payments"), "*.msg")[0];
            await File.WriteAllTextAsync(file, (await File.ReadAllTextAsync(file)).Replace(Person, Person + Person, StringComparison.Ordinal));
            await world.SqlAsync("ALTER TABLE gone RENAME TO captured_message");
            await world.Modules.EnableAsync("Erp.Customs", CancellationToken.None);
            await CountedAsync(world, CaptureOutcome.Stored, 1);
            await CountedAsync(world, CaptureOutcome.Lost, 1);
        },
    };

    private static IPaymentCapture Capture(CustomsWorld world) => world.App.Services.GetRequiredService<IPaymentCapture>();

    private static string Xml(string tradeNo) => $"<xml><out_trade_no>{tradeNo}</out_trade_no><body>{Seen}</body></xml>";

    private static JsonObject OfCaptured() => Payment(payment =>
    {
        payment.Remove("initalRequest");
        payment.Remove("initalResponse");
        payment["tradeNo"] = "T1";
    });

    private static Task<long> CountedAsync(CustomsWorld world, CaptureOutcome outcome, long count) =>
        Waiting.ForAsync(() => Task.FromResult(Capture(world).Count(outcome)), counted => counted >= count);
}
