using System.Text;
using System.Text.Json.Nodes;
using Erp.Customs.Tests.Support;

namespace Erp.Customs.Tests.Integration;

public class When_the_body_or_the_address_is_wrong
{
    private const int Limit = 4 * 1024 * 1024;

    [Fact]
    public async Task Should_be_400_for_what_is_no_JSON_object_of_a_payment()
    {
        await using var world = await CustomsWorld.StartAsync();
        foreach (var body in new[] { "", "{", "hello", "{\"merchant\":\"a\",\"merchant\":\"b\"}", string.Concat(Enumerable.Repeat("[", 40)), "\u0000", "[]", "7", "null", "{}" })
        {
            foreach (var (method, path) in new[] { (HttpMethod.Post, "/customs/api/payments"), (HttpMethod.Put, "/customs/api/payments/ningbo/T1") })
            {
                using var response = await SendAsync(world, method, path, Encoding.UTF8.GetBytes(body));
                Assert.Equal((body, 400), (body, (int)response.StatusCode));
                Assert.NotEmpty(await ApiAnswer.ErrorAsync(response));
            }
        }

        Assert.Equal(0, await world.PaymentsAsync());
    }

    [Fact]
    public async Task Should_take_a_body_of_4_MiB_and_refuse_one_byte_more()
    {
        await using var world = await CustomsWorld.StartAsync();
        using var largest = await SendAsync(world, HttpMethod.Post, "/customs/api/payments", OfLength(Limit, "T1"));
        Assert.Equal(201, (int)largest.StatusCode);

        using var larger = await SendAsync(world, HttpMethod.Post, "/customs/api/payments", OfLength(Limit + 1, "T2"));
        Assert.Equal(413, (int)larger.StatusCode);
        Assert.NotEmpty(await ApiAnswer.ErrorAsync(larger));
        Assert.Equal(1, await world.PaymentsAsync());
    }

    [Theory]
    [InlineData("GET", "/customs/api")]
    [InlineData("GET", "/customs/api/nothing")]
    [InlineData("GET", "/customs/api/orders/SO1/more")]
    [InlineData("GET", "/customs/api/orders/nobody-knows")]
    [InlineData("GET", "/customs/api/requests/nobody-knows")]
    [InlineData("POST", "/customs/api/orders/nobody-knows/test-upload")]
    [InlineData("PUT", "/customs/api/payments/ningbo/nobody-knows/more")]
    public async Task Should_be_404_in_JSON_for_what_is_not_there(string method, string path)
    {
        await using var world = await CustomsWorld.StartAsync();
        using var response = await world.SendAsync(new HttpMethod(method), path);
        Assert.Equal(404, (int)response.StatusCode);
        Assert.NotEmpty(await ApiAnswer.ErrorAsync(response));
    }

    [Fact]
    public async Task Should_refuse_a_method_that_an_address_does_not_have()
    {
        await using var world = await CustomsWorld.StartAsync();
        using var response = await world.SendAsync(HttpMethod.Delete, "/customs/api/payments/ningbo/T1");
        Assert.InRange((int)response.StatusCode, 404, 405);
        Assert.NotEmpty(await ApiAnswer.ErrorAsync(response));
    }

    [Theory]
    [InlineData("SO/1")]
    [InlineData("订单 1")]
    [InlineData("a+b&c=d?e#f")]
    [InlineData("50%")]
    [InlineData("\\\"'<>😀")]
    public async Task Should_find_what_has_slashes_blanks_or_Chinese_in_its_number(string number)
    {
        await using var world = await CustomsWorld.StartAsync();
        var transaction = $"T{number}";
        await world.DeliveredAsync(CustomsWorld.Payment(transaction, number));
        var sessionId = $"session {number.Trim('\\', '"')}";
        var (_, answer) = await world.AskAsync(number, sessionId);
        Assert.True(answer.IsAcknowledged, answer.Body);
        await world.WaitAsync(sessionId, "accepted");

        using var order = await world.SendAsync(HttpMethod.Get, $"/customs/api/orders/{Uri.EscapeDataString(number)}");
        var found = await ApiAnswer.ReadAsync(order);
        Assert.Equal((number, transaction), ((string?)found["orderNo"], (string?)found["payTransactionId"]));
        using var request = await world.SendAsync(HttpMethod.Get, $"/customs/api/requests/{Uri.EscapeDataString(sessionId)}");
        Assert.Equal(("accepted", number), ((string?)(await ApiAnswer.ReadAsync(request))["state"], (string?)(await ApiAnswer.ReadAsync(request))["orderNo"]));
        using var corrected = await world.SendAsync(HttpMethod.Put, $"/customs/api/payments/ningbo/{Uri.EscapeDataString(transaction)}", CustomsWorld.Correction(transaction, number, "SO2"));
        Assert.Equal(200, (int)corrected.StatusCode);
    }

    private static async Task<HttpResponseMessage> SendAsync(CustomsWorld world, HttpMethod method, string path, byte[] body)
    {
        using var request = new HttpRequestMessage(method, path) { Content = new ByteArrayContent(body) };
        request.Headers.Add("X-Api-Key", CustomsWorld.Key);
        // The answer of who does not want the body comes before it is sent.
        request.Headers.ExpectContinue = body.Length > Limit;
        return await world.Http.SendAsync(request);
    }

    private static byte[] OfLength(int length, string payTransactionId)
    {
        JsonObject payment = CustomsWorld.Payment(payTransactionId, "SO1");
        payment["initalRequest"] = "";
        var rest = length - Encoding.UTF8.GetByteCount(payment.ToJsonString());
        payment["initalRequest"] = new string('x', rest);
        return Encoding.UTF8.GetBytes(payment.ToJsonString());
    }
}
