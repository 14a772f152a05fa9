using System.Globalization;
using Erp.Customs.Contracts;
using Erp.Customs.Module.Admin.Dashboard;
using Erp.Customs.Module.Admin.Exports;
using Erp.Customs.Module.Storage;
using Erp.Customs.Module.Storage.Keeping;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.DependencyInjection;

namespace Erp.Customs.Module.Admin;

/// <summary>What every screen of the module has: the user, his language, the environment, a notice of what he last did.</summary>
internal abstract class Screen : PageModel
{
    /// <summary>Set by the module's script when it fetches a detail into the drawer of a list.</summary>
    public const string DrawerHeader = "X-Drawer";

    private ScreenWords? _say;

    /// <summary>Words in the user's language.</summary>
    public ScreenWords Say => _say ??= new ScreenWords(HttpContext);

    /// <summary>Who looks; the page is closed to nobody.</summary>
    public ErpUser Visitor => HttpContext.RequestServices.GetRequiredService<IErpUsers>().Current(HttpContext)!;

    /// <summary>Whether he may send the forms of pages.</summary>
    public bool MayAct => Visitor.Permissions.Contains(CustomsPermissions.Retry);

    /// <summary>Whether he may take lists away as files.</summary>
    public bool MayExport => Visitor.Permissions.Contains(CustomsPermissions.Export);

    /// <summary>Whether he may see personal data in clear.</summary>
    public bool MaySeeClear => Visitor.Permissions.Contains(CustomsPermissions.Clear);

    /// <summary>Whether the answer goes into the drawer of a list.</summary>
    public bool IsDrawer => Request.Headers.ContainsKey(DrawerHeader);

    /// <summary>Where uploads go; stands on every page.</summary>
    public CustomsEnvironment Environment => Options.Environment;

    /// <summary>Whether the archive's key stands beside the data; said on every page.</summary>
    public bool KeyIsHomeMade => HttpContext.RequestServices.GetRequiredService<ContentKeys>().IsHomeMade;

    /// <summary>The settings in force.</summary>
    public CustomsOptions Options => HttpContext.RequestServices.GetRequiredService<CustomsOptions>();

    /// <summary>Why this page cannot show what was asked for, <c>中文 | English</c>.</summary>
    public string? Problem { get; protected set; }

    /// <summary>What the last button did, <c>中文 | English</c>.</summary>
    [TempData]
    public string? Notice { get; set; }

    /// <summary>Whether all of it was done.</summary>
    [TempData]
    public bool NoticeIsGood { get; set; }

    /// <summary>What the button of this very request did; a <see cref="Notice"/> may be an earlier one's.</summary>
    public (bool Good, string Sentence)? Said { get; private set; }

    /// <summary>The module's own navigation.</summary>
    public IEnumerable<MenuEntry> Menu => AdminMenu.Entries(Options.BasePath).Concat(JobsScreen.Menu(Options.BasePath, Options.JobEngine)).Where(entry => Visitor.Permissions.Contains(entry.Permission));

    /// <summary>Milliseconds from receipt to the end, or to now while it goes on.</summary>
    public long Elapsed(CustomsRequest request) => (long)((request.FinishedAt ?? Now) - request.ReceivedAt).TotalMilliseconds;

    /// <summary>Whether it ended, or still waits, past its deadline.</summary>
    public bool IsLate(CustomsRequest request) => (request.FinishedAt ?? Now) > request.Deadline;

    /// <summary>The time, as this request has it.</summary>
    public DateTimeOffset Now => HttpContext.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();

    /// <summary>When the page was made whose form was sent (its field <c>seen</c>), to the millisecond; <see langword="null"/> where it does not say.</summary>
    protected DateTimeOffset? SeenAt =>
        long.TryParse(Request.Form["seen"], NumberStyles.None, CultureInfo.InvariantCulture, out var seen) && seen < DateTimeOffset.MaxValue.ToUnixTimeMilliseconds() ? DateTimeOffset.FromUnixTimeMilliseconds(seen) : null;

    /// <summary>Hands a list out as a file: at once, or from the page of exports when it is written; back where there is none.</summary>
    protected async Task<IActionResult> HandOutAsync(ExportDesk desk, ExportList list, string? format, string back)
    {
        var (file, sentence, goesOn) = await desk.HandOutAsync(list, ExportFormat.Find(format), Visitor.Name, HttpContext.RequestAborted);
        if (file is not null)
        {
            return file;
        }

        Tell(goesOn, sentence);
        return LocalRedirect(goesOn ? Url.Page("/Exports/Index")! : back);
    }

    /// <summary>Answers a search: the list has an address of its own; what is wrong stays filled in to be corrected.</summary>
    /// <param name="problem">What is wrong with the filter.</param>
    /// <param name="list">The list as the filter has it.</param>
    /// <param name="show">Fills the page.</param>
    protected async Task<IActionResult> SearchedAsync(string? problem, string list, Func<Task> show)
    {
        if (problem is null)
        {
            return LocalRedirect(list);
        }

        await show();
        return Page();
    }

    /// <summary>Tells the user what his button did, on the page that follows.</summary>
    protected void Tell(bool good, string sentence)
    {
        Said = (good, sentence);
        (Notice, NoticeIsGood) = (sentence, good);
    }
}
