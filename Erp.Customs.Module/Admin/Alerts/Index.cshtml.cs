using Erp.Customs.Module.Admin.Operations;
using Erp.Customs.Module.Admin.Shared;
using Erp.Customs.Module.Diagnostics.Alerts;
using Erp.Customs.Module.Storage;
using Microsoft.AspNetCore.Mvc;

namespace Erp.Customs.Module.Admin.Alerts;

/// <summary>告警: the channels with how each stands and a button to try it, and every message with what became of it.</summary>
[Needs(CustomsPermissions.View, CustomsPermissions.Retry)]
internal sealed class AlertsModel(AlertTable alerts, AlertOutbox outbox, AlertChannels channels, TimeProvider time) : Screen
{
    /// <summary>How long the page waits for the outcome of a test. The default value is 12 seconds.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(12);

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);

    public AlertFilter Filter { get; private set; } = null!;

    public IReadOnlyDictionary<AlertOutcome, long> Counts { get; private set; } = new Dictionary<AlertOutcome, long>();

    public IReadOnlyList<AlertMessage> Rows { get; private set; } = [];

    public Pager Pager { get; private set; } = null!;

    /// <summary>The channels, and the last message that each was asked to take.</summary>
    public IReadOnlyList<(AlertChannel Channel, AlertMessage? Last)> Channels { get; private set; } = [];

    /// <summary>Names to choose from.</summary>
    public IEnumerable<string> ChannelNames => channels.All.Select(channel => channel.Name);

    /// <summary>The tabs: a word for the address, its title, how many.</summary>
    public IEnumerable<(string Outcome, string Title, long Count)> Tabs() =>
    [
        ("", Say["全部", "All"], Counts.Values.Sum()),
        .. Enum.GetValues<AlertOutcome>().Select(outcome => (EnumWords<AlertOutcome>.Word(outcome), Say.Outcome(outcome), Counts.GetValueOrDefault(outcome))),
    ];

    /// <summary>The list with this filter, of another outcome.</summary>
    public string Link(string? outcome = null) => Url.Page(null) + FilterText.Query((outcome is null ? Filter : Filter with { Outcome = outcome }).Fields());

    public async Task OnGetAsync()
    {
        var stop = HttpContext.RequestAborted;
        Filter = AlertFilter.Read(name => Request.Query[name]);
        var last = (await alerts.LastTriedAsync(stop)).ToDictionary(message => message.Channel, StringComparer.Ordinal);
        Channels = [.. channels.ForPeople.Select(channel => (channel, last.GetValueOrDefault(channel.Name)))];
        if (Filter.Problem is { } problem)
        {
            (Pager, Problem) = (new Pager(0, null, null, Link()), problem);
            return;
        }

        var search = Filter.Search;
        Counts = await alerts.CountByOutcomeAsync(search, stop);
        var page = Pager.Asked(Request.Query);
        (Rows, Pager) = Pager.Of(
            await alerts.SearchAsync(search, page, stop), page, message => message.Id, search.Outcome is { } outcome ? Counts[outcome] : Counts.Values.Sum(), Link());
    }

    /// <summary>Has a channel told something harmless, and says what became of it.</summary>
    [Operation("测试通道", "Test a channel", "channel")]
    public async Task<IActionResult> OnPostTestAsync(string? channel)
    {
        Filter = AlertFilter.Read(_ => "");
        if (channels.ForPeople.FirstOrDefault(one => one.Name == channel) is not { } tried)
        {
            Tell(good: false, Words.Of("没有这个告警通道，未发送任何内容", "There is no such channel; nothing was sent"));
            return LocalRedirect(Link());
        }

        var message = await OutcomeAsync(await outbox.TestAsync(tried.Name, Visitor.Name));
        Tell(message?.Outcome == AlertOutcome.Sent, message switch
        {
            { Outcome: AlertOutcome.Sent } => Words.Of($"测试消息已由 {tried.Name} 接收", $"{tried.Name} took the test message"),
            { EndedAt: not null } => Words.Of($"{tried.Name} 未接收：{Words.In(message.Error, english: false)}", $"{tried.Name} did not take it: {Words.In(message.Error, english: true)}"),
            _ => Words.Of($"{tried.Name} 尚无结果，请稍后在列表中查看", $"{tried.Name} has not answered yet; look at the list in a moment"),
        });
        return LocalRedirect(Link());
    }

    private async Task<AlertMessage?> OutcomeAsync(long id)
    {
        var until = time.GetUtcNow() + Patience;
        while (true)
        {
            var message = await alerts.FindAsync(id, HttpContext.RequestAborted);
            if (message?.EndedAt is not null || time.GetUtcNow() >= until)
            {
                return message;
            }

            await Task.Delay(Look, time, HttpContext.RequestAborted);
        }
    }
}
