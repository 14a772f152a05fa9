using Erp.Customs.Contracts;
using Erp.Customs.Module.Admin.Operations;
using Erp.Customs.Module.Diagnostics;
using Erp.Customs.Module.Signing;
using Erp.Customs.Module.Signing.Agents;
using Erp.Customs.Module.Storage;
using Microsoft.AspNetCore.Mvc;

namespace Erp.Customs.Module.Admin.Signing;

/// <summary>签名与证书: each merchant's signers with their certificates and its agents, a button that tries them and one that reopens what a wrong PIN closed.</summary>
[Needs(CustomsPermissions.View, CustomsPermissions.Retry)]
internal sealed class SigningModel(SelfChecks checks, Signers signers, AgentDesk desk, RequestTable requests, IUploadIncidents incidents, ITestSigning testing, TimeProvider time) : Screen
{
    /// <summary>The merchants, by name.</summary>
    public IReadOnlyList<MerchantSigner> Rows { get; private set; } = [];

    public async Task OnGetAsync()
    {
        var stop = HttpContext.RequestAborted;
        var byPin = (await requests.StopsAsync(stop)).Where(one => one.Code == UploadStop.Pin).Select(one => one.Merchant).ToHashSet(StringComparer.Ordinal);
        var stopped = (await incidents.OpenAsync(stop)).Where(incident => incident is { Kind: UploadIncidentKind.MerchantStopped, Merchant: { } merchant } && byPin.Contains(merchant))
            .ToDictionary(incident => incident.Merchant!, StringComparer.Ordinal);
        var closed = await requests.ClosedSignersAsync(stop);
        var rows = new List<MerchantSigner>();
        foreach (var merchant in Options.Merchants.Values.OrderBy(merchant => merchant.Name, StringComparer.Ordinal))
        {
            var light = (await checks.RunAsync(SelfChecks.SignerOf(merchant.Name), stop)).Single();
            var keys = new List<MerchantKey>();
            foreach (var signer in signers.Of(merchant.Name))
            {
                keys.Add(new(signer, await CertificateAsync(signer, stop), closed.FirstOrDefault(one => one.Merchant == merchant.Name && one.Signer == signer.Name)));
            }

            rows.Add(new(merchant.Name, light, keys, stopped.GetValueOrDefault(merchant.Name), merchant.Agents.Count == 0 ? [] : await desk.AgentsAsync(merchant.Name, stop)));
        }

        Rows = rows;
    }

    /// <summary>Whole days until then, negative when it is past.</summary>
    public int DaysLeft(DateTimeOffset end) => (int)Math.Floor((end - time.GetUtcNow()).TotalDays);

    /// <summary>Colour of an agent's light, a class of the style sheet.</summary>
    public static string Light(SeenAgent? agent) => agent is null || agent.ClosedAt is not null || agent.Silence > AgentDesk.Away ? "red" : agent.Standing.Error.Length > 0 ? "yellow" : "green";

    /// <summary>How an agent stands, in words.</summary>
    public string State(SeenAgent? agent) => agent switch
    {
        null => Say["从未连接", "Never heard of"],
        { Silence: var silence } when silence > AgentDesk.Away => Say[$"失联 {Ago(silence)}", $"Not heard of for {Ago(silence)}"],
        { ClosedAt: { } since, Standing.Error: var why } => $"{Say[$"自 {ChinaTime.ToScreen(since)} 因 PIN 停用", $"Closed by its PIN since {ChinaTime.ToScreen(since)}"]}：{Say.Of(why)}",
        { Standing.Error: { Length: > 0 } error } => Say.Of(error),
        _ => Say["正常", "Well"],
    };

    /// <summary>A time that has passed, in the largest unit that fits.</summary>
    public string Ago(TimeSpan silence) => silence switch
    {
        { TotalMinutes: < 2 } => Say[$"{silence.TotalSeconds:N0} 秒", $"{silence.TotalSeconds:N0} s"],
        { TotalHours: < 2 } => Say[$"{silence.TotalMinutes:N0} 分钟", $"{silence.TotalMinutes:N0} min"],
        { TotalDays: < 2 } => Say[$"{silence.TotalHours:N0} 小时", $"{silence.TotalHours:N0} h"],
        _ => Say[$"{silence.TotalDays:N0} 天", $"{silence.TotalDays:N0} days"],
    };

    /// <summary>Has each of a merchant's signers sign a harmless text.</summary>
    [Operation("测试签名", "Try the signers", "merchant")]
    public async Task<IActionResult> OnPostTestAsync(string? merchant)
    {
        var tests = await testing.SignAsync(merchant ?? "", HttpContext.RequestAborted);
        Tell(tests?.All(test => test.Ok) == true, tests is null
            ? Words.Of("没有这个商户，未签名", "There is no such merchant; nothing was signed")
            : Words.All([.. tests.Select(test => Told(merchant!, test))]));
        return RedirectToPage();
    }

    /// <summary>Reopens a merchant: the PIN may be tried again.</summary>
    [Operation("重新启用签名", "Reopen after a wrong PIN", "merchant")]
    public async Task<IActionResult> OnPostReopenAsync(string? merchant)
    {
        var done = await incidents.ReopenAsync(merchant ?? "", Visitor.Name);
        Tell(done, done
            ? Words.Of($"已重新启用 {merchant}，等待的请求自动继续", $"{merchant} is open again; what waited goes on by itself")
            : Words.Of("该商户未被停用，未作任何更改", "This merchant is not stopped; nothing was changed"));
        return RedirectToPage();
    }

    private static string Told(string merchant, SigningTest test) => test switch
    {
        { Ok: true, NotBefore: { } from, NotAfter: { } until } => Words.Of(
            $"{merchant} {test.Signer} {Words.In(test.Sentence, english: false)}：{test.Scheme}，证书编号 {test.CertNo}，有效期 {ChinaTime.ToScreen(from)} 至 {ChinaTime.ToScreen(until)}，用时 {test.Took.TotalMilliseconds:N0} 毫秒",
            $"{merchant} {test.Signer}: {Words.In(test.Sentence, english: true)}: {test.Scheme}, certNo {test.CertNo}, valid {ChinaTime.ToScreen(from)} to {ChinaTime.ToScreen(until)}, {test.Took.TotalMilliseconds:N0} ms"),
        _ => Words.Of($"{merchant} {test.Signer}：{Words.In(test.Sentence, english: false)}", $"{merchant} {test.Signer}: {Words.In(test.Sentence, english: true)}"),
    };

    private static async Task<SignerCertificate?> CertificateAsync(ISigner signer, CancellationToken stop)
    {
        try
        {
            return await signer.CertificateAsync(stop);
        }
        catch (SignerException)
        {
            // The light beside it says why.
            return null;
        }
    }
}

/// <summary>A merchant's signers as the page shows them.</summary>
/// <param name="Merchant">Its name in the settings.</param>
/// <param name="Check">Its light.</param>
/// <param name="Keys">Its signers, the preferred one first.</param>
/// <param name="Stopped">The wrong PIN that keeps all of it closed; <see langword="null"/> when none does.</param>
/// <param name="Agents">Its sign agents by name, and what is known of each; empty where it has none.</param>
internal sealed record MerchantSigner(string Merchant, SelfCheck Check, IReadOnlyList<MerchantKey> Keys, UploadIncident? Stopped, IReadOnlyList<(string Name, SeenAgent? Seen)> Agents);

/// <summary>One of a merchant's signers.</summary>
/// <param name="Signer">The signer.</param>
/// <param name="Certificate">Its certificate; <see langword="null"/> when it cannot be read.</param>
/// <param name="Closed">The wrong PIN that closed it; <see langword="null"/> while it is open.</param>
internal sealed record MerchantKey(ISigner Signer, SignerCertificate? Certificate, SignerStop? Closed);
