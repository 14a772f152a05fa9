using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Erp.Customs.Contracts;
using Erp.Customs.Module.Jobs;
using Erp.Customs.Simulator;
using Erp.Customs.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Erp.Customs.Tests.Admin;

/// <summary>海关上报任务: Hangfire's dashboard as the host's users see it. Spoken to over HTTP only.</summary>
public partial class When_the_job_dashboard_is_used
{
    private const string View = "customs.view";
    private const string Retry = "customs.view customs.retry";

    [Fact]
    public async Task Should_stand_in_the_menu_only_where_it_is_built_in()
    {
        await using var world = await StartAsync();
        Assert.Equal(JobEngines.HangfireBuiltIn, world.Module.Menu.Any(entry => entry is { Path: "/customs/jobs/uploads", Permission: View, Title: "海关上报任务" }));
        Assert.Equal(JobEngines.HangfireInMemoryBuiltIn ? "Hangfire" : "Quartz", world.Modules.Find<IUploadEngine>()!.Name);
        using var page = await GetAsync(world, "/customs/jobs", View);
        Assert.Equal(JobEngines.HangfireInMemoryBuiltIn ? HttpStatusCode.OK : HttpStatusCode.NotFound, page.StatusCode);
    }

    [Fact]
    public async Task Should_be_away_where_Quartz_is_asked_for()
    {
        await using var world = await CustomsWorld.StartAsync(new() { ["Customs:Jobs:Engine"] = "quartz" }, services => services.AddSingleton<IErpUsers>(new HeaderUsers()));
        Assert.DoesNotContain(world.Module.Menu, entry => entry.Path.StartsWith("/customs/jobs", StringComparison.Ordinal));
        Assert.Equal("Quartz", world.Modules.Find<IUploadEngine>()!.Name);
        using var page = await GetAsync(world, "/customs/jobs", View);
        Assert.Equal(HttpStatusCode.NotFound, page.StatusCode);
        await world.DeliveredAsync(CustomsWorld.Payment("T1", "SO1"));
        await world.AnswerAsync("SO1");
    }

    [HangfireFact]
    public void Should_have_the_engine_behind_it_in_the_compliance_suite() =>
        Assert.Contains(typeof(When_the_job_dashboard_is_used).Assembly.GetTypes(), type => type.Name == "HangfireUploadEngineTests" && type.IsSubclassOf(typeof(Jobs.UploadEngineCompliance)));

    [HangfireTheory]
    [InlineData("/customs/jobs")]
    [InlineData("/customs/jobs/jobs/failed")]
    [InlineData("/customs/jobs/uploads")]
    [InlineData("/customs/jobs/stats")]
    public async Task Should_be_closed_to_whom_the_host_does_not_let_in(string path)
    {
        await using var world = await StartAsync();
        using var nobody = await GetAsync(world, path, permissions: null);
        using var stranger = await GetAsync(world, path, "erp.orders");
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Forbidden), (nobody.StatusCode, stranger.StatusCode));
        Assert.DoesNotContain("hangfire", (await nobody.Content.ReadAsStringAsync()) + await stranger.Content.ReadAsStringAsync(), StringComparison.OrdinalIgnoreCase);
    }

    [HangfireFact]
    public async Task Should_send_who_is_not_signed_in_to_the_hosts_page()
    {
        await using var world = await StartAsync(new HeaderUsers { SignIn = "/login" });
        using var browser = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = world.Http.BaseAddress };
        using var answer = await browser.GetAsync(new Uri("/customs/jobs", UriKind.Relative));
        Assert.Equal((HttpStatusCode.Found, "/login"), (answer.StatusCode, answer.Headers.Location?.OriginalString));
        using var command = await browser.PostAsync(new Uri("/customs/jobs/jobs/failed/requeue", UriKind.Relative), new FormUrlEncodedContent([]));
        Assert.Equal(HttpStatusCode.Unauthorized, command.StatusCode);
    }

    [HangfireFact]
    public async Task Should_show_a_failure_with_its_reason_and_nothing_personal()
    {
        await using var world = await StartAsync();
        var rejected = await RejectedAsync(world, "上传失败：收款人张三 13900001111 有误");

        var page = await FailedPageAsync(world, View);

        Assert.Contains("<title>", page, StringComparison.Ordinal);
        Assert.Contains("海关上报任务", page, StringComparison.Ordinal);
        Assert.Contains($"订单 SO1 / {rejected.SessionId}", page, StringComparison.Ordinal);
        Assert.Contains("被海关退回", page, StringComparison.Ordinal);
        Assert.Contains("20000", page, StringComparison.Ordinal);
        Assert.Contains("href=\"/customs/admin\"", page, StringComparison.Ordinal);
        Assert.Contains("失败的作业", page, StringComparison.Ordinal);
        var job = await TextAsync(world, $"/customs/jobs/jobs/details/{JobId(page)}", View);
        Assert.DoesNotContain("张三", page + job, StringComparison.Ordinal);
        Assert.DoesNotContain("13900001111", page + job, StringComparison.Ordinal);
        // Nor where in the code it was thrown, nor what anything is called on this machine's disk.
        Assert.DoesNotContain(".cs:line", page + job, StringComparison.Ordinal);
        Assert.DoesNotContain("奶粉", page + job, StringComparison.Ordinal);
        Assert.DoesNotContain("In-Memory", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("customs.db", page, StringComparison.OrdinalIgnoreCase);
    }

    [HangfireFact]
    public async Task Should_speak_the_users_language()
    {
        await using var world = await StartAsync();
        await RejectedAsync(world);
        await FailedPageAsync(world, View);
        var page = await TextAsync(world, "/customs/jobs/jobs/failed?lang=en", View);
        Assert.Contains("Failed jobs", page, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("Order SO1 / ", page, StringComparison.Ordinal);
    }

    [HangfireFact]
    public async Task Should_queue_a_failed_one_again_as_a_full_new_round_in_the_users_name()
    {
        await using var world = await StartAsync();
        var rejected = await RejectedAsync(world);
        using var browser = new Browser(world, "王五", Retry);
        var page = await FailedPageAsync(world, Retry);

        using var answer = await browser.CommandAsync("/customs/jobs/jobs/failed", "/customs/jobs/jobs/failed/requeue", ("jobs[]", JobId(page)));

        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        var accepted = await world.WaitAsync(rejected.SessionId, "accepted");
        Assert.Equal(2, accepted.Attempts);
        Assert.Single(world.Customs.Log.FindSession(rejected.SessionId)!.PayloadHashes);
        Assert.Equal("王五", await world.SqlAsync("SELECT actor FROM request_event WHERE actor <> ''"));
        await WaitAsync(async () => !(await TextAsync(world, "/customs/jobs/jobs/failed", View)).Contains("SO1", StringComparison.Ordinal));
        Assert.Contains("SO1", await TextAsync(world, "/customs/jobs/jobs/succeeded", View), StringComparison.Ordinal);
    }

    [HangfireFact]
    public async Task Should_refuse_with_a_sentence_what_may_not_be_sent_again()
    {
        await using var world = await StartAsync();
        await world.DeliveredAsync(CustomsWorld.Payment("T1", "SO1"));
        world.Customs.Faults.Set(Fault.CutAfterAccepting());
        var used = await world.AnswerAsync("SO1", "session_used");
        using var browser = new Browser(world, "王五", Retry);
        var id = JobId(await FailedPageAsync(world, Retry));

        using var answer = await browser.CommandAsync("/customs/jobs/jobs/failed", $"/customs/jobs/jobs/actions/requeue/{id}");

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Contains("请人工与海关核实", await TextAsync(world, "/customs/jobs/jobs/failed", View), StringComparison.Ordinal);
        Assert.Equal("session_used", (await world.Services.FindRequestAsync(used.SessionId, CancellationToken.None))!.State);
    }

    [HangfireFact]
    public async Task Should_be_for_reading_without_the_permission_to_retry()
    {
        await using var world = await StartAsync();
        var rejected = await RejectedAsync(world);
        using var reader = new Browser(world, "李四", View);
        var page = await FailedPageAsync(world, View);
        Assert.DoesNotContain("/jobs/failed/requeue", page, StringComparison.Ordinal);
        Assert.Contains("/jobs/failed/requeue", await FailedPageAsync(world, Retry), StringComparison.Ordinal);

        using var batch = await reader.CommandAsync("/customs/jobs/jobs/failed", "/customs/jobs/jobs/failed/requeue", ("jobs[]", JobId(page)));
        using var single = await reader.CommandAsync("/customs/jobs/jobs/failed", $"/customs/jobs/jobs/actions/requeue/{JobId(page)}");
        using var delete = await reader.CommandAsync("/customs/jobs/jobs/failed", $"/customs/jobs/jobs/actions/delete/{JobId(page)}");
        using var filter = await reader.CommandAsync("/customs/jobs/uploads", "/customs/jobs/uploads", ("state", "failed"));

        Assert.All([batch, single, delete, filter], answer => Assert.True(answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden, $"{answer.StatusCode}"));
        Assert.Equal("rejected", (await world.Services.FindRequestAsync(rejected.SessionId, CancellationToken.None))!.State);
        Assert.DoesNotContain("id=\"requeue-all\"", await TextAsync(world, "/customs/jobs/uploads", View), StringComparison.Ordinal);
    }

    [HangfireFact]
    public async Task Should_act_only_on_a_page_of_its_own()
    {
        await using var world = await StartAsync();
        var rejected = await RejectedAsync(world);
        var id = JobId(await FailedPageAsync(world, Retry));
        using var browser = new Browser(world, "王五", Retry);

        foreach (var (path, field) in new[] { ("/jobs/failed/requeue", ("jobs[]", id)), ($"/jobs/actions/requeue/{id}", ("x", "y")), ("/uploads", ("state", "failed")) })
        {
            using var forged = await browser.PostAsync("/customs/jobs" + path, token: null, field);
            Assert.Equal(HttpStatusCode.Forbidden, forged.StatusCode);
        }

        Assert.Equal("rejected", (await world.Services.FindRequestAsync(rejected.SessionId, CancellationToken.None))!.State);
    }

    [HangfireFact]
    public async Task Should_run_no_script_but_its_own()
    {
        await using var world = await StartAsync();
        using var page = await GetAsync(world, "/customs/jobs", View);
        var policy = page.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("default-src 'none'; script-src 'self'; style-src 'self' 'sha256-", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe-eval", policy, StringComparison.Ordinal);
        Assert.DoesNotMatch("<script(?![^>]*src=)", await page.Content.ReadAsStringAsync());
        using var admin = await GetAsync(world, "/customs/admin", View);
        Assert.DoesNotContain("unsafe", admin.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
    }

    [HangfireFact]
    public async Task Should_show_after_a_restart_what_failed_before()
    {
        var folder = Directory.CreateTempSubdirectory("erp-customs-");
        try
        {
            string sessionId;
            await using (var before = await StartAsync(folder: folder.FullName))
            {
                sessionId = (await RejectedAsync(before)).SessionId;
            }

            await using var after = await StartAsync(folder: folder.FullName);
            var page = await TextAsync(after, "/customs/jobs/jobs/failed", View);
            Assert.Contains($"订单 SO1 / {sessionId}", page, StringComparison.Ordinal);
            Assert.Contains("被海关退回", page, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [HangfireFact]
    public async Task Should_queue_a_whole_filter_again_after_asking()
    {
        await using var world = await StartAsync();
        await world.DeliveredAsync(CustomsWorld.Payment("T1", "SO1"));
        await world.AnswerAsync("SO1");
        foreach (var order in new[] { "SO1", "SO2", "SO3" })
        {
            await world.DeliveredAsync(CustomsWorld.Payment("T-" + order, order + "x"));
            world.Customs.Faults.Set(Fault.Reply("20000", "上传失败"));
            await world.AnswerAsync(order + "x", "rejected");
        }

        using var browser = new Browser(world, "王五", Retry);
        var page = await browser.TextAsync("/customs/jobs/uploads");
        Assert.Contains("SO2x", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<td>SO1</td>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("id=\"confirmation\"", page, StringComparison.Ordinal);
        var one = await browser.TextAsync("/customs/jobs/uploads?state=failed&order=SO2x");
        Assert.Contains("SO2x", one, StringComparison.Ordinal);
        Assert.DoesNotContain("SO3x", one, StringComparison.Ordinal);
        var today = TimeProvider.System.GetUtcNow().ToOffset(TimeSpan.FromHours(8)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        Assert.Contains("SO3x", await browser.TextAsync($"/customs/jobs/uploads?state=&from={today}&until={today}"), StringComparison.Ordinal);
        Assert.DoesNotContain("SO3x", await browser.TextAsync("/customs/jobs/uploads?state=&until=2020-01-01"), StringComparison.Ordinal);
        Assert.Contains("筛选条件有误", await browser.TextAsync("/customs/jobs/uploads?state=nonsense&from=yesterday"), StringComparison.Ordinal);
        Assert.Contains("将对符合条件的 3 条请求重新排队", await browser.TextAsync("/customs/jobs/uploads?state=failed&confirm=1"), StringComparison.Ordinal);

        using var some = await browser.CommandAsync("/customs/jobs/uploads", "/customs/jobs/uploads", ("state", "failed"), ("order", "SO2x"));
        Assert.Contains("成功 1　失败 0　跳过 0", WebUtility.HtmlDecode(await some.Content.ReadAsStringAsync()), StringComparison.Ordinal);
        await WaitAsync(async () => (long)(await world.SqlAsync("SELECT COUNT(*) FROM customs_request WHERE state = 'accepted'"))! == 2);
        using var rest = await browser.CommandAsync("/customs/jobs/uploads", "/customs/jobs/uploads", ("state", ""));
        Assert.Contains("成功 2　失败 0　跳过 2", WebUtility.HtmlDecode(await rest.Content.ReadAsStringAsync()), StringComparison.Ordinal);
        await WaitAsync(async () => (long)(await world.SqlAsync("SELECT COUNT(*) FROM customs_request WHERE state = 'accepted'"))! == 4);
    }

    [HangfireFact]
    public async Task Should_encode_what_customs_write()
    {
        await using var world = await StartAsync();
        var (sessionId, answer) = await world.AskAsync("<b>SO1</b>");
        Assert.True(answer.IsAcknowledged, answer.Body);
        await world.WaitAsync(sessionId, status => status.State == "waiting_data");
        var uploads = await RawAsync(world, "/customs/jobs/uploads?state=", View);
        Assert.DoesNotContain("<b>SO1", uploads, StringComparison.Ordinal);
        Assert.Contains("&lt;b&gt;SO1", uploads, StringComparison.Ordinal);
        await WaitAsync(async () => (await RawAsync(world, "/customs/jobs/jobs/scheduled", View)).Contains("&lt;b&gt;SO1", StringComparison.Ordinal));
    }

    [HangfireFact]
    public async Task Should_refuse_softly_while_the_module_is_off()
    {
        await using var world = await StartAsync();
        await world.Modules.DisableAsync("Erp.Customs", CancellationToken.None);
        using var off = await GetAsync(world, "/customs/jobs", Retry);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, off.StatusCode);
        await world.Modules.EnableAsync("Erp.Customs", CancellationToken.None);
        using var on = await GetAsync(world, "/customs/jobs", Retry);
        Assert.Equal(HttpStatusCode.OK, on.StatusCode);
    }

    [HangfireFact]
    public async Task Should_show_no_jobs_of_another_module_in_the_process()
    {
        await using var one = await StartAsync();
        await using var other = await StartAsync();
        await RejectedAsync(one);
        Assert.Contains("SO1", await FailedPageAsync(one, View), StringComparison.Ordinal);
        Assert.DoesNotContain("SO1", await TextAsync(other, "/customs/jobs/jobs/failed", View), StringComparison.Ordinal);
        Assert.DoesNotContain("SO1", await TextAsync(other, "/customs/jobs/uploads?state=", View), StringComparison.Ordinal);
    }

    private static Task<CustomsWorld> StartAsync(HeaderUsers? users = null, string? folder = null) =>
        CustomsWorld.StartAsync(services: services => services.AddSingleton<IErpUsers>(users ?? new HeaderUsers()), folder: folder);

    private static async Task<RequestStatus> RejectedAsync(CustomsWorld world, string message = "上传失败")
    {
        await world.DeliveredAsync(CustomsWorld.Payment("T1", "SO1"));
        world.Customs.Faults.Set(Fault.Reply("20000", message));
        return await world.AnswerAsync("SO1", "rejected");
    }

    /// <summary>The page of failed jobs as soon as one is there: the row tells it before the engine does.</summary>
    private static async Task<string> FailedPageAsync(CustomsWorld world, string permissions)
    {
        var page = "";
        await WaitAsync(async () => (page = await TextAsync(world, "/customs/jobs/jobs/failed", permissions)).Contains("/jobs/details/", StringComparison.Ordinal));
        return page;
    }

    private static string JobId(string page) => Details().Match(page).Groups["id"].Value;

    private static async Task<HttpResponseMessage> GetAsync(CustomsWorld world, string path, string? permissions)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (permissions is not null)
        {
            request.Headers.Add(HeaderUsers.Name, "tester");
            request.Headers.Add(HeaderUsers.Permissions, permissions);
        }

        return await world.Http.SendAsync(request);
    }

    private static async Task<string> RawAsync(CustomsWorld world, string path, string permissions)
    {
        using var answer = await GetAsync(world, path, permissions);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync();
    }

    private static async Task<string> TextAsync(CustomsWorld world, string path, string permissions) => WebUtility.HtmlDecode(await RawAsync(world, path, permissions));

    private static async Task WaitAsync(Func<Task<bool>> until)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!await until())
        {
            await Task.Delay(20, limit.Token);
        }
    }

    [GeneratedRegex("/jobs/details/(?<id>[0-9a-f-]+)", RegexOptions.None, 1000)]
    private static partial Regex Details();

    [GeneratedRegex("name=\"csrf-token\" content=\"(?<token>[^\"]+)\"", RegexOptions.None, 1000)]
    private static partial Regex Token();

    /// <summary>Keeps cookies, and sends the token of the page that it looks at as the page's script does.</summary>
    private sealed class Browser : IDisposable
    {
        private readonly HttpClient _http;

        public Browser(CustomsWorld world, string name, string permissions)
        {
            _http = new HttpClient(new SocketsHttpHandler { CookieContainer = new CookieContainer() }) { BaseAddress = world.Http.BaseAddress };
            _http.DefaultRequestHeaders.TryAddWithoutValidation(HeaderUsers.Permissions, permissions);
            // Header values are Latin-1 unless told otherwise: the name goes as UTF-8.
            _http.DefaultRequestHeaders.TryAddWithoutValidation(HeaderUsers.Name, Uri.EscapeDataString(name));
        }

        public async Task<string> TextAsync(string path) => WebUtility.HtmlDecode(await _http.GetStringAsync(new Uri(path, UriKind.Relative)));

        public async Task<HttpResponseMessage> CommandAsync(string page, string path, params (string Name, string Value)[] fields) =>
            await PostAsync(path, Token().Match(await _http.GetStringAsync(new Uri(page, UriKind.Relative))).Groups["token"].Value, fields);

        public async Task<HttpResponseMessage> PostAsync(string path, string? token, params (string Name, string Value)[] fields)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))) };
            if (token is not null)
            {
                request.Headers.Add("X-Erp-Antiforgery", token);
            }

            return await _http.SendAsync(request);
        }

        public void Dispose() => _http.Dispose();
    }
}
