using Erp.Customs.Simulator;

namespace Erp.Customs.Tests.Simulator;

public sealed class When_a_session_is_used : IAsyncLifetime
{
    private Customs _customs = null!;

    public async Task InitializeAsync() => _customs = await Customs.StartAsync();

    public async Task DisposeAsync() => await _customs.DisposeAsync();

    [Fact]
    public async Task Should_take_the_first_upload_and_refuse_the_second()
    {
        var upload = _customs.NewUpload(Customs.Sm2);

        Assert.Equal("10000", (await _customs.PostAsync(upload)).Code);
        var second = await _customs.PostAsync(upload);

        Assert.Equal(("20000", "上传失败，入库失败"), (second.Code, second.Message));
        var session = _customs.Log.FindSession(upload.SessionId.Trim('"'))!;
        Assert.Equal(1, session.AcceptedCount);
        Assert.Equal(2, session.PayloadHashes.Count); // SM2 signatures are never the same twice
    }

    [Fact]
    public async Task Should_take_one_of_many_that_come_together()
    {
        var payload = _customs.NewUpload().ToString();

        var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => _customs.PostAsync(payload)));

        Assert.Single(replies, reply => reply.Code is "10000");
        Assert.Equal(19, replies.Count(reply => reply.Code is "20000"));
        Assert.Equal(1, Assert.Single(_customs.Log.AcceptedSessions).Value);
        Assert.Single(_customs.Log.Sessions[0].PayloadHashes);
    }

    [Fact]
    public async Task Should_check_the_signature_before_the_session()
    {
        var payload = _customs.NewUpload().ToString();
        await _customs.PostAsync(payload);

        Assert.Equal("20111", (await _customs.PostAsync(payload.Replace("100.1", "100.2", StringComparison.Ordinal))).Code);
    }

    [Fact]
    public async Task Should_leave_a_refused_session_open()
    {
        var upload = _customs.NewUpload();

        Assert.Equal("20110", (await _customs.PostAsync(upload.With("verDept", "\"9\""))).Code);
        Assert.Equal("10000", (await _customs.PostAsync(upload.With("verDept", "\"1\""))).Code);
    }

    [Fact]
    public async Task Should_refuse_a_session_that_customs_never_opened()
    {
        Assert.Equal("20112", (await _customs.PostAsync(new Upload(Customs.Rsa, Caller.NewSessionId(), Customs.Order))).Code);
    }

    [Fact]
    public async Task Should_take_an_unasked_session_once_where_that_is_allowed()
    {
        await using var rehearsal = await Customs.StartAsync(acceptUnasked: true);
        var upload = new Upload(Customs.Rsa, "test-1", Customs.Order);

        Assert.Equal("10000", (await rehearsal.PostAsync(upload)).Code);
        Assert.Equal("20000", (await rehearsal.PostAsync(upload)).Code);
    }

    [Fact]
    public async Task Should_require_the_order_that_was_asked_for()
    {
        var upload = new Upload(Customs.Rsa, _customs.Open("asked"), "another");
        Assert.Equal("20113", (await _customs.PostAsync(upload)).Code);

        upload.Orders.Add(Upload.OrderFields("asked"));
        Assert.Equal("10000", (await _customs.PostAsync(upload)).Code);
    }

    [Fact]
    public async Task Should_require_exactly_the_orders_of_the_payment()
    {
        _customs.Server.Register.ExpectOrders("2018121222001354081010726129", ["one", "two"]);
        var upload = _customs.NewUpload(orderNo: "one");
        Assert.Equal("20114", (await _customs.PostAsync(upload)).Code);

        upload.Orders.Add(Upload.OrderFields("two"));
        upload.Orders.Add(Upload.OrderFields("three"));
        Assert.Equal("20114", (await _customs.PostAsync(upload)).Code);

        upload.Orders.RemoveAt(2);
        Assert.Equal("10000", (await _customs.PostAsync(upload)).Code);
    }

    [Fact]
    public async Task Should_refuse_an_order_that_stands_there_twice()
    {
        var upload = _customs.NewUpload();
        upload.Orders.Add(Upload.OrderFields(Customs.Order));

        Assert.Equal("20114", (await _customs.PostAsync(upload)).Code);
    }
}
