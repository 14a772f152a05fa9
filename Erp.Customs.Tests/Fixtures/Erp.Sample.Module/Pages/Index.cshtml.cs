using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Erp.Sample.Module.Pages;

/// <summary>A page with a form, which an antiforgery token protects.</summary>
public sealed class IndexModel : PageModel
{
    /// <summary>What was posted.</summary>
    [BindProperty]
    public string? Said { get; set; }

    /// <summary>Shows what was posted.</summary>
    public void OnPost()
    {
    }
}
