using System.Collections.Concurrent;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Xunit.Sdk;

namespace Erp.Customs.Tests.Support;

/// <summary>
/// A page of one host in a browser context of its own. Its end fails the test when the page has logged an error, thrown one, broken its content security policy,
/// had a request fail, or asked any host but its own.
/// </summary>
internal sealed class BrowserPage : IAsyncDisposable
{
    public const string ScreenshotsVariable = "ERP_CUSTOMS_SCREENSHOTS";

    // More pages at a time would take the cores from the other tests.
    private static readonly SemaphoreSlim s_places = new(2);

    private readonly ConcurrentQueue<string> _complaints = new();
    private readonly List<string> _expected = [];
    private readonly Uri _host;
    private readonly bool _hasPlace;

    private BrowserPage(Uri host, IBrowserContext context, bool hasPlace) => (_host, Context, _hasPlace) = (host, context, hasPlace);

    public IBrowserContext Context { get; }

    public IPage Page { get; private set; } = null!;

    /// <summary>What was wrong up to now.</summary>
    public IEnumerable<string> Complaints => _complaints.Where(complaint => !_expected.Exists(expected => complaint.Contains(expected, StringComparison.Ordinal)));

    /// <summary>Opens an empty page; addresses are then relative to the host's. A user's name and permissions go to the host as <see cref="HeaderUsers"/> reads them.</summary>
    public static async Task<BrowserPage> OpenAsync(Uri host, string? user = null, string permissions = "", string language = "zh-CN", int width = 1440, int height = 900)
    {
        await s_places.WaitAsync();
        try
        {
            return await OpenAsync(host, user, permissions, language, width, height, hasPlace: true);
        }
        catch
        {
            s_places.Release();
            throw;
        }
    }

    /// <summary>Another user's page beside this one, in a context of its own: a test that waited for a second place could wait for ever.</summary>
    public Task<BrowserPage> BesideAsync(string? user = null, string permissions = "", string language = "zh-CN", int width = 1440, int height = 900) =>
        OpenAsync(_host, user, permissions, language, width, height, hasPlace: false);

    /// <summary>A complaint with this text in it is what the test is about, such as the status of a refusal.</summary>
    public BrowserPage Expecting(string text)
    {
        _expected.Add(text);
        return this;
    }

    /// <summary>Writes the page as it is seen into docs/screens, where <c>ERP_CUSTOMS_SCREENSHOTS=1</c> asks for it.</summary>
    public async Task ScreenshotAsync(string name, bool fullPage = false)
    {
        if (Environment.GetEnvironmentVariable(ScreenshotsVariable) == "1")
        {
            var root = typeof(BrowserPage).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(one => one.Key == "RepositoryRoot").Value!;
            await Page.ScreenshotAsync(new() { Path = Path.Combine(root, "docs", "screens", name + ".png"), FullPage = fullPage, Animations = ScreenshotAnimations.Disabled });
        }
    }

    public async ValueTask DisposeAsync()
    {
        var address = Page.Url;
        try
        {
            await Context.CloseAsync();
        }
        finally
        {
            if (_hasPlace)
            {
                s_places.Release();
            }
        }

        if (Complaints.ToList() is { Count: > 0 } complaints)
        {
            throw new XunitException($"The browser complained, at last at {address}:\n{string.Join('\n', complaints)}");
        }
    }

    private static async Task<BrowserPage> OpenAsync(Uri host, string? user, string permissions, string language, int width, int height, bool hasPlace)
    {
        var browser = await TestBrowser.SharedAsync();
        var context = await browser.NewContextAsync(new()
        {
            BaseURL = host.ToString(),
            Locale = language,
            TimezoneId = "Asia/Shanghai",
            ViewportSize = new() { Width = width, Height = height },
            ServiceWorkers = ServiceWorkerPolicy.Block,
            ExtraHTTPHeaders = user is null ? [] : new Dictionary<string, string>(StringComparer.Ordinal)
            {
                [HeaderUsers.Name] = Uri.EscapeDataString(user),
                [HeaderUsers.Permissions] = permissions,
            },
        });
        var opened = new BrowserPage(host, context, hasPlace);
        try
        {
            await opened.ListenAsync();
            opened.Page = await context.NewPageAsync();
            return opened;
        }
        catch
        {
            await context.CloseAsync();
            throw;
        }
    }

    private async Task ListenAsync()
    {
        Context.Console += (_, message) =>
        {
            if (message.Type == "error")
            {
                _complaints.Enqueue($"console: {message.Text} ({message.Location})");
            }
        };
        Context.WebError += (_, error) => _complaints.Enqueue($"page error: {error.Error}");
        Context.Request += (_, request) =>
        {
            if (Uri.TryCreate(request.Url, UriKind.Absolute, out var address) && address.Scheme is not ("data" or "blob" or "about") && !IsOwn(address))
            {
                _complaints.Enqueue($"another host: {request.Method} {request.Url}");
            }
        };
        // A download, or a click before all is loaded, aborts: nothing of that is the page's fault.
        Context.RequestFailed += (_, request) =>
        {
            if (request.Failure is not "net::ERR_ABORTED")
            {
                _complaints.Enqueue($"failed request: {request.Method} {request.Url} {request.Failure}");
            }
        };
        await Context.AddInitScriptAsync("addEventListener('securitypolicyviolation', e => console.error('content security policy: ' + e.effectiveDirective + ' ' + e.blockedURI))");
        var own = Regex.Escape(_host.GetLeftPart(UriPartial.Authority));
        await Context.RouteAsync(new Regex($"^(?!{own}/)", RegexOptions.None, TimeSpan.FromSeconds(1)), route => route.AbortAsync("blockedbyclient"));
    }

    private bool IsOwn(Uri address) => address.Authority == _host.Authority && address.Scheme == _host.Scheme;
}
