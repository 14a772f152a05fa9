using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Erp.Customs.Contracts;
using Erp.Customs.Tests.Support;
using MiniExcelLibs;
using static Erp.Customs.Tests.Admin.ImportFiles;

namespace Erp.Customs.Tests.Admin;

/// <summary>导入支付数据: checked before anything is stored, every bad cell named, imported the way of the payments API, a result for each row.</summary>
public partial class When_payments_are_imported
{
    internal const string Import = "/customs/admin/orders/import";
    internal const string Importer = "customs.view customs.import";

    [Fact]
    public async Task Should_store_nothing_before_it_is_confirmed_and_every_payment_once_then()
    {
        await using var world = await ScreenUser.WorldAsync();
        using var clerk = new ScreenUser(world, Importer);
        var file = Workbook(
            Row("2026111122001400001234567890", "SO1", ("商品展示链接地址", "https://shop.example.cn/1")),
            Row("2026111122001400001234567890", "SO1", ("商品名称", "尿布"), ("原始请求", ""), ("原始响应", ""), ("交易金额", "")),
            Row("2026111122001400001234567890", "SO2", ("交易成功时间", new DateTime(2026, 11, 11, 0, 0, 1, DateTimeKind.Unspecified))),
            Row("T2", "SO3", ("交易金额", 0.1 + 0.2), ("交易成功时间", 20261111000001L), ("币制", 142), ("备注", null)));

        var (id, page) = await UploadedAsync(clerk, file);

        Assert.Contains("检查完毕，没有发现错误", page, StringComparison.Ordinal);
        Assert.Contains("<dd>4</dd>", page, StringComparison.Ordinal);
        Assert.Contains("<dd>2 / 3</dd>", page, StringComparison.Ordinal);
        Assert.Contains("确认导入 2 笔支付", page, StringComparison.Ordinal);
        Assert.Equal(0, await world.PaymentsAsync());
        Assert.Contains($"{id}.upload", Files(world));
        ShouldBeTheOwnersAlone(world);

        var done = await ConfirmedAsync(clerk, id);

        Assert.Contains("已保存 2　已存在 0　失败 0", done, StringComparison.Ordinal);
        Assert.Equal([$"{id}.result"], Files(world));
        var order = (await world.Services.FindOrderAsync("SO2", null, CancellationToken.None))!;
        Assert.Equal(("2026111122001400001234567890", 100.10m, DateTimeOffset.Parse("2026-11-11T00:00:01+08:00")), (order.PayTransactionId, order.TotalAmount, order.TradingTime.ToOffset(TimeSpan.FromHours(8))));
        Assert.Empty(order.Violations);
        Assert.Equal("accepted", (await world.AnswerAsync("SO1")).State);
        var uploaded = world.Uploaded((await world.Services.FindOrderAsync("SO1", null, CancellationToken.None))!.Requests.Single().SessionId);
        Assert.Equal(["婴儿奶粉 800g", "尿布"], ((System.Text.Json.Nodes.JsonArray)uploaded["payExchangeInfoLists"]!.AsArray().Single(one => (string?)one!["orderNo"] == "SO1")!["goodsInfo"]!).Select(goods => (string?)goods!["gname"]));

        // The same file again: everything is there, nothing is doubled.
        (id, _) = await UploadedAsync(clerk, file);
        Assert.Contains("已保存 0　已存在 2　失败 0", await ConfirmedAsync(clerk, id), StringComparison.Ordinal);
        Assert.Equal(2, await world.PaymentsAsync());
        Assert.Equal(["已存在", "已存在", "已存在", "已存在"], (await ResultAsync(clerk, id)).Select(row => row["结果"]));
    }

    [Fact]
    public async Task Should_follow_the_rules_of_the_payments_api()
    {
        await using var world = await ScreenUser.WorldAsync();
        await world.DeliveredAsync(CustomsWorld.Payment("T1", "SO1"));
        await world.DeliveredAsync(CustomsWorld.Payment("T2", "SO2"));
        using var clerk = new ScreenUser(world, Importer);

        var (id, _) = await UploadedAsync(clerk, Workbook(Row("T1", "SO1"), Row("T2", "SO2", ("交易金额", 100.11)), Row("T3", "=1+1", ("原始响应", new string('长', 8001)))));
        var page = await ConfirmedAsync(clerk, id);

        Assert.Contains("已保存 1　已存在 1　失败 1", page, StringComparison.Ordinal);
        var rows = await ResultAsync(clerk, id);
        using var api = await world.DeliverAsync(Different());
        Assert.Equal(HttpStatusCode.Conflict, api.StatusCode);
        var sentence = (string)System.Text.Json.Nodes.JsonNode.Parse(await api.Content.ReadAsStringAsync())!["error"]!;
        Assert.Equal((2d, "已存在", ""), ((double)rows[0]["行"]!, rows[0]["结果"], rows[0]["原因"] ?? ""));
        Assert.Equal(("失败", sentence.Split(" | ")[0]), (rows[1]["结果"], rows[1]["原因"]));
        Assert.Equal(("已保存", "'=1+1"), (rows[2]["结果"], rows[2]["订单编号"]));
        Assert.Contains("最多 8000 个字符", (string)rows[2]["原因"]!, StringComparison.Ordinal);

        static System.Text.Json.Nodes.JsonObject Different()
        {
            var payment = CustomsWorld.Payment("T2", "SO2");
            payment["totalAmount"] = 100.11m;
            return payment;
        }
    }

    [Fact]
    public async Task Should_name_each_bad_cell_and_import_the_other_payments()
    {
        await using var world = await ScreenUser.WorldAsync();
        using var clerk = new ScreenUser(world, Importer);
        var file = Workbook(
            Row("T1", "SO1"),
            Row("T2", "SO2", ("交易流水号", 12345678901234567890d), ("交易金额", "1,234.50"), ("币制", "RMB"), ("商户", "nobody")),
            Row("1.23E+19", "SO3"),
            Row("12345678901234500000", "SO4", ("收款账号", 6217850100007893905d)),
            Row("T5", "SO5", ("交易成功时间", new DateTime(2026, 11, 11, 0, 0, 0, DateTimeKind.Unspecified)), ("备注", "#N/A")),
            Row("T6", "SO6", ("交易成功时间", "昨天"), ("订单编号", true), ("商品名称", "")),
            Row("T7", "SO7", ("交易金额", ""), ("交易成功时间", null), ("原始请求", "")),
            Row("T8", "SO8"),
            Row("T8", "SO9", ("交易金额", 7), ("商品名称", "")),
            Row("T1", "SO1"));

        var (id, page) = await UploadedAsync(clerk, file);

        var cells = page.Split("<tbody>")[1].Split("</tbody>")[0].Split("</tr>")[..^1].Select(row => Cell().Matches(row).Select(cell => cell.Groups["text"].Value.Trim()).ToList()).ToList();
        Assert.Equal(
            [
                "3 商户", "3 交易流水号", "3 交易金额", "4 交易流水号", "5 交易流水号", "5 收款账号", "6 交易成功时间", "6 备注", "7 交易成功时间", "7 订单编号", "7 商品名称",
                "8 交易金额", "8 交易成功时间", "8 原始请求", "10 交易金额", "10 商品名称", "11 交易流水号",
            ],
            cells.Select(cell => $"{cell[0]} {cell[1]}").Order(Comparer<string>.Create((left, right) => Place(left).CompareTo(Place(right)))));
        foreach (var (row, column, said) in new[]
        {
            (3, "交易流水号", "1.23E+19"), (3, "交易金额", "不带千分位"), (3, "商户", "不在 Customs:Merchants"), (4, "交易流水号", "丢失位数"), (5, "交易流水号", "丢失位数"), (5, "收款账号", "丢失位数"),
            (6, "交易成功时间", "只有日期没有时刻"), (6, "备注", "错误值"), (7, "交易成功时间", "20261111000001"), (7, "订单编号", "逻辑值"), (7, "商品名称", "必填"), (8, "交易金额", "必填"), (8, "交易成功时间", "必填"),
            (8, "原始请求", "必填"), (10, "交易金额", "与第 9 行不同"), (10, "商品名称", "商品名称必填"), (11, "交易流水号", "第 2 行已有该交易流水号"),
        })
        {
            Assert.Contains(said, cells.Single(cell => cell[0] == $"{row}" && cell[1] == column)[2], StringComparison.Ordinal);
        }

        Assert.DoesNotContain("1,234.50", page, StringComparison.Ordinal);
        Assert.Contains("确认导入 1 笔支付", page, StringComparison.Ordinal);
        Assert.Equal(17, (await ResultAsync(clerk, id)).Count);

        Assert.Contains("已保存 1　已存在 0　失败 8", await ConfirmedAsync(clerk, id), StringComparison.Ordinal);
        var result = await ResultAsync(clerk, id);
        Assert.Equal(["已保存", .. Enumerable.Repeat("失败", 9)], result.Select(row => row["结果"]));
        Assert.Contains("同一笔支付的第 10 行有误", (string)result[7]["原因"]!, StringComparison.Ordinal);
        Assert.Contains("交易金额 与第 9 行不同", (string)result[8]["原因"]!, StringComparison.Ordinal);
        Assert.Equal(1, await world.PaymentsAsync());
        Assert.Equal("T1", (await world.Services.FindOrderAsync("SO1", null, CancellationToken.None))!.PayTransactionId);

        static int Place(string cell) => (int.Parse(cell.Split(' ')[0]) * 100) + Array.IndexOf(Titles, cell.Split(' ')[1]);
    }

    [Theory]
    [InlineData("utf-8 with a mark")]
    [InlineData("utf-8")]
    [InlineData("gb18030")]
    public async Task Should_read_csv_in_each_encoding(string encoding)
    {
        await using var world = await ScreenUser.WorldAsync();
        using var clerk = new ScreenUser(world, Importer);
        var row = Row("2026111122001400001234567890", "SO1", ("原始响应", "一行\r\n又一行"), ("收款账号", "00123"));
        var csv = Csv(
            encoding switch
            {
                "gb18030" => CodePagesEncodingProvider.Instance.GetEncoding("gb18030")!,
                "utf-8" => new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
                _ => new UTF8Encoding(encoderShouldEmitUTF8Identifier: true),
            },
            row);

        var (id, _) = await UploadedAsync(clerk, csv, "payments.csv");
        Assert.Contains("已保存 1", await ConfirmedAsync(clerk, id), StringComparison.Ordinal);

        Assert.Equal("accepted", (await world.AnswerAsync("SO1")).State);
        var order = (await world.Services.FindOrderAsync("SO1", null, CancellationToken.None))!;
        var uploaded = world.Uploaded(order.Requests.Single().SessionId);
        Assert.Equal("00123", (string?)uploaded["payExchangeInfoLists"]![0]!["recpAccount"]);
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("一行\r\n又一行"u8)), order.InitialResponseSha256);
    }

    [Theory]
    [InlineData("empty", "文件是空的")]
    [InlineData("noise", "文件已损坏")]
    [InlineData("xls", "旧版 Excel（.xls）或带密码")]
    [InlineData("utf-16", "既不是 UTF-8 也不是 GB18030")]
    [InlineData("half a workbook", "文件已损坏")]
    [InlineData("no workbook", "文件已损坏")]
    [InlineData("entities", "文件已损坏")]
    [InlineData("bomb", "解压后过大")]
    [InlineData("wide", "超过 256 列")]
    [InlineData("titles", "缺少列 交易流水号；未知的列 交易单号；列重复 商户")]
    [InlineData("no payment", "文件中没有支付数据")]
    [InlineData("quotes", "文件已损坏")]
    [InlineData("rows", "超过 100,000 行")]
    public async Task Should_say_in_one_sentence_why_a_file_cannot_be_read(string kind, string sentence)
    {
        await using var world = await ScreenUser.WorldAsync();
        using var clerk = new ScreenUser(world, Importer);

        var (id, page) = await UploadedAsync(clerk, Broken(kind), "payments.xlsx");

        Assert.Contains(sentence, page, StringComparison.Ordinal);
        Assert.Contains("文件有误", page, StringComparison.Ordinal);
        Assert.Equal(0, await world.PaymentsAsync());
        Assert.DoesNotContain($"{id}.upload", Files(world));
        Assert.DoesNotContain("确认导入", page, StringComparison.Ordinal);
        Assert.Contains("未作任何更改", await clerk.SendAsync(Import, Import + "?handler=Confirm", ("id", $"{id}")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_double_nothing_when_two_clerks_import_the_same_file_at_once()
    {
        await using var world = await ScreenUser.WorldAsync();
        using var first = new ScreenUser(world, Importer);
        using var second = new ScreenUser(world, Importer, "李四");
        var file = Workbook([.. Enumerable.Range(0, 200).Select(number => Row($"T{number}", $"SO{number}"))]);
        var ids = new[] { (await UploadedAsync(first, file)).Id, (await UploadedAsync(second, file)).Id };

        var pages = await Task.WhenAll(ConfirmedAsync(first, ids[0]), ConfirmedAsync(second, ids[1]));

        Assert.Equal(200, await world.PaymentsAsync());
        var counts = pages.Select(page => Counts().Match(page)).ToList();
        Assert.Equal((200, 200, 0), (Sum("saved"), Sum("existing"), Sum("failed")));

        int Sum(string name) => counts.Sum(count => int.Parse(count.Groups[name].Value));
    }

    [Fact]
    public async Task Should_begin_once_when_two_clerks_confirm_the_same_import()
    {
        await using var world = await ScreenUser.WorldAsync();
        using var first = new ScreenUser(world, Importer);
        using var second = new ScreenUser(world, Importer, "李四");
        var (id, _) = await UploadedAsync(first, Workbook(Row("T1", "SO1")));
        var tokens = new[] { await first.TokenAsync(Import), await second.TokenAsync(Import) };

        var answers = await Task.WhenAll(
            first.PostAsync(Import + "?handler=Confirm", tokens[0], ("id", $"{id}")), second.PostAsync(Import + "?handler=Confirm", tokens[1], ("id", $"{id}")));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Found, answer.StatusCode));
        var told = new[] { await first.TextAsync(answers[0].Headers.Location!.OriginalString), await second.TextAsync(answers[1].Headers.Location!.OriginalString) };
        Assert.Contains("已保存 1　已存在 0　失败 0", await EndedAsync(first, id), StringComparison.Ordinal);
        Assert.Single(told, page => page.Contains("已开始导入", StringComparison.Ordinal));
        Array.ForEach(answers, answer => answer.Dispose());
    }

    [Fact]
    public async Task Should_give_a_file_up_when_it_is_not_wanted_or_another_is_uploaded()
    {
        await using var world = await ScreenUser.WorldAsync();
        using var clerk = new ScreenUser(world, Importer);
        var (first, _) = await UploadedAsync(clerk, Workbook(Row("T1", "SO1")));
        var (second, _) = await UploadedAsync(clerk, Workbook(Row("T2", "SO2")));

        Assert.Contains("已放弃", await clerk.TextAsync($"{Import}?id={first}"), StringComparison.Ordinal);
        Assert.Contains("已放弃，文件已删除", await clerk.SendAsync(Import, Import + "?handler=Discard", ("id", $"{second}")), StringComparison.Ordinal);
        Assert.Contains("未作任何更改", await clerk.SendAsync(Import, Import + "?handler=Discard", ("id", $"{second}")), StringComparison.Ordinal);
        Assert.Contains("未作任何更改", await clerk.SendAsync(Import, Import + "?handler=Stop", ("id", $"{second}")), StringComparison.Ordinal);
        Assert.Contains("没有这次导入", await clerk.TextAsync($"{Import}?id=99"), StringComparison.Ordinal);
        Assert.Empty(Files(world));
        Assert.Equal(0, await world.PaymentsAsync());
    }

    [Fact]
    public async Task Should_say_after_a_restart_where_it_stopped()
    {
        using var folder = new Hosting.TestFolders();
        await using (var before = await CustomsWorld.StartAsync(services: services => Microsoft.Extensions.DependencyInjection.ServiceCollectionServiceExtensions.AddSingleton<IErpUsers>(services, new HeaderUsers()), folder: folder.Root))
        {
            using var clerk = new ScreenUser(before, Importer);
            var (first, _) = await UploadedAsync(clerk, Workbook(Row("T1", "SO1")));
            // As a process leaves it that dies in the middle.
            await before.SqlAsync($"UPDATE payment_import SET state = 'importing', confirmed_by = '王五', at_row = 777 WHERE id = {first}");
            await UploadedAsync(clerk, Workbook(Row("T1", "SO1")));
        }

        await using var world = await CustomsWorld.StartAsync(services: services => Microsoft.Extensions.DependencyInjection.ServiceCollectionServiceExtensions.AddSingleton<IErpUsers>(services, new HeaderUsers()), folder: folder.Root);
        using var after = new ScreenUser(world, Importer);

        Assert.Empty(Directory.GetFiles(Folder(world), "*.upload"));
        var page = await after.TextAsync(Import + "?id=1");
        Assert.Contains("因重启中断", page, StringComparison.Ordinal);
        Assert.Contains("导入在第 777 行中断", page, StringComparison.Ordinal);
        Assert.Contains("再次导入同一文件是安全的", page, StringComparison.Ordinal);
        Assert.Contains("文件已删除（模块重启过或超过 1 天）", await after.SendAsync(Import, Import + "?handler=Confirm", ("id", "2")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_hand_out_a_template_whose_cells_are_text()
    {
        await using var world = await ScreenUser.WorldAsync();
        using var clerk = new ScreenUser(world, ScreenUser.View);
        using var answer = await clerk.GetAsync(Import + "?handler=Template");
        var template = await answer.Content.ReadAsByteArrayAsync();

        using var file = new MemoryStream(template);
        Assert.Equal(["支付数据", "填写说明"], MiniExcel.GetSheetNames(file));
        var rows = MiniExcel.Query(file, useHeaderRow: false, sheetName: "支付数据").Cast<IDictionary<string, object?>>().ToList();
        Assert.Equal(Titles, rows[0].Values);
        Assert.Equal(1001, rows.Count);
        var explained = MiniExcel.Query(file, useHeaderRow: true, sheetName: "填写说明").Cast<IDictionary<string, object?>>().ToList();
        Assert.Equal(Titles, explained.Select(row => row["列"]));
        Assert.Contains("不支持以文件夹中的文件提供", (string)explained[15]["填写要求"]!, StringComparison.Ordinal);
        using var zip = new ZipArchive(file);
        using var sheet = new StreamReader(zip.GetEntry("xl/worksheets/sheet1.xml")!.Open());
        using var styles = new StreamReader(zip.GetEntry("xl/styles.xml")!.Open());
        var style = int.Parse((await sheet.ReadToEndAsync()).Split("r=\"B2\" t=\"str\" s=\"")[1].Split('"')[0]);
        var written = await styles.ReadToEndAsync();
        var format = written.Split("<x:cellXfs")[1].Split("<x:xf numFmtId=\"")[style + 1].Split('"')[0];
        Assert.Contains($"numFmtId=\"{format}\" formatCode=\"@\"", written, StringComparison.Ordinal);

        // Empty as it is there is nothing in it to import.
        using var importer = new ScreenUser(world, Importer);
        Assert.Contains("文件中没有支付数据", (await UploadedAsync(importer, template)).Page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_take_no_file_from_who_may_not_or_that_is_too_large()
    {
        await using var world = await ScreenUser.WorldAsync();
        using var clerk = new ScreenUser(world, Importer);
        var token = await clerk.TokenAsync(Import);
        Assert.Contains("未选择文件", await clerk.SendAsync(Import, Import + "?handler=Upload"), StringComparison.Ordinal);
        clerk.Become(ScreenUser.View);
        using (var refused = await clerk.UploadAsync(Import + "?handler=Upload", token, "payments.xlsx", Workbook(Row("T1", "SO1"))))
        {
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        }

        Assert.DoesNotContain("type=\"file\"", await clerk.TextAsync(Import), StringComparison.Ordinal);
        clerk.Become(Importer);
        using (var large = await clerk.UploadAsync(Import + "?handler=Upload", token, "payments.csv", new byte[(64 * 1024 * 1024) + 1]))
        {
            Assert.Contains("文件超过 64 MiB", await clerk.TextAsync(large.Headers.Location!.OriginalString), StringComparison.Ordinal);
        }

        Assert.Empty(Files(world));
        Assert.Equal(0L, await world.SqlAsync("SELECT COUNT(*) FROM payment_import"));
    }

    /// <summary>Uploads a file and waits until it is checked.</summary>
    internal static async Task<(long Id, string Page)> UploadedAsync(ScreenUser clerk, byte[] file, string name = "payments.xlsx")
    {
        using var answer = await clerk.UploadAsync(Import + "?handler=Upload", await clerk.TokenAsync(Import), name, file);
        Assert.True(answer.StatusCode == HttpStatusCode.Found, await answer.Content.ReadAsStringAsync());
        var id = long.Parse(answer.Headers.Location!.OriginalString.Split("id=")[1]);
        return (id, await EndedAsync(clerk, id));
    }

    /// <summary>Has a checked file imported and waits for the end.</summary>
    private static async Task<string> ConfirmedAsync(ScreenUser clerk, long id)
    {
        using var answer = await clerk.PostAsync(Import + "?handler=Confirm", await clerk.TokenAsync(Import), ("id", $"{id}"));
        Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
        return await EndedAsync(clerk, id);
    }

    private static async Task<string> EndedAsync(ScreenUser clerk, long id)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            var page = await clerk.TextAsync($"{Import}?id={id}");
            if (!page.Contains("data-reload", StringComparison.Ordinal))
            {
                return page;
            }

            await Task.Delay(20, limit.Token);
        }
    }

    private static async Task<IReadOnlyList<IDictionary<string, object?>>> ResultAsync(ScreenUser clerk, long id)
    {
        using var answer = await clerk.GetAsync($"{Import}?handler=Result&id={id}");
        using var file = new MemoryStream(await answer.Content.ReadAsByteArrayAsync());
        return [.. MiniExcel.Query(file, useHeaderRow: true).Cast<IDictionary<string, object?>>()];
    }

    private static string Folder(CustomsWorld world) => Path.Combine(world.Folder, "data", "Erp.Customs", "import");

    private static IReadOnlyList<string?> Files(CustomsWorld world) => [.. Directory.GetFiles(Folder(world)).Select(Path.GetFileName).Where(name => !name!.EndsWith(".tmp", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    private static void ShouldBeTheOwnersAlone(CustomsWorld world)
    {
        if (!OperatingSystem.IsWindows())
        {
            const UnixFileMode others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
            foreach (var path in Directory.GetFiles(Folder(world)).Append(Folder(world)))
            {
                Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(path) & others);
            }
        }
    }

    private static byte[] Broken(string kind)
    {
        var good = Workbook(Row("T1", "SO1"));
        return kind switch
        {
            "empty" => [],
            "noise" => [.. Enumerable.Range(0, 4096).Select(number => (byte)(number % 7))],
            "xls" => [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, 0, 0],
            "utf-16" => [0xFF, 0xFE, .. Encoding.Unicode.GetBytes("商户,交易流水号")],
            "half a workbook" => good[..(good.Length / 2)],
            "no workbook" => Zip(("readme.txt", "nothing")),
            "entities" => Zip(
                ("xl/workbook.xml", """<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheets><sheet name="&b;"/></sheets></workbook>"""),
                ("xl/worksheets/sheet1.xml", """<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1" t="str"><v>&a;</v></c></row></sheetData></worksheet>""")),
            "bomb" => Bomb(),
            "wide" => Workbook(Enumerable.Range(0, 257).ToDictionary(number => $"列{number}", object? (number) => "x")),
            "titles" => Csv(Encoding.UTF8, Row("T1", "SO1")).AsSpan().ToArray() is var bytes
                ? Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(bytes).Replace("\"交易流水号\"", "\"交易单号\"", StringComparison.Ordinal).Replace("\"备注\"", "\"商户\"", StringComparison.Ordinal)) : [],
            "no payment" => Encoding.UTF8.GetBytes(string.Join(',', Titles) + "\r\n\r\n"),
            "quotes" => Encoding.UTF8.GetBytes(string.Join(',', Titles) + "\r\n\"nin\"gbo,T1\r\n"),
            "rows" => Encoding.UTF8.GetBytes(string.Join(',', Titles) + "\r\n" + string.Concat(Enumerable.Range(0, 100_001).Select(number => $"x,{number}\r\n"))),
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };
    }

    private static byte[] Zip(params (string Name, string Text)[] parts)
    {
        using var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, text) in parts)
            {
                using var part = new StreamWriter(zip.CreateEntry(name).Open());
                part.Write(text);
            }
        }

        return file.ToArray();
    }

    [GeneratedRegex("<td[^>]*>(?<text>.*?)</td>", RegexOptions.ExplicitCapture | RegexOptions.Singleline, 1000)]
    private static partial Regex Cell();

    [GeneratedRegex("已保存 (?<saved>\\d+)　已存在 (?<existing>\\d+)　失败 (?<failed>\\d+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Counts();
}
