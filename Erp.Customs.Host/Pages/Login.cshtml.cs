using Erp.Customs.Host.Users;
using Erp.Customs.Host.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Erp.Customs.Host.Pages;

/// <summary>登录: name and password, braked.</summary>
internal sealed class LoginModel(HostUsers users, SignInBrake brake, Words words) : PageModel
{
    /// <summary>Where to go afterwards; only addresses of this host are followed.</summary>
    [BindProperty(SupportsGet = true)]
    public string? ReturnUrl { get; set; }

    /// <summary>The name that was typed.</summary>
    [BindProperty]
    public string? Name { get; set; }

    /// <summary>The password that was typed; never shown again.</summary>
    [BindProperty]
    public string? Password { get; set; }

    /// <summary>Why it did not work.</summary>
    public string Sentence { get; private set; } = "";

    public async Task<IActionResult> OnPostAsync()
    {
        var name = Name ?? "";
        if (!brake.Allows(name))
        {
            Response.StatusCode = StatusCodes.Status429TooManyRequests;
            Sentence = words["尝试次数过多，请一分钟后再试。", "Too many attempts; try again in a minute."];
            return Page();
        }

        if (users.SignIn(name, Password ?? "") is not { } principal)
        {
            Sentence = words["用户名或口令不正确。", "Name or password is wrong."];
            return Page();
        }

        await HttpContext.SignInAsync(principal);
        return LocalRedirect(Url.IsLocalUrl(ReturnUrl) ? ReturnUrl : "/");
    }
}
