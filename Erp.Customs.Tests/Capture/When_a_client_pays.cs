using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using Erp.Customs.Contracts.Capture;

namespace Erp.Customs.Tests.Capture;

public sealed class When_a_client_pays : InFolder, IAsyncLifetime
{
    private const string Canary = "CANARY-6222020200112233";
    private const string Order = "<xml><out_trade_no><![CDATA[T1]]></out_trade_no><body>婴儿奶粉　800g</body></xml>";

    private PaymentCompany _company = null!;

    private static Encoding Gbk => CodePagesEncodingProvider.Instance.GetEncoding("gbk")!;

    public async Task InitializeAsync() => _company = await PaymentCompany.StartAsync();

    public async Task DisposeAsync() => await _company.DisposeAsync();

    [Fact]
    public async Task Should_keep_both_byte_for_byte_in_their_charset()
    {
        await using var erp = new CapturingErp(Folder);
        using var content = new StringContent(Order, Gbk, "text/xml");

        using var response = await erp.Client.PostAsync(At("/gbk"), content);

        Assert.Equal(Gbk.GetBytes(PaymentCompany.Answer), await response.Content.ReadAsByteArrayAsync());
        var request = await erp.OnlyAsync(CapturedKind.Request);
        var answer = await erp.OnlyAsync(CapturedKind.Response);
        Assert.Equal(Assert.Single(_company.Received).Body, request.Message.Bytes.ToArray());
        Assert.Equal(Gbk.GetBytes(Order), request.Message.Bytes.ToArray());
        Assert.Equal(Gbk.GetBytes(PaymentCompany.Answer), answer.Message.Bytes.ToArray());
        Assert.Equal(("gb2312", "GBK"), (request.Message.Charset, answer.Message.Charset));
        Assert.Equal(("ningbo", "T1", "T1"), (request.Merchant, request.TradeNo, answer.TradeNo));
        Assert.Equal($"wechat POST {At("/gbk")}", request.Origin);
        Assert.True(request.CapturedAt <= answer.CapturedAt);
    }

    [Theory]
    [InlineData("/chunked", HttpCompletionOption.ResponseContentRead)]
    [InlineData("/chunked", HttpCompletionOption.ResponseHeadersRead)]
    [InlineData("/pay", HttpCompletionOption.ResponseHeadersRead)]
    [InlineData("/pay", HttpCompletionOption.ResponseContentRead)]
    public async Task Should_keep_a_response_however_it_comes(string path, HttpCompletionOption option)
    {
        await using var erp = new CapturingErp(Folder);
        using var request = new HttpRequestMessage(HttpMethod.Post, At(path)) { Content = new StringContent(Order) };

        using var response = await erp.Client.SendAsync(request, option);

        Assert.Equal(PaymentCompany.Answer, await response.Content.ReadAsStringAsync());
        Assert.Equal(PaymentCompany.Answer, CapturingErp.Text(await erp.OnlyAsync(CapturedKind.Response)));
    }

    [Theory]
    [InlineData(DecompressionMethods.GZip)]
    [InlineData(DecompressionMethods.None)]
    public async Task Should_keep_a_packed_response_unpacked_whoever_unpacks_it(DecompressionMethods methods)
    {
        await using var erp = new CapturingErp(Folder, primary: new SocketsHttpHandler { AutomaticDecompression = methods, UseProxy = false });
        using var content = new StringContent(Order);

        using var response = await erp.Client.PostAsync(At("/gzip"), content);
        var bytes = await response.Content.ReadAsByteArrayAsync();

        if (methods == DecompressionMethods.None)
        {
            using var unpacked = new StreamReader(new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress));
            Assert.Equal(PaymentCompany.Answer, await unpacked.ReadToEndAsync());
        }

        Assert.Equal(PaymentCompany.Answer, CapturingErp.Text(await erp.OnlyAsync(CapturedKind.Response)));
    }

    [Fact]
    public async Task Should_keep_the_address_of_a_request_without_a_body_and_no_password_of_it()
    {
        await using var erp = new CapturingErp(Folder);
        var address = new UriBuilder(At("/pay")) { Query = "out_trade_no=T1&subject=%E5%A5%B6%E7%B2%89+800g", UserName = "u", Password = Canary, Fragment = "top" }.Uri;

        (await erp.Client.GetAsync(address)).Dispose();

        var request = await erp.OnlyAsync(CapturedKind.Request);
        Assert.Equal(At("/pay") + "?out_trade_no=T1&subject=%E5%A5%B6%E7%B2%89+800g", CapturingErp.Text(request));
        Assert.Equal($"wechat GET {At("/pay")}", request.Origin);
    }

    [Fact]
    public async Task Should_keep_an_empty_response_as_an_empty_message()
    {
        await using var erp = new CapturingErp(Folder);
        using var content = new StringContent(Order);
        using var request = new HttpRequestMessage(HttpMethod.Post, At("/empty")) { Content = content };

        using var response = await erp.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);

        Assert.True((await erp.OnlyAsync(CapturedKind.Response)).Message.Bytes.IsEmpty);
    }

    [Fact]
    public async Task Should_keep_an_empty_request_by_its_address()
    {
        await using var erp = new CapturingErp(Folder);
        using var content = new ByteArrayContent([]);

        (await erp.Client.PostAsync(At("/pay?out_trade_no=T1"), content)).Dispose();

        Assert.Equal(At("/pay?out_trade_no=T1").ToString(), CapturingErp.Text(await erp.OnlyAsync(CapturedKind.Request)));
    }

    [Theory]
    [InlineData("/large")]
    [InlineData("/large?chunked")]
    public async Task Should_pass_on_a_large_response_untouched_and_say_so(string path)
    {
        await using var erp = new CapturingErp(Folder);
        using var content = new StringContent(Order);

        using var response = await erp.Client.PostAsync(At(path), content);

        Assert.Equal(100 * 1024, (await response.Content.ReadAsByteArrayAsync()).Length);
        Assert.Equal(CapturedKind.Request, Assert.Single(await erp.StoredAsync()).Kind);
        Assert.Equal(1, erp.Capture.Count(CaptureOutcome.TooLarge));
        Assert.Contains("TooLarge", erp.Log.All, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Should_pass_on_a_large_request_untouched_and_keep_the_response(bool streamed)
    {
        await using var erp = new CapturingErp(Folder, options: options => options.TradeNo = _ => "T1");
        var bytes = new byte[100 * 1024];
        Random.Shared.NextBytes(bytes);
        using HttpContent content = streamed ? new StreamContent(new Trickle(bytes)) : new ByteArrayContent(bytes);

        (await erp.Client.PostAsync(At("/pay"), content)).Dispose();

        Assert.Equal(bytes, Assert.Single(_company.Received).Body);
        Assert.Equal(CapturedKind.Response, Assert.Single(await erp.StoredAsync()).Kind);
        Assert.Equal(1, erp.Capture.Count(CaptureOutcome.TooLarge));
    }

    [Fact]
    public async Task Should_hear_every_kind_of_content_as_it_is_sent()
    {
        var numbers = 0;
        await using var erp = new CapturingErp(Folder, options: options => options.TradeNo = _ => $"T{Interlocked.Increment(ref numbers)}");
        HttpContent[] contents =
        [
            new StringContent("a=1"), new FormUrlEncodedContent([new("奶", "粉")]), new ByteArrayContent([0, 1, 255]), new ReadOnlyMemoryContent(new byte[] { 7 }),
            JsonContent.Create(new { out_trade_no = "T1" }), new StreamContent(new Trickle("stream"u8.ToArray())), new StreamContent(new MemoryStream("seekable"u8.ToArray())),
            new MultipartFormDataContent("boundary") { { new StringContent("x"), "field" } }, new Derived(),
        ];
        foreach (var content in contents)
        {
            using var response = await erp.Client.PostAsync(At("/echo"), content);
            var (_, wire) = _company.Received.Last();
            Assert.Equal(wire, await response.Content.ReadAsByteArrayAsync());
            await erp.StoredAsync();
            Assert.Equal(wire, erp.Module.Stored.Last(message => message.Kind == CapturedKind.Request).Message.Bytes.ToArray());
            Assert.Equal(wire, erp.Module.Stored.Last(message => message.Kind == CapturedKind.Response).Message.Bytes.ToArray());
        }

        Assert.Equal("own serialisation", CapturingErp.Text(erp.Module.Stored.Last(message => message.Kind == CapturedKind.Request)));
        Assert.Equal(2 * contents.Length, erp.Module.Stored.Count);
    }

    [Fact]
    public async Task Should_send_the_same_headers_and_give_the_content_back()
    {
        await using var erp = new CapturingErp(Folder);
        // Not through the factory, whose own log parses headers.
        using var handler = erp.Capture.Handler(options => (options.Merchant, options.TradeNo) = ("ningbo", TradeNo.Xml("out_trade_no")));
        handler.InnerHandler = new Reflecting();
        using var client = new HttpClient(handler);
        using var request = new HttpRequestMessage(HttpMethod.Post, At("/pay"));
        var content = new StreamContent(new MemoryStream("<xml><out_trade_no>T1</out_trade_no></xml>"u8.ToArray()));
        content.Headers.TryAddWithoutValidation("Content-Type", "text/xml;charset=\"GBK\"; odd");
        content.Headers.TryAddWithoutValidation("X-Own", ["one", "two"]);
        request.Content = content;

        using var response = await client.SendAsync(request);

        Assert.Same(content, request.Content);
        Assert.Equal("Content-Type: text/xml;charset=\"GBK\"; odd|X-Own: one, two|Content-Length: 42", await response.Content.ReadAsStringAsync());
        Assert.Single(await erp.StoredAsync(), message => message.Kind == CapturedKind.Request);
    }

    [Fact]
    public async Task Should_not_disturb_a_consumer_who_reads_half()
    {
        await using var erp = new CapturingErp(Folder);
        using var request = new HttpRequestMessage(HttpMethod.Post, At("/chunked")) { Content = new StringContent(Order) };
        using (var response = await erp.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead))
        await using (var stream = await response.Content.ReadAsStreamAsync())
        {
            var half = new byte[20];
            await stream.ReadExactlyAsync(half);
            Assert.Equal(PaymentCompany.Answer[..20], Encoding.UTF8.GetString(half));
        }

        Assert.Equal(CapturedKind.Request, Assert.Single(await erp.StoredAsync()).Kind);
        Assert.Equal(1, erp.Capture.Count(CaptureOutcome.Incomplete));
    }

    [Fact]
    public async Task Should_keep_the_request_of_a_response_that_nobody_reads()
    {
        await using var erp = new CapturingErp(Folder);
        using var request = new HttpRequestMessage(HttpMethod.Post, At("/chunked")) { Content = new StringContent(Order) };

        using var response = await erp.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);

        Assert.Equal(CapturedKind.Request, Assert.Single(await erp.StoredAsync()).Kind);
    }

    [Fact]
    public async Task Should_hear_a_consumer_who_reads_byte_by_byte_in_the_old_way()
    {
        await using var erp = new CapturingErp(Folder);
        using var request = new HttpRequestMessage(HttpMethod.Post, At("/pay")) { Content = new StringContent(Order) };
        using var response = erp.Client.Send(request, HttpCompletionOption.ResponseHeadersRead);
        using var stream = response.Content.ReadAsStream();
        using var copy = new MemoryStream();
        copy.WriteByte((byte)stream.ReadByte());
        var few = new byte[5];
        copy.Write(few, 0, stream.EndRead(stream.BeginRead(few, 0, 5, null, null)));
        stream.CopyTo(copy);

        Assert.Equal(PaymentCompany.Answer, Encoding.UTF8.GetString(copy.ToArray()));
        Assert.Equal(PaymentCompany.Answer, CapturingErp.Text(await erp.OnlyAsync(CapturedKind.Response)));
    }

    [Theory]
    [InlineData("where")]
    [InlineData("tradeNo")]
    [InlineData("merchant")]
    public async Task Should_not_let_a_function_of_the_options_touch_the_payment(string which)
    {
        await using var erp = new CapturingErp(Folder, options: options =>
        {
            options.Where = which == "where" ? _ => throw new InvalidOperationException(Canary) : options.Where;
            options.TradeNo = which == "tradeNo" ? texts => throw new InvalidOperationException(texts.Request) : options.TradeNo;
            options.MerchantOf = which == "merchant" ? _ => throw new InvalidOperationException(Canary) : null;
        });
        using var content = new StringContent(Order + Canary);

        using var response = await erp.Client.PostAsync(At("/pay"), content);

        Assert.Equal(PaymentCompany.Answer, await response.Content.ReadAsStringAsync());
        Assert.Empty(await erp.StoredAsync());
        Assert.Equal(1, erp.Capture.Count(CaptureOutcome.Failed));
        Assert.Contains("InvalidOperationException", erp.Log.All, StringComparison.Ordinal);
        Assert.DoesNotContain(Canary, OwnLog(erp), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_ask_again_when_a_function_needs_the_response()
    {
        await using var erp = new CapturingErp(Folder, options: options =>
            options.TradeNo = texts => texts.Response.Length == 0 ? throw new InvalidOperationException("not yet") : "T9");
        using var content = new StringContent(Order);

        (await erp.Client.PostAsync(At("/pay"), content)).Dispose();

        Assert.Equal(["T9", "T9"], (await erp.StoredAsync()).Select(message => message.TradeNo));
        Assert.Equal(0, erp.Capture.Count(CaptureOutcome.Failed));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("a\nb")]
    public async Task Should_say_when_there_is_no_trade_number(string? found)
    {
        await using var erp = new CapturingErp(Folder, options: options => options.TradeNo = _ => found);
        using var content = new StringContent(Order + Canary);

        (await erp.Client.PostAsync(At($"/pay?id={Canary}"), content)).Dispose();

        Assert.Empty(await erp.StoredAsync());
        Assert.Equal(1, erp.Capture.Count(CaptureOutcome.Unassigned));
        Assert.Contains($"wechat POST {At("/pay")}", erp.Log.All, StringComparison.Ordinal);
        Assert.DoesNotContain(Canary, OwnLog(erp), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_leave_alone_what_does_not_count()
    {
        await using var erp = new CapturingErp(Folder, options: options => options.Where = request => request.RequestUri!.AbsolutePath == "/pay");
        using var content = new StringContent(Order);

        (await erp.Client.PostAsync(At("/echo"), content)).Dispose();

        Assert.Empty(await erp.StoredAsync());
    }

    [Fact]
    public async Task Should_fail_as_it_would_without_capture()
    {
        await using var erp = new CapturingErp(Folder);
        using var plain = new HttpClient();
        using var closed = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        closed.Start();
        var nowhere = new Uri($"http://{closed.LocalEndpoint}/");
        closed.Stop();

        foreach (var act in new Func<HttpClient, Task>[]
        {
            async client => await client.PostAsync(nowhere, new StringContent(Order)),
            CancelledInsideAsync,
            async client => await client.PostAsync(At("/hang"), new StringContent(Order), new CancellationToken(canceled: true)),
            async client => await client.PostAsync(At("/pay"), new StreamContent(new Breaking())),
            async client => await client.PostAsync(At("/large?chunked"), new StringContent(Order)),
        })
        {
            var expected = await Record.ExceptionAsync(() => act(Limited(plain)));
            var actual = await Record.ExceptionAsync(() => act(Limited(erp.Client)));
            Assert.NotNull(expected);
            Assert.Equal((expected.GetType(), expected.InnerException?.GetType(), expected.Message), (actual?.GetType(), actual?.InnerException?.GetType(), actual?.Message));
        }

        Assert.Equal(0, erp.Capture.Count(CaptureOutcome.Failed));
        Assert.True((await erp.StoredAsync()).Count >= 3);
    }

    [Fact]
    public async Task Should_time_out_as_it_would_without_capture()
    {
        await using var erp = new CapturingErp(Folder);
        erp.Client.Timeout = TimeSpan.FromMilliseconds(100);
        using var content = new StringContent(Order);

        var exception = await Assert.ThrowsAsync<TaskCanceledException>(() => erp.Client.PostAsync(At("/hang"), content));

        Assert.IsType<TimeoutException>(exception.InnerException);
        Assert.Equal(Order, CapturingErp.Text(await erp.OnlyAsync(CapturedKind.Request)));
    }

    [Fact]
    public async Task Should_keep_200_at_once_apart()
    {
        await using var erp = new CapturingErp(Folder);
        await Task.WhenAll(Enumerable.Range(0, 200).Select(async i =>
        {
            using var content = new StringContent($"<xml><out_trade_no>T{i}</out_trade_no></xml>");
            using var response = await erp.Client.PostAsync(At("/echo"), content);
            Assert.Contains($"T{i}<", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }));

        var stored = await erp.StoredAsync();
        Assert.Equal(400, stored.Count);
        Assert.All(stored, message => Assert.Contains($">{message.TradeNo}<", CapturingErp.Text(message), StringComparison.Ordinal));
        Assert.Equal(200, stored.Select(message => message.TradeNo).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal((400, 400), (erp.Capture.Count(CaptureOutcome.Captured), erp.Capture.Count(CaptureOutcome.Stored)));
    }

    [Fact]
    public async Task Should_hear_a_client_that_no_factory_made()
    {
        await using var erp = new CapturingErp(Folder);
        var handler = erp.Capture.Handler(options => (options.MerchantOf, options.TradeNo) = (texts => texts.Request.Contains("T1", StringComparison.Ordinal) ? "hangzhou" : null, TradeNo.Xml("out_trade_no")));
        handler.InnerHandler = new SocketsHttpHandler { UseProxy = false };
        using var client = new HttpClient(handler);
        using var content = new StringContent(Order);

        (await client.PostAsync(At("/pay"), content)).Dispose();

        Assert.All(await erp.StoredAsync(), message => Assert.Equal(("hangzhou", "POST"), (message.Merchant, message.Origin.Split(' ')[0])));
    }

    [Fact]
    public async Task Should_refuse_options_that_cannot_work()
    {
        await using var erp = new CapturingErp(Folder);
        Assert.Contains("Merchant", Assert.Throws<InvalidOperationException>(() => erp.Capture.Handler(options => options.TradeNo = TradeNo.Xml("x"))).Message, StringComparison.Ordinal);
        Assert.Contains("TradeNo", Assert.Throws<InvalidOperationException>(() => erp.Capture.Handler(options => options.Merchant = "ningbo")).Message, StringComparison.Ordinal);
        Assert.Contains("MessageLimit", Assert.Throws<InvalidOperationException>(() => erp.Capture.Handler(options => (options.Merchant, options.TradeNo, options.MessageLimit) = ("x", TradeNo.Xml("x"), 0))).Message, StringComparison.Ordinal);
    }

    // The client's own log lines have the address with its query; that is the ERP's to decide.
    private static string OwnLog(CapturingErp erp) => string.Join('\n', erp.Log.Lines.Where(line => line.Contains("Erp.Customs", StringComparison.Ordinal)));

    // Not after a time: where a call stands when it is cancelled is part of what it says.
    private async Task CancelledInsideAsync(HttpClient client)
    {
        using var cancel = new CancellationTokenSource();
        var call = client.PostAsync(At("/hang"), new StringContent(Order), cancel.Token);
        Assert.True(await _company.Hanging.WaitAsync(TimeSpan.FromSeconds(20)));
        await cancel.CancelAsync();
        (await call).Dispose();
    }

    private static HttpClient Limited(HttpClient client)
    {
        try
        {
            client.MaxResponseContentBufferSize = 1000;
        }
        catch (InvalidOperationException)
        {
            // It has been used, and limited then.
        }

        return client;
    }

    private Uri At(string path) => new(_company.Address, path);

    /// <summary>A stream of unknown length that gives a few bytes at a time.</summary>
    private sealed class Trickle(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;

        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, 1000));
    }

    private sealed class Breaking : MemoryStream
    {
        public override bool CanSeek => false;

        public override int Read(byte[] buffer, int offset, int count) => throw new IOException("broken");

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => throw new IOException("broken");

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => throw new IOException("broken");

        public override Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken) => throw new IOException("broken");
    }

    private sealed class Derived() : ByteArrayContent("held"u8.ToArray())
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
            stream.WriteAsync("own serialisation"u8.ToArray(), cancellationToken).AsTask();

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override bool TryComputeLength(out long length)
        {
            length = 17;
            return true;
        }
    }

    private sealed class Reflecting : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await request.Content!.CopyToAsync(Stream.Null, cancellationToken);
            _ = request.Content.Headers.ContentLength;
            return new HttpResponseMessage
            {
                Content = new StringContent(string.Join('|', request.Content.Headers.NonValidated.Select(header => $"{header.Key}: {header.Value}"))),
            };
        }
    }
}
