using Erp.Customs.Contracts;
using Erp.Customs.Module;
using Erp.Customs.Module.Storage;
using Erp.Customs.Module.Upload;
using Erp.Customs.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Erp.Customs.Tests.Upload;

public class When_a_reply_is_read
{
    [Theory]
    [InlineData("""{"code":"10000","message":"上传成功","total":0,"serviceTime":1542337661665}""", "10000", "上传成功")]
    [InlineData("""{"code":10000,"message":"上传成功"}""", "10000", "上传成功")]
    [InlineData("""{"code":"20000","message":null}""", "20000", "")]
    [InlineData(""" {"code":"20004"} """, "20004", "")]
    public async Task Should_know_an_answer_of_customs(string reply, string code, string message)
    {
        var read = await PostAsync(reply);
        Assert.Equal((Arrival.Answered, code, message, ""), (read.Arrival, read.Code, read.Message, read.Error));
        Assert.Equal(reply, System.Text.Encoding.UTF8.GetString(read.Body));
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html>")]
    [InlineData("[]")]
    [InlineData("\"10000\"")]
    [InlineData("{}")]
    [InlineData("""{"code":null}""")]
    [InlineData("""{"code":true}""")]
    [InlineData("""{"code":{"code":"10000"}}""")]
    [InlineData("""{"code":""}""")]
    [InlineData("""{"code":"123456789012345678901234567890123"}""")]
    [InlineData("""{"code":"10000","message":"\ud800"}""")]
    public async Task Should_not_take_anything_else_for_one(string reply)
    {
        var read = await PostAsync(reply);
        Assert.Equal((Arrival.Perhaps, null, 200), (read.Arrival, read.Code, read.HttpStatus));
        Assert.NotEmpty(read.Error);
    }

    [Fact]
    public void Should_mean_what_the_table_says()
    {
        var replies = CustomsReplies.Read(AppContext.BaseDirectory);
        Assert.Equal(new ReplyMeaning(UploadEvent.Accepted, FailureClass.None, ""), replies.Meaning("10000", "上传成功"));
        Assert.Equal(UploadEvent.SessionUsed, replies.Meaning("20000", "上传失败，入库失败").Happened);
        Assert.Equal(UploadEvent.Rejected, replies.Meaning("20000", "上传失败").Happened);
        Assert.Equal(new ReplyMeaning(UploadEvent.Rejected, FailureClass.SignerConfiguration, replies.Meaning("20004", "").Reason, StopsMerchant: true), replies.Meaning("20004", "企业实时数据获取验签证书未在服务系统注册"));
        var (happened, failure, reason, _) = replies.Meaning("20999", "张三");
        Assert.Equal((UploadEvent.Rejected, FailureClass.CustomsRejected), (happened, failure));
        Assert.Contains("20999", reason, StringComparison.Ordinal);
        Assert.DoesNotContain("张三", reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "cannot be read")]
    [InlineData("[", "cannot be read")]
    [InlineData("""[{"code":"10000","state":"accepted","failure":"none","zh":"","en":""}]""", "the code *")]
    [InlineData("""[{"code":"*","state":"well","failure":"none","zh":"","en":""}]""", "cannot be read")]
    [InlineData("""[{"code":"*","state":"rejected","failure":"none","zh":"","en":"","more":1}]""", "cannot be read")]
    [InlineData("""[{"code":"*","state":"rejected","failure":"none","zh":"","en":""}]""", "rejected with none")]
    [InlineData("""[{"code":"1","state":"unknown","failure":"unknown","zh":"","en":""},{"code":"*","state":"rejected","failure":"data","zh":"","en":""}]""", "the row of code 1")]
    [InlineData("""[{"code":"*","state":"signed","failure":"customs_rejected","zh":"","en":""}]""", "signed with customs_rejected")]
    public void Should_say_what_is_wrong_with_the_table(string? table, string said)
    {
        var folder = Directory.CreateTempSubdirectory("erp-customs-replies-");
        try
        {
            if (table is not null)
            {
                File.WriteAllText(Path.Combine(folder.CreateSubdirectory("Upload").FullName, "customs-replies.json"), table);
            }

            Assert.Contains(said, Assert.Throws<ModuleConfigurationException>(() => CustomsReplies.Read(folder.FullName)).Message, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData(503, "7", 7)]
    [InlineData(429, "0", 0)]
    [InlineData(503, "Wed, 11 Nov 2026 02:00:30 GMT", 30)]
    [InlineData(503, "soon", null)]
    [InlineData(503, null, null)]
    [InlineData(500, "7", null)]
    public async Task Should_know_how_long_customs_want_to_be_left_alone(int status, string? retryAfter, int? seconds)
    {
        var read = await PostAsync("busy", status, retryAfter);
        Assert.Equal((status, seconds), (read.HttpStatus, (int?)read.RetryAfter?.TotalSeconds));
    }

    private static async Task<UploadReply> PostAsync(string reply, int status = 200, string? retryAfter = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        await using var server = builder.Build();
        server.Run(http =>
        {
            http.Response.StatusCode = status;
            http.Response.Headers.RetryAfter = retryAfter;
            return http.Response.WriteAsync(reply);
        });
        await server.StartAsync();
        using var client = new CustomsClient(
            new CustomsOptions { UploadUrl = new Uri(server.Urls.Single()), Merchants = new Dictionary<string, MerchantOptions>(StringComparer.Ordinal) }, new ManualTime());
        return await client.PostAsync(new Uri(server.Urls.Single()), "{}"u8.ToArray());
    }
}
