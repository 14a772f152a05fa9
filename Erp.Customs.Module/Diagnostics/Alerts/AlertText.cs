using System.Globalization;
using System.Text;
using Erp.Customs.Contracts;
using Erp.Customs.Module.Storage;

namespace Erp.Customs.Module.Diagnostics.Alerts;

/// <summary>A message as people read it, in one language.</summary>
internal static class AlertText
{
    /// <summary>One line.</summary>
    public static string Subject(AlertMessage message, bool english)
    {
        var subject = Words.In(message.Subject, english);
        return message.Alerts == 1 ? subject
            : string.Create(CultureInfo.InvariantCulture, $"{subject}{(english ? $" (and {message.Alerts - 1} alike)" : $"（另有同类 {message.Alerts - 1} 条）")}");
    }

    /// <summary>What happened: a line for each, and how many have none.</summary>
    public static string Body(AlertMessage message, bool english)
    {
        var lines = message.Lines.Select(line => Words.In(line, english)).ToList();
        var rest = message.Alerts - lines.Count;
        if (rest > 0)
        {
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"{(english ? $"and {rest} more" : $"另有 {rest} 条")}"));
        }

        return string.Join('\n', lines);
    }

    /// <summary>All of it with level, environment, time and place, for a channel that shows text and nothing else.</summary>
    /// <param name="message">The message.</param>
    /// <param name="english">Its language.</param>
    /// <param name="environment">Where uploads go: a rehearsal's alert is told from a live one.</param>
    /// <param name="bytes">Longest text, in bytes of UTF-8; what is too long ends with an ellipsis.</param>
    public static string Whole(AlertMessage message, bool english, CustomsEnvironment environment, int bytes) => Cut(
        $"{(english ? $"[{Level(message.Level, english)}] " : $"【{Level(message.Level, english)}】")}{Subject(message, english)}\n{Body(message, english)}\n{Foot(message, english, environment)}", bytes);

    /// <summary>Merchant, environment, time and place.</summary>
    public static string Foot(AlertMessage message, bool english, CustomsEnvironment environment)
    {
        var from = ChinaTime.ToScreen(message.RaisedAt);
        var until = ChinaTime.ToScreen(message.LastRaisedAt);
        var when = from == until ? from : $"{from} – {until}";
        var lines = new List<string> { Words.In(EnvironmentWords.Of(environment), english), english ? $"{when}, China time" : $"{when}（北京时间）" };
        if (message.Merchant.Length > 0)
        {
            lines.Insert(0, (english ? "Merchant " : "商户 ") + message.Merchant);
        }

        if (message.Path is { } path)
        {
            lines.Add((english ? "See " : "查看 ") + path);
        }

        return string.Join('\n', lines);
    }

    /// <summary>级别.</summary>
    public static string Level(NoticeLevel level, bool english) => level switch
    {
        NoticeLevel.Information => english ? "Information" : "通知",
        NoticeLevel.Warning => english ? "Warning" : "提醒",
        _ => english ? "Alarm" : "告警",
    };

    private static string Cut(string text, int bytes)
    {
        if (Encoding.UTF8.GetByteCount(text) <= bytes)
        {
            return text;
        }

        const char end = '…';
        var kept = new StringBuilder();
        var left = bytes - Encoding.UTF8.GetByteCount([end]);
        foreach (var rune in text.EnumerateRunes())
        {
            left -= rune.Utf8SequenceLength;
            if (left < 0)
            {
                break;
            }

            kept.Append(rune);
        }

        return kept.Append(end).ToString();
    }
}
