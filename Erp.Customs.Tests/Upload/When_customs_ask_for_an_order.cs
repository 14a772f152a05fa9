using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Erp.Customs.Simulator;
using Erp.Customs.Tests.Support;

namespace Erp.Customs.Tests.Upload;

public class When_customs_ask_for_an_order
{
    [Theory]
    [InlineData(CustomsWorld.Ningbo)]
    [InlineData(CustomsWorld.Guangzhou)]
    public async Task Should_be_answered_signed_and_accepted(string merchant)
    {
        await using var world = await CustomsWorld.StartAsync();
        var payment = CustomsWorld.Payment("T1", "SO1");
        payment["merchant"] = merchant;
        await world.DeliveredAsync(payment);

        var status = await world.AnswerAsync("SO1");

        Assert.Equal(1, status.Attempts);
        Assert.Equal("10000", status.CustomsCode);
        Assert.Equal(merchant, status.Merchant);
        Assert.True(status.FinishedAt < status.Deadline);
        var session = world.Customs.Log.FindSession(status.SessionId)!;
        Assert.Equal(1, session.AcceptedCount);
        Assert.Equal(status.PayloadSha256, session.PayloadHashes.Single());
    }

    [Fact]
    public async Task Should_hand_over_every_order_of_the_payment()
    {
        await using var world = await CustomsWorld.StartAsync();
        world.Customs.Register.ExpectOrders("T1", ["SO1", "SO2", "SO3"]);
        await world.DeliveredAsync(CustomsWorld.Payment("T1", "SO1", "SO2", "SO3"));
        await world.AnswerAsync("SO2");
    }

    [Fact]
    public async Task Should_send_the_raw_exchange_as_it_was()
    {
        const string nasty = "a\"b\\c\r\n\t{{ x }}\u3000\u00a0\u2028😀\u0001&amp;+%20";
        await using var world = await CustomsWorld.StartAsync();
        var payment = CustomsWorld.Payment("T1", "SO1");
        payment["initalRequest"] = nasty;
        await world.DeliveredAsync(payment);

        var status = await world.AnswerAsync("SO1");

        var upload = world.Customs.Log.Read(world.Customs.Log.FindSession(status.SessionId)!.Uploads.Single());
        Assert.Equal(nasty, (string?)JsonNode.Parse(upload.PayExInfoStr!)!["payExchangeInfoHead"]!["initalRequest"]);
    }

    [Fact]
    public async Task Should_understand_every_shape_of_openReq()
    {
        await using var world = await CustomsWorld.StartAsync();
        await world.DeliveredAsync(CustomsWorld.Payment("T1", "SO1"));
        foreach (var shape in OpenReqShape.All)
        {
            var (sessionId, answer) = await world.AskAsync("SO1", shape: shape);
            Assert.True(answer.IsAcknowledged, $"{shape}: {answer.Body}");
            await world.WaitAsync(sessionId, "accepted");
        }
    }

    [Fact]
    public async Task Should_take_the_same_request_twice_as_one()
    {
        await using var world = await CustomsWorld.StartAsync();
        await world.DeliveredAsync(CustomsWorld.Payment("T1", "SO1"));
        var sessionId = Caller.NewSessionId();
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => world.AskAsync("SO1", sessionId)));

        Assert.All(answers, asked => Assert.Equal("10000", asked.Answer.Code));
        await world.WaitAsync(sessionId, "accepted");
        Assert.Single(world.Customs.Log.FindSession(sessionId)!.Uploads);
        Assert.Equal("10000", (await world.AskAsync("SO1", sessionId)).Answer.Code);
    }

    [Fact]
    public async Task Should_refuse_a_session_that_belongs_to_another_order()
    {
        await using var world = await CustomsWorld.StartAsync();
        var (sessionId, first) = await world.AskAsync("SO1");
        var (_, second) = await world.AskAsync("SO2", sessionId);
        Assert.Equal(("10000", "20001"), (first.Code, second.Code));
    }

    [Fact]
    public async Task Should_not_tell_whether_the_order_exists()
    {
        await using var world = await CustomsWorld.StartAsync();
        await world.DeliveredAsync(CustomsWorld.Payment("T1", "SO1"));
        var (_, known) = await world.AskAsync("SO1");
        var (_, unknown) = await world.AskAsync("nobody-knows");
        Assert.Equal((known.HttpStatus, known.Code, known.Message), (unknown.HttpStatus, unknown.Code, unknown.Message));
    }

    [Fact]
    public async Task Should_wait_for_a_payment_that_comes_later()
    {
        await using var world = await CustomsWorld.StartAsync();
        var (sessionId, _) = await world.AskAsync("SO1");
        var waiting = await world.WaitAsync(sessionId, "waiting_data");
        Assert.NotNull(waiting.NextAttemptAt);
        Assert.NotEmpty(waiting.Reason);

        await world.DeliveredAsync(CustomsWorld.Payment("T1", "SO1"));
        await world.WaitAsync(sessionId, "accepted");
    }

    [Fact]
    public async Task Should_show_a_payment_that_does_not_come_to_a_person()
    {
        await using var world = await CustomsWorld.StartAsync(new(StringComparer.Ordinal) { ["Customs:Deadline"] = "1" });
        var (sessionId, _) = await world.AskAsync("SO1");
        var left = await world.WaitAsync(sessionId, "needs_person");
        Assert.Null(left.NextAttemptAt);

        await world.DeliveredAsync(CustomsWorld.Payment("T1", "SO1"));
        await world.WaitAsync(sessionId, "accepted");
    }

    [Fact]
    public async Task Should_name_every_field_that_breaks_a_rule_and_send_nothing()
    {
        await using var world = await CustomsWorld.StartAsync();
        var payment = CustomsWorld.Payment("T1", "SO1");
        payment["initalRequest"] = new string('x', 8001);
        payment["initalResponse"] = new string('y', 9000);
        await world.DeliveredAsync(payment);

        var (sessionId, _) = await world.AskAsync("SO1");
        var left = await world.WaitAsync(sessionId, "needs_person");

        Assert.Contains("payExchangeInfoHead.initalRequest", left.Reason, StringComparison.Ordinal);
        Assert.Contains("payExchangeInfoHead.initalResponse", left.Reason, StringComparison.Ordinal);
        Assert.Contains("8000", left.Reason, StringComparison.Ordinal);
        Assert.Empty(world.Customs.Log.FindSession(sessionId)!.Uploads);
    }

    [Fact]
    public async Task Should_decode_bytes_by_their_charset()
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        await using var world = await CustomsWorld.StartAsync();
        var payment = CustomsWorld.Payment("T1", "SO1");
        payment.Remove("initalRequest");
        payment["initalRequestBase64"] = Convert.ToBase64String(Encoding.GetEncoding("gbk").GetBytes("orderInfo=奶粉&signature=x"));
        payment["charset"] = "gbk";
        await world.DeliveredAsync(payment);

        var status = await world.AnswerAsync("SO1");

        var upload = world.Customs.Log.Read(world.Customs.Log.FindSession(status.SessionId)!.Uploads.Single());
        Assert.Contains("orderInfo=奶粉&signature=x", upload.PayExInfoStr, StringComparison.Ordinal);
        Assert.Equal(status.PayloadSha256, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(upload.PayExInfoStr!))));
    }

    [Theory]
    [InlineData("UPDATE payment SET request = CAST(request || x'20' AS BLOB)", "已损坏或被改动")]
    [InlineData("UPDATE payment SET response = x'7B7D'", "SHA-256")]
    public async Task Should_never_sign_what_was_altered_in_the_database(string alteration, string reason)
    {
        await using var world = await CustomsWorld.StartAsync();
        await world.DeliveredAsync(CustomsWorld.Payment("T1", "SO1"));
        await world.SqlAsync(alteration);

        var left = await world.AnswerAsync("SO1", "needs_person");

        Assert.Contains(reason, left.Reason, StringComparison.Ordinal);
        Assert.Empty(world.Customs.Log.FindSession(left.SessionId)!.Uploads);
    }

    [Fact]
    public async Task Should_never_send_a_saved_message_that_was_altered()
    {
        await using var world = await CustomsWorld.StartAsync(new(StringComparer.Ordinal) { ["Customs:Upload:Url"] = "http://127.0.0.1:1/" });
        await world.DeliveredAsync(CustomsWorld.Payment("T1", "SO1"));
        var (sessionId, _) = await world.AskAsync("SO1");
        await world.WaitAsync(sessionId, status => status.Attempts > 0);
        await world.SqlAsync("UPDATE envelope SET payload = CAST(payload || x'20' AS BLOB)");

        Assert.Contains("已损坏或被改动", (await world.WaitAsync(sessionId, "needs_person")).Reason, StringComparison.Ordinal);
    }
}
