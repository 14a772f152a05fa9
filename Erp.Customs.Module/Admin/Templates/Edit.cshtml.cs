using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Erp.Customs.Module.Admin.Masking;
using Erp.Customs.Module.Admin.Operations;
using Erp.Customs.Module.Archive;
using Erp.Customs.Module.Rendering;
using Erp.Customs.Module.Storage;
using Microsoft.AspNetCore.Mvc;

namespace Erp.Customs.Module.Admin.Templates;

/// <summary>One template: its text, what it gives beside what the built-in writer gives, its versions; publishing and going back.</summary>
[Needs(CustomsPermissions.View, CustomsPermissions.Templates)]
internal sealed class EditModel(TemplateBook book, TemplateTable table, PaymentArchive archive, TimeProvider time) : Screen
{
    /// <summary>Characters of a reason. 200.</summary>
    public const int ReasonLimit = 200;

    /// <summary>Characters of a template. 65,536.</summary>
    public const int TextLimit = 65_536;

    private static readonly JsonSerializerOptions s_lines = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Whether he may try and publish.</summary>
    public bool MayPublish => TemplateBook.IsUsed && Visitor.Permissions.Contains(CustomsPermissions.Templates);

    /// <summary>What is in force.</summary>
    public TemplateSource InForce { get; private set; } = null!;

    /// <summary>The text in the editor.</summary>
    public string Text { get; private set; } = "";

    /// <summary>The order whose payment is rendered beside the samples, as typed.</summary>
    public string Order { get; private set; } = "";

    /// <summary>Why it is published, as typed.</summary>
    public string Reason { get; private set; } = "";

    public IReadOnlyList<PublishedTemplate> History { get; private set; } = [];

    /// <summary>What the text gave; <see langword="null"/> when it was not tried.</summary>
    public TemplateTrial? Trial { get; private set; }

    /// <summary>Whether it may be published once the differences are confirmed.</summary>
    public bool NeedsConfirmation { get; private set; }

    /// <summary>The text beside what is in force, and each output beside the writer's.</summary>
    public IReadOnlyList<Comparison> Comparisons { get; private set; } = [];

    /// <summary>Shows what is in force, or a version of it.</summary>
    public async Task<IActionResult> OnGetAsync(string? name, long? version)
    {
        if (!await LoadAsync(name))
        {
            return NotFound();
        }

        if (version is { } asked)
        {
            if (TextOf(asked) is not { } text)
            {
                return NotFound();
            }

            Text = text;
            Compare();
        }

        return Page();
    }

    /// <summary>试渲染: renders the samples, and an order's payment with personal data masked. Changes nothing.</summary>
    [Operation("试渲染", "Try", "name", "order")]
    public async Task<IActionResult> OnPostTryAsync(string? name, string? text, string? order)
    {
        if (!await LoadAsync(name))
        {
            return NotFound();
        }

        (Text, Order) = (Normal(text), order?.Trim() ?? "");
        if (Closed() is { } closed)
        {
            Problem = closed;
            return Page();
        }

        var real = Order.Length == 0 ? null : await FindAsync(Order);
        Trial = TemplateEngine.Try(TemplateSource.Of(InForce.Name, InForce.Version, Text), real)!;
        Problem ??= Trial.Fault is { } fault ? Words.Of($"模板有误：{Words.In(fault.Sentence, english: false)}", $"The template is wrong: {Words.In(fault.Sentence, english: true)}") : null;
        Compare();
        return Page();
    }

    /// <summary>Publishes the text as the next version.</summary>
    [Operation("发布", "Publish", "name")]
    public async Task<IActionResult> OnPostPublishAsync(string? name, long number, string? text, string? reason, bool confirmed) =>
        await LoadAsync(name) ? await PublishAsync(number, Normal(text), reason?.Trim() ?? "", confirmed) : NotFound();

    /// <summary>回退: publishes an earlier text as the next version.</summary>
    [Operation("回退", "Roll back", "name", "version")]
    public async Task<IActionResult> OnPostRollBackAsync(string? name, long number, long version, string? reason, bool confirmed) =>
        await LoadAsync(name) && TextOf(version) is { } text ? await PublishAsync(number, text, reason?.Trim() ?? "", confirmed) : NotFound();

    private async Task<IActionResult> PublishAsync(long number, string text, string reason, bool confirmed)
    {
        (Text, Reason) = (text, reason);
        Problem = Closed()
            ?? (reason.Length is 0 or > ReasonLimit ? Words.Of($"请填写发布原因，至多 {ReasonLimit} 个字，未发布", $"Say why, in up to {ReasonLimit} characters; nothing was published") : null)
            ?? (Newest != number ? Newer() : null)
            ?? (text == InForce.Text ? Words.Of("与现行版本相同，未发布", "It is what is in force already; nothing was published") : null);
        if (Problem is not null)
        {
            Compare();
            return Page();
        }

        var next = TemplateSource.Of(InForce.Name, number + 1, text);
        Trial = TemplateEngine.Try(next, real: null)!;
        Problem = Trial.Fault is { } fault ? Words.Of($"模板有误，未发布：{Words.In(fault.Sentence, english: false)}", $"The template is wrong, nothing was published: {Words.In(fault.Sentence, english: true)}")
            : Trial.Differences.Count > 0 && !confirmed ? Words.Of("输出与内置渲染器不同：请逐项核对下方差异，勾选确认后再发布", "It gives something else than the built-in writer: look at each difference below, confirm them and publish again")
            : null;
        if (Problem is null && !await book.PublishAsync(new(next.Name, next.Version, next.Text, next.Sha256, string.Join("; ", Trial.Differences), time.GetUtcNow(), Visitor.Name, reason)))
        {
            await LoadAsync(InForce.Name);
            (Text, Reason, Problem) = (text, reason, Newer());
        }

        if (Problem is not null)
        {
            NeedsConfirmation = Trial is { Fault: null, Differences.Count: > 0 };
            Compare();
            return Page();
        }

        Tell(good: true, Words.Of(
            $"{next.Name} 版本 {next.Version} 已发布并生效，SHA-256 {next.Sha256[..12]}{(Trial.Differences.Count > 0 ? $"（已确认差异：{string.Join("；", Trial.Differences.Select(difference => Words.In(TemplateWords.Difference(difference), english: false)))}）" : "")}",
            $"{next.Name} version {next.Version} is published and in force, SHA-256 {next.Sha256[..12]}{(Trial.Differences.Count > 0 ? $" (differences confirmed: {string.Join("; ", Trial.Differences)})" : "")}"));
        return LocalRedirect($"{Url.Page(null)}?name={Uri.EscapeDataString(next.Name)}");
    }

    /// <summary>The number of the newest version, in force or not.</summary>
    public long Newest => History is [var newest, ..] ? newest.Version : 0;

    private async Task<bool> LoadAsync(string? name)
    {
        if (name is null || !book.InForce.TryGetValue(name, out var source))
        {
            return false;
        }

        await book.RefreshAsync(HttpContext.RequestAborted);
        History = await table.HistoryAsync(name, HttpContext.RequestAborted);
        InForce = book.InForce[name];
        Text = InForce.Text;
        return true;
    }

    private string? TextOf(long version) => version == 0 ? book.File(InForce.Name).Text : History.FirstOrDefault(one => one.Version == version)?.Text;

    private string? Closed() =>
        !TemplateBook.IsUsed ? Words.Of("本构建不含 Scriban，模板只能查看", "This build has no Scriban: templates can only be looked at")
        : Text.Length is 0 or > TextLimit ? Words.Of($"模板不能为空，且至多 {TextLimit:N0} 个字符，未发布", $"A template has 1 to {TextLimit:N0} characters; nothing was published")
        : Text.Contains('\0', StringComparison.Ordinal) ? Words.Of("模板含有空字符，未发布", "The template holds a character 0; nothing was published")
        : null;

    private string Newer()
    {
        var newest = History[0];
        return Words.Of(
            $"{newest.By} 已于 {ChinaTime.ToScreen(newest.At)} 发布版本 {newest.Version}，未覆盖、未发布；请核对下方与现行版本的差异后再发布",
            $"{newest.By} published version {newest.Version} on {ChinaTime.ToScreen(newest.At)}: nothing was overwritten and nothing published. Look at the difference from it below, and publish again");
    }

    /// <summary>What would be rendered of an order's payment; a notice where there is nothing.</summary>
    private async Task<PayExchange?> FindAsync(string order)
    {
        var found = await archive.FindForOrderAsync(order, merchant: null, HttpContext.RequestAborted);
        if (found is null || !Options.Merchants.TryGetValue(found.Payment.Merchant, out var merchant))
        {
            Problem = Words.Of("没有该订单的支付数据，只渲染了示例", "There is no payment of this order: only the samples were rendered");
            return null;
        }

        var draft = PayExchangeDraft.From(merchant, found.Payment, Guid.Empty);
        if (draft.Violations.Count == 0)
        {
            return draft.Exchange;
        }

        Problem = Words.Of("该订单的支付数据不符合海关字段规则，只渲染了示例", "The payment of this order breaks customs' field rules: only the samples were rendered");
        return null;
    }

    private void Compare()
    {
        var comparisons = new List<Comparison>();
        if (Text != InForce.Text)
        {
            comparisons.Add(new(Say["与现行版本的差异（模板文本）", "Difference from what is in force (the template's text)"], TemplateWords.Version(Say, InForce.Version), Say["编辑中", "In the editor"], LineDiff.Of(Lines(InForce.Text), Lines(Text))));
        }

        comparisons.AddRange((Trial?.Outputs ?? []).Select(output => new Comparison(
            Say.Of(output.Title), Say["内置渲染器", "Built-in writer"], Say["模板", "Template"], LineDiff.Of(Shown(output.Written, output.IsInvented), Shown(output.Given, output.IsInvented)))));
        Comparisons = comparisons;
    }

    /// <summary>Line by line; of a real payment with personal data masked.</summary>
    private string[] Shown(string json, bool isInvented) => isInvented
        ? Lines(JsonSerializer.Serialize(JsonDocument.Parse(json).RootElement, s_lines))
        : [.. MaskedMessage.Of(Encoding.UTF8.GetBytes(json)).Lines.Select(line => $"{new string(' ', 2 * line.Depth)}{line.Name} {(line.IsHidden ? Say.Of(line.Value) : line.Value)}")];

    private static string[] Lines(string text) => text.ReplaceLineEndings("\n").Split('\n');

    private static string Normal(string? text) => (text ?? "").ReplaceLineEndings("\n");
}
