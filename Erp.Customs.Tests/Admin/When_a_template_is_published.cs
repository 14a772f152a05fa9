using System.Net;
using Erp.Customs.Module.Rendering;
using Erp.Customs.Tests.Support;

namespace Erp.Customs.Tests.Admin;

/// <summary>模板: tried, published and taken back on the screen; in the build without Scriban only looked at.</summary>
public class When_a_template_is_published
{
    internal const string Edit = "/customs/admin/templates/edit";
    internal const string Head = Edit + "?name=179/head";
    internal const string MayPublish = "customs.view customs.templates";

    /// <summary>Valid for customs, and other than what the writer gives: a blank.</summary>
    internal static string Blank(string text) => text.Replace(""","note":""", """, "note":""", StringComparison.Ordinal);

    [Fact]
    public async Task Should_be_listed_with_version_and_SHA_256_and_say_plainly_where_there_is_no_Scriban()
    {
        await using var world = await ScreenUser.WorldAsync();
        using var person = new ScreenUser(world, MayPublish);

        var list = await person.TextAsync("/customs/admin/templates");
        var page = await person.TextAsync(Head);

        var book = world.Modules.Find<TemplateBook>()!;
        Assert.All(TemplateSource.Names, name => Assert.Contains(book.File(name).Sha256, list, StringComparison.Ordinal));
        Assert.Contains("随模块附带（版本 0）", list, StringComparison.Ordinal);
        Assert.Contains("head.initalRequest | json", page, StringComparison.Ordinal);
        Assert.Equal(!PayExchangeRenderers.ScribanBuiltIn, list.Contains("本构建不含 Scriban", StringComparison.Ordinal));
        Assert.Equal(PayExchangeRenderers.ScribanBuiltIn, page.Contains("<textarea", StringComparison.Ordinal));
        using var unknown = await person.GetAsync(Edit + "?name=179/foot");
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        if (!PayExchangeRenderers.ScribanBuiltIn)
        {
            var token = await person.TokenAsync("/customs/admin/settings");
            Assert.Contains("模板只能查看", await PostedAsync(person, "Publish", token, ("text", "{}"), ("reason", "x")), StringComparison.Ordinal);
            Assert.Equal(0L, await world.SqlAsync("SELECT COUNT(*) FROM template_version"));
        }
    }

    [ScribanFact]
    public async Task Should_count_from_the_next_message_and_stand_in_its_envelope()
    {
        await using var world = await ScreenUser.WorldAsync();
        await world.DeliveredAsync(CustomsWorld.Payment("T1", "SO1"));
        using var person = new ScreenUser(world, MayPublish);
        var text = Blank(world.Modules.Find<TemplateBook>()!.File(TemplateSource.Head).Text);

        var page = await PostedAsync(person, "Publish", ("number", "0"), ("text", text), ("reason", "海关要求"));
        Assert.Contains("勾选确认后再发布", page, StringComparison.Ordinal);
        Assert.Contains("payExchangeInfoHead：空白或转义不同", page, StringComparison.Ordinal);
        Assert.Equal(0L, await world.SqlAsync("SELECT COUNT(*) FROM template_version"));

        page = await person.SendAsync(Head, Edit + "?handler=Publish", ("name", "179/head"), ("number", "0"), ("text", text.ReplaceLineEndings("\r\n")), ("reason", "海关要求"), ("confirmed", "true"));
        Assert.Contains("179/head 版本 1 已发布并生效", page, StringComparison.Ordinal);
        var sha = TemplateSource.Of(TemplateSource.Head, 1, text).Sha256;
        Assert.Contains(sha, page, StringComparison.Ordinal);
        Assert.Contains("海关要求", page, StringComparison.Ordinal);

        var status = await world.AnswerAsync("SO1");
        Assert.Contains($"179/head.scriban@{sha}", (string)(await world.SqlAsync("SELECT renderer FROM envelope"))!, StringComparison.Ordinal);
        Assert.Contains(", \"note\"", world.Customs.Log.Read(world.Customs.Log.FindSession(status.SessionId)!.Uploads[0]).PayExInfoStr!, StringComparison.Ordinal);

        page = await person.SendAsync(Head, Edit + "?handler=RollBack", ("name", "179/head"), ("number", "1"), ("version", "0"), ("reason", "撤回"));
        Assert.Contains("179/head 版本 2 已发布并生效", page, StringComparison.Ordinal);
        Assert.Equal(world.Modules.Find<TemplateBook>()!.File(TemplateSource.Head).Sha256, world.Modules.Find<TemplateBook>()!.InForce[TemplateSource.Head].Sha256);
    }

    [ScribanTheory]
    [InlineData("{\"guid\":", "(1,9)")]
    [InlineData("{{ for x in y }}", "templates/179/head.scriban(")]
    [InlineData("{\"guid\":{{ head.guid | json }}}", "payExchangeInfoHead.initalRequest 必填，但缺失")]
    [InlineData("", "模板不能为空")]
    public async Task Should_be_refused_with_its_place_and_change_nothing(string text, string told)
    {
        await using var world = await ScreenUser.WorldAsync();
        using var person = new ScreenUser(world, MayPublish);

        Assert.Contains(told, await PostedAsync(person, "Publish", ("number", "0"), ("text", text), ("reason", "试试"), ("confirmed", "true")), StringComparison.Ordinal);
        Assert.Contains(told, await PostedAsync(person, "Try", ("text", text)), StringComparison.Ordinal);

        Assert.Equal(0L, await world.SqlAsync("SELECT COUNT(*) FROM template_version"));
        Assert.Equal(0, world.Modules.Find<TemplateBook>()!.InForce[TemplateSource.Head].Version);
    }

    [ScribanFact]
    public async Task Should_not_overwrite_what_somebody_else_has_published_meanwhile()
    {
        await using var world = await ScreenUser.WorldAsync();
        using var first = new ScreenUser(world, MayPublish);
        using var second = new ScreenUser(world, MayPublish, "李四");
        var text = world.Modules.Find<TemplateBook>()!.File(TemplateSource.Head).Text;
        await second.SendAsync(Head, Edit + "?handler=Publish", ("name", "179/head"), ("number", "0"), ("text", "{{- # 李四 -}}\n" + text), ("reason", "注释"));

        var page = await PostedAsync(first, "Publish", ("number", "0"), ("text", "{{- # 王五 -}}\n" + text), ("reason", "注释"));

        Assert.Contains("李四 已于", page, StringComparison.Ordinal);
        Assert.Contains("未覆盖、未发布", page, StringComparison.Ordinal);
        Assert.Contains("{{- # 王五 -}}", page, StringComparison.Ordinal);
        Assert.Contains("≠ 不同", page, StringComparison.Ordinal);
        Assert.Contains("name=\"number\" value=\"1\"", page, StringComparison.Ordinal);
        Assert.Equal("李四", await world.SqlAsync("SELECT published_by FROM template_version"));
    }

    [ScribanFact]
    public async Task Should_be_tried_with_a_real_payment_without_showing_whose_it_is()
    {
        await using var world = await ScreenUser.WorldAsync();
        var payment = CustomsWorld.Payment("T1", "SO1");
        payment["orders"]![0]!["recpName"] = "CANARY-张三";
        payment["orders"]![0]!["recpCode"] = "";
        payment["initalRequest"] = "name=CANARY-张三&id=110101199003070011";
        await world.DeliveredAsync(payment);
        using var person = new ScreenUser(world, MayPublish);
        var book = world.Modules.Find<TemplateBook>()!;

        foreach (var name in new[] { TemplateSource.Head, TemplateSource.Lists, TemplateSource.Message })
        {
            var page = await PostedAsync(person, "Try", ("name", name), ("text", book.File(name).Text), ("order", "SO1"));
            Assert.Contains("所选订单的支付（个人信息已脱敏）", page, StringComparison.Ordinal);
            Assert.Contains("与内置渲染器逐字符一致", page, StringComparison.Ordinal);
            Assert.DoesNotContain("CANARY", page, StringComparison.Ordinal);
            Assert.DoesNotContain("110101199003070011", page, StringComparison.Ordinal);
            Assert.DoesNotContain("6217850100007893905", page, StringComparison.Ordinal);
        }

        Assert.Contains("没有该订单的支付数据，只渲染了示例", await PostedAsync(person, "Try", ("text", book.File(TemplateSource.Head).Text), ("order", "SO404")), StringComparison.Ordinal);
    }

    [ScribanFact]
    public async Task Should_keep_what_is_in_force_when_another_node_publishes_what_this_one_cannot_use()
    {
        await using var world = await ScreenUser.WorldAsync();
        using var person = new ScreenUser(world, MayPublish);
        await world.SqlAsync("INSERT INTO template_version (name, version, text, sha256, differences, published_at, published_by, reason) VALUES ('179/head', 1, '{{ end', '', '', 0, '别的节点', '')");

        await world.Modules.Find<TemplateBook>()!.RefreshAsync(CancellationToken.None);

        Assert.Contains("最近发布的模板无法使用，此前的模板继续有效：templates/179/head.scriban(1,", await person.TextAsync("/customs/admin/templates"), StringComparison.Ordinal);
        await world.DeliveredAsync(CustomsWorld.Payment("T1", "SO1"));
        await world.AnswerAsync("SO1");
        Assert.Contains(world.Modules.Find<TemplateBook>()!.File(TemplateSource.Head).Sha256, (string)(await world.SqlAsync("SELECT renderer FROM envelope"))!, StringComparison.Ordinal);
    }

    private static async Task<string> PostedAsync(ScreenUser person, string handler, params (string Name, string Value)[] fields) => await PostedAsync(person, handler, await person.TokenAsync(Head), fields);

    private static async Task<string> PostedAsync(ScreenUser person, string handler, string token, params (string Name, string Value)[] fields)
    {
        (string Name, string Value)[] named = fields.Any(field => field.Name == "name") ? fields : [.. fields, ("name", "179/head")];
        using var answer = await person.PostAsync($"{Edit}?handler={handler}", token, named);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());
    }
}
