using Erp.Customs.Simulator;

namespace Erp.Customs.Tests.Simulator;

public sealed class When_an_upload_is_in_order : IAsyncLifetime
{
    private Customs _customs = null!;

    public async Task InitializeAsync() => _customs = await Customs.StartAsync();

    public async Task DisposeAsync() => await _customs.DisposeAsync();

    [Fact]
    public async Task Should_answer_10000_as_the_interface_document_shows_it()
    {
        var reply = await _customs.PostAsync(_customs.NewUpload());

        Assert.Equal(new Reply("10000", "上传成功", 0, _customs.Time.GetUtcNow().ToUnixTimeMilliseconds()), reply);
    }

    [Theory]
    [InlineData(CardKind.Rsa1024, "\"1544519952469\"")]
    [InlineData(CardKind.Rsa1024, "1544519952469")]
    [InlineData(CardKind.Sm2, "\"1544519952469\"")]
    [InlineData(CardKind.Sm2, "1544519952469")]
    public async Task Should_accept_both_schemes_and_both_spellings_of_serviceTime(CardKind kind, string serviceTime)
    {
        var upload = _customs.NewUpload(kind is CardKind.Sm2 ? Customs.Sm2 : Customs.Rsa);
        upload.ServiceTime = serviceTime;

        Assert.Equal("10000", (await _customs.PostAsync(upload)).Code);
    }

    [Fact]
    public async Task Should_verify_over_the_text_as_it_stands_blanks_and_escapes_included()
    {
        var upload = _customs.NewUpload().With("note", """
            "\u5907\u6ce8 \/ \"引号\" 备注"
            """);
        upload.Blank = " \n ";

        Assert.Equal("10000", (await _customs.PostAsync(upload)).Code);
    }

    [Theory]
    [InlineData("100")]
    [InlineData("0.5")]
    [InlineData("100.1")]
    [InlineData("12345.67")]
    [InlineData("0.00001")]
    [InlineData("99999999999999.99999")]
    public async Task Should_accept_an_amount(string amount)
    {
        var upload = _customs.NewUpload().With("totalAmount", amount);

        Assert.Equal("10000", (await _customs.PostAsync(upload)).Code);
        Assert.Empty(Assert.Single(_customs.Log.FindSession(upload.SessionId.Trim('"'))!.Uploads).Remarks);
    }

    [Fact]
    public async Task Should_tolerate_a_point_zero_with_a_remark()
    {
        var upload = _customs.NewUpload().With("totalAmount", "5.0");

        Assert.Equal("10000", (await _customs.PostAsync(upload)).Code);
        Assert.Single(Assert.Single(_customs.Log.FindSession(upload.SessionId.Trim('"'))!.Uploads).Remarks);
    }

    [Theory]
    [InlineData("initalRequest", 8000)]
    [InlineData("initalResponse", 8000)]
    [InlineData("note", 1000)]
    [InlineData("payTransactionId", 60)]
    public async Task Should_count_a_chinese_character_as_one_and_an_emoji_as_two(string field, int max)
    {
        var full = _customs.NewUpload().With(field, Upload.Quote(new string('付', max - 2) + "🎁"));
        var over = _customs.NewUpload().With(field, Upload.Quote(new string('付', max - 1) + "🎁"));

        Assert.Equal("10000", (await _customs.PostAsync(full)).Code);
        Assert.Equal("20109", (await _customs.PostAsync(over)).Code);
    }

    [Fact]
    public async Task Should_accept_empty_optional_fields()
    {
        var upload = _customs.NewUpload().With("payType", "\"\"").With("note", "\"\"").WithOrder("recpCode", "\"\"");

        Assert.Equal("10000", (await _customs.PostAsync(upload)).Code);
    }
}
