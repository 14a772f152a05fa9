using Erp.Customs.Contracts;
using Erp.Customs.Module.Admin.Operations;
using Erp.Customs.Module.Admin.Shared;
using Erp.Customs.Module.Diagnostics.Health;
using Erp.Customs.Module.Storage;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Erp.Customs.Module.Admin.Settings;

/// <summary>
/// 参数设置: every setting in words with where its value comes from; those that an operator tunes can be changed. A change is checked together with all other settings before it is kept, and counts from
/// the module's next start, which the page can ask for.
/// </summary>
[Needs(CustomsPermissions.View, CustomsPermissions.Settings)]
internal sealed class SettingsModel(
    SettingTable table, SettingLayers layers, ModuleContext module, CustomsReachable reachable, TimeProvider time, IModuleRestart? restart = null) : Screen
{
    /// <summary>Characters of a value and of a reason. 200.</summary>
    public const int TextLimit = 200;

    private CustomsOptions? _defaults;

    /// <summary>Whether he may send this page's forms.</summary>
    public bool MayChange => Visitor.Permissions.Contains(CustomsPermissions.Settings);

    /// <summary>Whether the module can be started anew from here.</summary>
    public bool MayRestart => restart?.IsOffered == true;

    public IReadOnlyList<SettingGroup> Groups { get; private set; } = [];

    /// <summary>What the screen has set, in force or not.</summary>
    public StoredSettings Stored { get; private set; } = StoredSettings.None;

    /// <summary>The settings as they will be at the next start.</summary>
    public CustomsOptions Wanted { get; private set; } = null!;

    /// <summary>What was typed and could not be kept, by name.</summary>
    public IReadOnlyDictionary<string, string> Typed { get; private set; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Why he changes it, as typed.</summary>
    public string Reason { get; private set; } = "";

    /// <summary>The group whose form could not be kept.</summary>
    public string Open { get; private set; } = "";

    /// <summary>The setting that is wrong, and why; without a name where it is none of the form's.</summary>
    public (string? Name, string Sentence)? Fault { get; private set; }

    public IReadOnlyList<SettingChange> History { get; private set; } = [];

    public Pager Pager { get; private set; } = null!;

    /// <summary>The changes that wait for the next start.</summary>
    public IReadOnlyList<SettingEntry> Waiting => [.. Groups.SelectMany(group => group.Entries).Where(IsWaiting)];

    public async Task OnGetAsync() => await LoadAsync();

    /// <summary>Keeps what was changed in a group.</summary>
    [Operation("保存", "Save")]
    public async Task<IActionResult> OnPostSaveAsync(string? group, long number, string? reason)
    {
        await LoadAsync();
        if (Groups.FirstOrDefault(one => one.Id == group) is not { } chosen)
        {
            return NotFound();
        }

        var typed = chosen.Entries.Where(entry => entry.IsEditable)
            .Select(entry => (entry.Name, Value: Request.Form[entry.Name].ToString().Trim(), Was: Request.Form["was:" + entry.Name].ToString()))
            .Where(field => field.Value != field.Was)
            .ToDictionary(field => field.Name, field => field.Value, StringComparer.Ordinal);
        if (await KeepAsync(typed, number, reason?.Trim() ?? "") is { } fault)
        {
            (Typed, Reason, Open, Fault) = (typed, reason ?? "", chosen.Id, fault);
            Problem = fault.Sentence;
            return Page();
        }

        return RedirectToPage();
    }

    /// <summary>Puts a setting back to what it was before a change.</summary>
    [Operation("恢复旧值", "Put back", "id")]
    public async Task<IActionResult> OnPostPutBackAsync(long id, long number, string? reason)
    {
        await LoadAsync();
        if (await table.FindAsync(id, HttpContext.RequestAborted) is not { } change)
        {
            return NotFound();
        }

        if (await KeepAsync(new Dictionary<string, string>(StringComparer.Ordinal) { [change.What.Name] = change.What.OldValue }, number, reason?.Trim() ?? "") is { } fault)
        {
            Tell(good: false, fault.Sentence);
        }

        return RedirectToPage();
    }

    /// <summary>Starts the module anew, so that what was changed counts.</summary>
    [Operation("立即生效", "Put into force")]
    public IActionResult OnPostRestart()
    {
        if (MayRestart)
        {
            restart!.Request(module.Manifest.Id);
            Tell(good: true, Words.Of("已要求模块按新的参数重新启动", "The module was asked to start anew with the new settings"));
        }
        else
        {
            Tell(good: false, Words.Of("ERP 未开放从页面重启模块，修改在模块下次启动时生效", "The ERP lets no screen start the module: changes count from its next start"));
        }

        return RedirectToPage();
    }

    /// <summary>Connects to customs' server and says nothing to it.</summary>
    [Operation("测试海关连接", "Try the connection to customs")]
    public async Task<IActionResult> OnPostConnectAsync()
    {
        var result = await reachable.CheckHealthAsync(new HealthCheckContext(), HttpContext.RequestAborted);
        Tell(result.Status == HealthStatus.Healthy, result.Description ?? "");
        return RedirectToPage();
    }

    /// <summary>Whether another value counts from the next start.</summary>
    public bool IsWaiting(SettingEntry entry) => entry.InForce(Options) != entry.InForce(Wanted);

    /// <summary>A value in words.</summary>
    public string Shown(SettingEntry? entry, string value) =>
        entry?.IsSecret == true ? value.Length > 0 ? Say["已设置", "Set"] : Say["未设置", "Not set"]
        : entry?.Choices.FirstOrDefault(choice => choice.Value == value).Words is { } words ? Say.Of(words)
        : value.Length == 0 ? Say["空", "Empty"]
        : value;

    /// <summary>A value in words with its unit.</summary>
    public string Measured(SettingEntry entry, string value) => $"{Shown(entry, value)} {Say.Of(entry.Unit)}".TrimEnd();

    /// <summary>What counts where nobody sets anything.</summary>
    public string Default(SettingEntry entry) => entry.IsRequired ? Say["必填", "Required"] : entry.IsSecret ? "" : Measured(entry, entry.InForce(Defaults));

    /// <summary>Where a value comes from.</summary>
    public string Source(SettingEntry entry) =>
        layers.InForce.Values.ContainsKey(entry.Name) ? Say["本页", "This page"]
        : entry.IsSecret && layers.IsInStore(entry.Name) ? Say["宿主机密存储", "Host's secret store"]
        : layers.IsInHost(entry.Name) ? Say["宿主配置", "Host's configuration"]
        : Say["默认", "Default"];

    /// <summary>The setting of a name; <see langword="null"/> for one that these options do not have.</summary>
    public SettingEntry? Entry(string name) => Groups.SelectMany(group => group.Entries).FirstOrDefault(entry => entry.Name == name);

    /// <summary>What a change made of a setting, in words.</summary>
    public string New(SettingChange change) => change.What.NewValue is { } value
        ? Shown(Entry(change.What.Name), value)
        : Say["宿主配置或默认值", "The host's own or the default"];

    private CustomsOptions Defaults => _defaults ??= new CustomsOptions
    {
        UploadUrl = Options.UploadUrl,
        Merchants = new Dictionary<string, MerchantOptions>(StringComparer.Ordinal),
        Retry = RetryOptions.Defaults(Wanted.Deadline),
    };

    private async Task LoadAsync()
    {
        var stop = HttpContext.RequestAborted;
        Stored = await table.ReadAsync(stop);
        try
        {
            Wanted = layers.Read(Stored);
        }
        catch (ModuleConfigurationException wrong)
        {
            // Somebody has changed the host's configuration meanwhile: what is in force stays, and the page says what the next start would say.
            (Wanted, Problem) = (Options, wrong.Message);
        }

        Groups = SettingCatalogue.Of(Options);
        var page = Pager.Asked(Request.Query);
        (History, Pager) = Pager.Of(await table.HistoryAsync(page, stop), page, change => change.Id, await table.CountAsync(stop), Url.Page(null) + "?");
    }

    /// <summary>Checks changes together with everything else, and keeps them; all or none.</summary>
    /// <returns>Why not, and which setting is wrong.</returns>
    private async Task<(string? Name, string Sentence)?> KeepAsync(Dictionary<string, string> typed, long number, string reason)
    {
        if (number != Stored.Number)
        {
            return (null, Newer());
        }

        var known = typed.Keys.Select(Entry).ToList();
        if (known.Any(entry => entry?.IsEditable != true))
        {
            return (null, Words.Of("该参数已不能在本页修改，未作任何更改", "This setting cannot be changed here any more; nothing was changed"));
        }

        if (typed.FirstOrDefault(field => field.Value.Length > TextLimit || field.Value.Any(char.IsControl)) is { Key: { } odd })
        {
            return (odd, Words.Of($"{odd} 至多 {TextLimit} 个字符，且不含控制字符，未作任何更改", $"{odd} takes up to {TextLimit} characters and no control characters; nothing was changed"));
        }

        var changes = known.Select(entry => (Entry: entry!, Old: entry!.InForce(Wanted), New: typed[entry.Name].Length > 0 ? typed[entry.Name] : OfHost(entry))).Where(change => change.New != change.Old).ToList();
        if (changes.Count == 0)
        {
            return (null, Words.Of("没有改动，未保存", "Nothing is different; nothing was saved"));
        }

        if (reason.Length is 0 or > TextLimit)
        {
            return (null, Words.Of($"请填写修改原因，至多 {TextLimit} 个字，未作任何更改", $"Say why, in up to {TextLimit} characters; nothing was changed"));
        }

        var now = time.GetUtcNow();
        IReadOnlyList<NewSetting> rows = [.. changes.Select(change => new NewSetting(change.Entry.Name, change.Old, change.New == OfHost(change.Entry) ? null : change.New, now, Visitor.Name, reason))];
        try
        {
            layers.Read(Stored.With(rows));
        }
        catch (ModuleConfigurationException wrong)
        {
            return (rows.Select(row => row.Name).Where(name => wrong.Message.Contains(name + " ", StringComparison.Ordinal)).MaxBy(name => name.Length), wrong.Message);
        }

        if (!await table.AddAsync(rows, number))
        {
            return (null, Newer());
        }

        var what = Words.All([.. changes.Select(change => Words.Of($"{change.Entry.Zh} {change.Old} → {change.New}", $"{change.Entry.En} {change.Old} → {change.New}"))]);
        Tell(good: true, Words.Of($"已保存，待生效：{Words.In(what, english: false)}", $"Saved, not in force yet: {Words.In(what, english: true)}"));
        return null;
    }

    private string OfHost(SettingEntry entry) => layers.OfHost(entry.Name) ?? entry.InForce(Defaults);

    private string Newer() => Words.Of(
        $"其间参数已被他人修改（见修改记录{(History is [var newest, ..] ? $"，最近由 {newest.What.By} 于 {ChinaTime.ToScreen(newest.What.At)} 修改" : "")}），未保存；请核对现值后再保存",
        $"Somebody else has changed settings meanwhile{(History is [var last, ..] ? $", at last {last.What.By} on {ChinaTime.ToScreen(last.What.At)}" : "")}: nothing was saved. Look at the values as they are now and save again");
}
