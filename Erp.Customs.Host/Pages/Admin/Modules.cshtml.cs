using Erp.Customs.Contracts;
using Erp.Customs.Contracts.Hosting;
using Erp.Customs.Host.Users;
using Erp.Customs.Host.Web;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Erp.Customs.Host.Pages;

/// <summary>模块管理: what is there, how it stands, switching on and off.</summary>
internal sealed class ModulesModel(IErpModules modules, Words words, IHostApplicationLifetime lifetime, ILogger<ModulesModel> logger) : PageModel
{
    /// <summary>One row per module.</summary>
    public IReadOnlyList<ModuleRow> Rows { get; private set; } = [];

    /// <summary>What a user may be allowed to do: the host's own, then the modules'.</summary>
    public IEnumerable<Permission> Permissions => Rows.SelectMany(row => row.Module.Permissions).Prepend(HostPermissions.Modules);

    /// <summary>What the last button did.</summary>
    [TempData]
    public string? Message { get; set; }

    /// <summary>Whether it did what it says on it.</summary>
    [TempData]
    public bool MessageIsGood { get; set; }

    public async Task OnGetAsync()
    {
        modules.Discover();
        Rows = await Task.WhenAll(modules.All.Select(async module =>
            new ModuleRow(module, await modules.CheckAsync(module.Manifest.Id, HttpContext.RequestAborted))));
    }

    // A browser that goes away must not leave a module half started: only the end of the host ends a switch.
    public Task<IActionResult> OnPostEnableAsync(string id) => SwitchAsync(id, () => modules.EnableAsync(id, lifetime.ApplicationStopping));

    public Task<IActionResult> OnPostDisableAsync(string id) => SwitchAsync(id, () => modules.DisableAsync(id, lifetime.ApplicationStopping));

    public async Task<IActionResult> OnPostRemoveAsync(string id)
    {
        if (Find(id) is not { } module)
        {
            return NotFound();
        }

        var name = words[module.Manifest.Name, module.Manifest.NameEn];
        var why = module.State == ModuleState.Running ? await modules.WhyKeepAsync(id, HttpContext.RequestAborted) : null;
        MessageIsGood = module.State == ModuleState.Running && why is null;
        Message = module.State != ModuleState.Running
            ? words[$"只有运行中的模块才能判断其数据是否已过保存期，请先启用「{name}」。", $"Only a running module can tell whether its data is past its term: enable {name} first."]
            : why is not null
                ? words[$"不能卸载「{name}」：{words.Of(why)}", $"{name} must not be uninstalled: {words.Of(why)}"]
                : words[$"「{name}」的数据已无须保留：停用后，删除 modules/{id} 文件夹及数据目录下的 {id} 文件夹即可卸载。",
                    $"{name} holds nothing that must be kept: disable it, then delete the folder modules/{id} and the folder {id} in the data folder."];
        return RedirectToPage();
    }

    /// <summary>停用并保留档案: out of the ERP, with its data left readable.</summary>
    public async Task<IActionResult> OnPostDetachAsync(string id)
    {
        if (Find(id) is not { } module)
        {
            return NotFound();
        }

        try
        {
            var name = words[module.Manifest.Name, module.Manifest.NameEn];
            var left = await modules.DetachAsync(id, lifetime.ApplicationStopping);
            logger.LogInformation("{User} detached module {Module}.", User.Identity?.Name, id);
            MessageIsGood = true;
            Message = left is null
                ? words[$"「{name}」已停用，没有须保留的档案。", $"{name} is disabled and leaves no archive."]
                : words[$"「{name}」：{words.Of(left)}", $"{name}: {words.Of(left)}"];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            logger.LogError(exception, "Module {Module} was not detached.", id);
            MessageIsGood = false;
            Message = words["数据目录不可写，未作更改。", "The data folder cannot be written to; nothing was changed."];
        }

        return RedirectToPage();
    }

    private ModuleStatus? Find(string id) => modules.All.FirstOrDefault(module => string.Equals(module.Manifest.Id, id, StringComparison.OrdinalIgnoreCase));

    private async Task<IActionResult> SwitchAsync(string id, Func<Task<ModuleStatus>> act)
    {
        if (Find(id) is null)
        {
            return NotFound();
        }

        try
        {
            var module = await act();
            var name = words[module.Manifest.Name, module.Manifest.NameEn];
            logger.LogInformation("{User} switched module {Module}: {State}.", User.Identity?.Name, id, module.State);
            MessageIsGood = module.State is ModuleState.Running or ModuleState.Disabled;
            Message = module.State switch
            {
                ModuleState.Running => words[$"「{name}」已启用。", $"{name} is enabled."],
                ModuleState.Disabled => words[$"「{name}」已停用，数据保持不变。", $"{name} is disabled; its data stays as it is."],
                _ => words[$"「{name}」未能启动。", $"{name} could not be started."],
            };
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            logger.LogError(exception, "Module {Module} was not switched.", id);
            MessageIsGood = false;
            Message = words["数据目录不可写，开关未改变。", "The data folder cannot be written to; nothing was switched."];
        }

        return RedirectToPage();
    }
}

/// <summary>A module as the table shows it.</summary>
/// <param name="Module">How it stands.</param>
/// <param name="Checks">Its lights.</param>
internal sealed record ModuleRow(ModuleStatus Module, IReadOnlyList<SelfCheck> Checks)
{
    /// <summary>Whether the switch stands on: also for a module that should be on and is not.</summary>
    public bool IsOn => Module.State is ModuleState.Running or ModuleState.Failed;

    /// <summary>Colour of the tag.</summary>
    public string TagClass => Module.State switch { ModuleState.Running => "good", ModuleState.Failed => "bad", ModuleState.Changing => "busy", _ => "off" };

    /// <summary>The state in Chinese.</summary>
    public string State => Module.State switch { ModuleState.Running => "运行中", ModuleState.Failed => "启动失败", ModuleState.Changing => "切换中", _ => "已停用" };

    /// <summary>The state in English.</summary>
    public string StateEn => Module.State switch { ModuleState.Running => "Running", ModuleState.Failed => "Failed", ModuleState.Changing => "Changing", _ => "Disabled" };

    /// <summary>How many lights there are of each colour, in words.</summary>
    public string Summary(Words words)
    {
        var (works, look, broken) = (Checks.Count(check => check.Light == SelfCheckLight.Green), Checks.Count(check => check.Light == SelfCheckLight.Yellow), Checks.Count(check => check.Light == SelfCheckLight.Red));
        return words[$"正常 {works}　注意 {look}　故障 {broken}", $"{works} work, {look} to look at, {broken} do not work"];
    }

    /// <summary>Colour of a light.</summary>
    public static string LightClass(SelfCheckLight light) => light switch { SelfCheckLight.Green => "green", SelfCheckLight.Yellow => "yellow", _ => "red" };

    /// <summary>A light in a word, for those who do not see the colour.</summary>
    public static string LightWord(SelfCheckLight light, Words words) => light switch
    {
        SelfCheckLight.Green => words["正常", "works"],
        SelfCheckLight.Yellow => words["注意", "look at it"],
        _ => words["故障", "does not work"],
    };
}
