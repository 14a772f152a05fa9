using System.Text;

namespace Erp.Customs.Tests.Simulator;

public sealed class When_an_upload_breaks_a_rule : IAsyncLifetime
{
    private Customs _customs = null!;

    public static TheoryData<string, string, string> HeadFields => new()
    {
        { "guid", "\"\"", "20108" },
        { "guid", "\"9d55ba71-55de-41f4-8b50-c36c83b3b419\"", "20110" },
        { "guid", "\"9D55BA7155DE41F48B50C36C83B3B419\"", "20110" },
        { "guid", "\"{9D55BA71-55DE-41F4-8B50-C36C83B3B419}\"", "20109" },
        { "guid", "\"9D55BA71-55DE-41F4-8B50-C36C83B3B41G\"", "20110" },
        { "initalRequest", "\"\"", "20108" },
        { "initalRequest", Long(8001), "20109" },
        { "initalRequest", "\"half \\ud83c\"", "20110" },
        { "initalResponse", "\"\"", "20108" },
        { "initalResponse", Long(8001), "20109" },
        { "initalResponse", """{"code":"10000"}""", "20107" },
        { "ebpCode", "\"\"", "20108" },
        { "ebpCode", Long(19), "20109" },
        { "payCode", "\"\"", "20108" },
        { "payCode", Long(19), "20109" },
        { "payTransactionId", "\"\"", "20108" },
        { "payTransactionId", Long(61), "20109" },
        { "payTransactionId", "2018", "20107" },
        { "totalAmount", "\"100\"", "20107" },
        { "totalAmount", "null", "20107" },
        { "totalAmount", "100.10", "20110" },
        { "totalAmount", "5.00", "20110" },
        { "totalAmount", "0.123456", "20110" },
        { "totalAmount", "100000000000000", "20110" },
        { "totalAmount", "1e2", "20110" },
        { "totalAmount", "-1", "20110" },
        { "currency", "\"\"", "20108" },
        { "currency", "\"CNY\"", "20110" },
        { "currency", "\"14200\"", "20109" },
        { "currency", "142", "20107" },
        { "verDept", "\"\"", "20108" },
        { "verDept", "\"0\"", "20110" },
        { "verDept", "\"4\"", "20110" },
        { "verDept", "3", "20107" },
        { "payType", "\"0\"", "20110" },
        { "payType", "\"5\"", "20110" },
        { "payType", "\"11\"", "20109" },
        { "payType", "null", "20107" },
        { "tradingTime", "\"\"", "20108" },
        { "tradingTime", "\"2018121204180\"", "20110" },
        { "tradingTime", "\"20180229041803\"", "20110" },
        { "tradingTime", "\"20181212241803\"", "20110" },
        { "tradingTime", "\"2018-12-12 04:18\"", "20109" },
        { "note", Long(1001), "20109" },
        { "note", "null", "20107" },
    };

    public static TheoryData<string, string, string> OrderFields => new()
    {
        { "orderNo", "\"\"", "20108" },
        { "orderNo", Long(61), "20109" },
        { "goodsInfo", "[]", "20108" },
        { "goodsInfo", Upload.Goods, "20107" },
        { "goodsInfo", "[\"小米盒子\"]", "20107" },
        { "goodsInfo", """[{"gname":"","itemLink":"https://a.example.com"}]""", "20108" },
        { "goodsInfo", $$"""[{"gname":{{Long(251)}},"itemLink":"https://a.example.com"}]""", "20109" },
        { "goodsInfo", """[{"gname":"小米盒子","itemLink":""}]""", "20108" },
        { "goodsInfo", $$"""[{"gname":"小米盒子","itemLink":{{Long(3001)}}}]""", "20109" },
        { "goodsInfo", """[{"gname":"小米盒子"}]""", "20104" },
        { "goodsInfo", """[{"itemLink":"https://a.example.com","gname":"小米盒子"}]""", "20106" },
        { "goodsInfo", $$"""[{{Upload.Goods}},{"gname":"零食","itemLink":"https://a.example.com","price":1}]""", "20105" },
        { "recpAccount", "\"\"", "20108" },
        { "recpAccount", Long(61), "20109" },
        { "recpCode", Long(19), "20109" },
        { "recpCode", "null", "20107" },
        { "recpName", "\"\"", "20108" },
        { "recpName", Long(101), "20109" },
    };

    public async Task InitializeAsync() => _customs = await Customs.StartAsync();

    public async Task DisposeAsync() => await _customs.DisposeAsync();

    [Theory]
    [MemberData(nameof(HeadFields))]
    public async Task Should_refuse_a_head_field_by_name(string field, string raw, string code)
    {
        var reply = await _customs.PostAsync(_customs.NewUpload().With(field, raw));

        Assert.Equal(code, reply.Code);
        Assert.Contains(field, reply.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(OrderFields))]
    public async Task Should_refuse_an_order_field(string field, string raw, string code)
    {
        var upload = _customs.NewUpload();
        upload.WithOrder(field, raw);

        Assert.Equal(code, (await _customs.PostAsync(upload)).Code);
    }

    [Fact]
    public async Task Should_refuse_each_missing_head_field()
    {
        foreach (var (name, _) in _customs.NewUpload().Head)
        {
            var upload = _customs.NewUpload();
            upload.Head.RemoveAll(field => string.Equals(field.Name, name, StringComparison.Ordinal));
            var reply = await _customs.PostAsync(upload);

            Assert.Equal("20104", reply.Code);
            Assert.Contains(name, reply.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Should_refuse_each_missing_order_field()
    {
        foreach (var (name, _) in Upload.OrderFields(Customs.Order))
        {
            var upload = _customs.NewUpload();
            upload.Orders[0].RemoveAll(field => string.Equals(field.Name, name, StringComparison.Ordinal));
            var reply = await _customs.PostAsync(upload);

            Assert.Equal("20104", reply.Code);
            Assert.Contains(name, reply.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Should_refuse_the_right_spelling_of_initalRequest()
    {
        var upload = _customs.NewUpload();
        upload.Head[1] = ("initialRequest", upload.Head[1].Raw);
        var reply = await _customs.PostAsync(upload);

        Assert.Equal("20104", reply.Code);
        Assert.Contains("initalRequest", reply.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_refuse_head_fields_in_another_order()
    {
        var upload = _customs.NewUpload();
        (upload.Head[3], upload.Head[4]) = (upload.Head[4], upload.Head[3]);

        Assert.Equal("20106", (await _customs.PostAsync(upload)).Code);
    }

    [Fact]
    public async Task Should_refuse_a_field_that_is_not_in_the_table_or_stands_there_twice()
    {
        var unknown = _customs.NewUpload();
        unknown.Head.Add(("extra", "\"x\""));
        var twice = _customs.NewUpload();
        twice.Head.Add(("note", "\"x\""));

        Assert.Equal("20105", (await _customs.PostAsync(unknown)).Code);
        Assert.Equal("20105", (await _customs.PostAsync(twice)).Code);
    }

    [Theory]
    [InlineData("\"sessionID\"", "\"sessionId\"", "20104")]
    [InlineData("\"payExchangeInfoLists\"", "\"payExchangeInfoList\"", "20104")]
    [InlineData("\"certNo\":\"01691f7f\",", "", "20104")]
    [InlineData("\"serviceTime\":\"1544519952469\",\"certNo\":\"01691f7f\",", "\"certNo\":\"01691f7f\",\"serviceTime\":\"1544519952469\",", "20106")]
    [InlineData("\"certNo\"", "\"version\":1,\"certNo\"", "20105")]
    [InlineData("\"serviceTime\":\"1544519952469\"", "\"serviceTime\":\"1544519952\"", "20110")]
    [InlineData("\"serviceTime\":\"1544519952469\"", "\"serviceTime\":1.54451995246", "20110")]
    [InlineData("\"serviceTime\":\"1544519952469\"", "\"serviceTime\":null", "20107")]
    [InlineData("\"certNo\":\"01691f7f\"", "\"certNo\":\"\"", "20108")]
    [InlineData("\"certNo\":\"01691f7f\"", "\"certNo\":1691", "20107")]
    [InlineData("\"payExchangeInfoHead\":{", "\"payExchangeInfoHead\":[{}],\"x\":{", "20105")]
    public async Task Should_refuse_a_spoilt_envelope(string part, string instead, string code)
    {
        var payload = _customs.NewUpload().ToString();
        Assert.Contains(part, payload, StringComparison.Ordinal);

        Assert.Equal(code, (await _customs.PostAsync(payload.Replace(part, instead, StringComparison.Ordinal))).Code);
    }

    [Fact]
    public async Task Should_refuse_lists_that_are_no_list_or_empty()
    {
        var upload = _customs.NewUpload();
        var single = upload.ToString().Replace(upload.ListsText, upload.ListsText[1..^1], StringComparison.Ordinal);
        upload.Orders.Clear();

        Assert.Equal("20107", (await _customs.PostAsync(single)).Code);
        Assert.Equal("20108", (await _customs.PostAsync(upload)).Code);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null ,")]
    [InlineData("{")]
    [InlineData("{\"sessionID\":\"a\",}")]
    [InlineData("{\"sessionID\":\"a\"} x")]
    [InlineData("{/* comment */\"sessionID\":\"a\"}")]
    [InlineData("{'sessionID':'a'}")]
    [InlineData("{\"sessionID\":\"line\nbreak\"}")]
    [InlineData("\uFEFF{\"sessionID\":\"a\"}")]
    public async Task Should_refuse_what_is_not_json(string payload) => Assert.Equal("20103", (await _customs.PostAsync(payload)).Code);

    [Fact]
    public async Task Should_refuse_json_that_nests_without_end() => Assert.Equal("20103", (await _customs.PostAsync(new string('[', 100_000))).Code);

    [Theory]
    [InlineData("[]")]
    [InlineData("1")]
    [InlineData("null")]
    [InlineData("\"text\"")]
    public async Task Should_refuse_json_that_is_no_object(string payload) => Assert.Equal("20107", (await _customs.PostAsync(payload)).Code);

    [Theory]
    [InlineData("")]
    [InlineData("payExInfoStr")]
    [InlineData("payexinfostr={}")]
    [InlineData("payExInfoStr={}&payExInfoStr={}")]
    [InlineData("payExInfoStr={}&sign=1")]
    [InlineData("payExInfoStr=%7")]
    [InlineData("payExInfoStr=%zz")]
    [InlineData("payExInfoStr=%ff%fe")]
    public async Task Should_refuse_a_spoilt_form(string body) => Assert.Equal("20101", (await _customs.PostAsync(Customs.RawForm(body))).Code);

    [Fact]
    public async Task Should_refuse_another_content_type()
    {
        Assert.Equal("20101", (await _customs.PostAsync(new StringContent(_customs.NewUpload().ToString(), Encoding.UTF8, "application/json"))).Code);
        Assert.Equal("20101", (await _customs.PostAsync(new ByteArrayContent([1, 2, 3]))).Code);
        Assert.Equal("20101", (await _customs.PostAsync(new MultipartFormDataContent { { new StringContent("{}"), "payExInfoStr" } })).Code);
    }

    [Fact]
    public async Task Should_refuse_a_form_that_is_too_large() => Assert.Equal("20102", (await _customs.PostAsync(Customs.RawForm(new byte[(16 * 1024 * 1024) + 1]))).Code);

    [Fact]
    public async Task Should_keep_what_was_refused_in_the_log()
    {
        await _customs.PostAsync(Customs.RawForm("payExInfoStr=%ff%fe"));

        var session = _customs.Log.FindSession("")!;
        var line = _customs.Log.Read(Assert.Single(session.Uploads));
        Assert.Null(line.PayExInfoStr);
        Assert.Equal([0xff, 0xfe], Convert.FromBase64String(line.Body!));
    }

    private static string Long(int length) => Upload.Quote(new string('a', length));
}
