using System.Net.Sockets;
using Erp.Customs.Contracts;
using Erp.Customs.Module.Storage;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace Erp.Customs.Module.Diagnostics.Alerts;

/// <summary>E-mail by SMTP. TLS is verified; without it nothing is said, but where the settings allow it.</summary>
internal sealed class MailChannel(AlertChannelOptions options, CustomsEnvironment environment, TimeProvider time) : AlertChannel
{
    /// <summary>For one message, with its connection. The default value is 30 seconds.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>The port that speaks TLS from the first byte (RFC 8314).</summary>
    private const int TlsPort = 465;

    private const int LongestText = 64 * 1024;

    private readonly MailOptions _mail = options.Mail!;

    public override string Name => options.Name;

    public override string Kind => AlertChannels.Word(options.Kind);

    public override string Destination => options.Destination;

    public override NoticeLevel Level => options.Level;

    public override async Task<AlertReceipt> SendAsync(AlertMessage message)
    {
        using var limit = new CancellationTokenSource(Limit);
        // Of a revoked certificate a third host would have to be asked: the settings name one.
        using var client = new SmtpClient { CheckCertificateRevocation = false, Timeout = (int)Limit.TotalMilliseconds };
        using var mail = Compose(message);
        try
        {
            await client.ConnectAsync(_mail.Host, _mail.Port, Security, limit.Token);
            if (_mail is { User: { } user, Password: { } password })
            {
                await client.AuthenticateAsync(user, password, limit.Token);
            }

            await client.SendAsync(mail, limit.Token);
        }
        catch (Exception problem)
        {
            return AlertReceipt.Failed(Sentence(problem));
        }

        try
        {
            await client.DisconnectAsync(quit: true, limit.Token);
        }
        catch (Exception problem) when (problem is IOException or SocketException or ProtocolException or OperationCanceledException)
        {
            // It was taken; how the server says good-bye is its own business.
            return AlertReceipt.Taken;
        }

        return AlertReceipt.Taken;
    }

    private SecureSocketOptions Security => _mail switch
    {
        { Port: TlsPort } => SecureSocketOptions.SslOnConnect,
        { NeedsTls: true } => SecureSocketOptions.StartTls,
        _ => SecureSocketOptions.StartTlsWhenAvailable,
    };

    private MimeMessage Compose(AlertMessage message)
    {
        var from = MailboxAddress.Parse(_mail.From);
        var level = AlertText.Level(message.Level, options.English);
        var mail = new MimeMessage
        {
            // The same one for every try, so that a mailbox can tell that it has it already.
            MessageId = $"erp-customs-alert-{message.Id}-{message.RaisedAt.ToUnixTimeMilliseconds()}@{from.Domain}",
            Date = time.GetUtcNow().ToOffset(ChinaTime.Offset),
            Subject = $"{(options.English ? $"[{level}] " : $"【{level}】")}{AlertText.Subject(message, options.English)}",
            Body = new TextPart("plain") { Text = AlertText.Whole(message, options.English, environment, LongestText) },
        };
        mail.From.Add(from);
        mail.To.AddRange(_mail.To.Select(MailboxAddress.Parse));
        mail.Headers.Add("Auto-Submitted", "auto-generated");
        return mail;
    }

    /// <summary>What a server says may name a mailbox or repeat what it was told: only its number is kept.</summary>
    private static string Sentence(Exception problem) => problem switch
    {
        AuthenticationException => Words.Of("SMTP 服务器不接受用户名或口令", "The SMTP server takes neither user nor password"),
        SslHandshakeException => Words.Of("SMTP 服务器的 TLS 证书未通过验证，或加密协商失败；未发送任何内容", "The SMTP server's TLS certificate could not be verified, or TLS failed; nothing was sent"),
        NotSupportedException => Words.Of("SMTP 服务器不支持 STARTTLS 或登录；未发送任何内容", "The SMTP server offers no STARTTLS, or no login; nothing was sent"),
        SmtpCommandException { ErrorCode: SmtpErrorCode.RecipientNotAccepted, StatusCode: var status } => Words.Of($"SMTP {(int)status}：收件人被拒", $"SMTP {(int)status}: a receiver was refused"),
        SmtpCommandException { ErrorCode: SmtpErrorCode.SenderNotAccepted, StatusCode: var status } => Words.Of($"SMTP {(int)status}：发件人被拒", $"SMTP {(int)status}: the sender was refused"),
        SmtpCommandException { StatusCode: var status } => Words.Of($"SMTP {(int)status}：邮件被拒", $"SMTP {(int)status}: the mail was refused"),
        SocketException { SocketErrorCode: var error } => Words.Of($"无法连接 SMTP 服务器：{error}", $"The SMTP server cannot be reached: {error}"),
        OperationCanceledException or TimeoutException => Words.Of("SMTP 服务器未在时限内应答", "The SMTP server did not answer in time"),
        _ => Words.Of($"与 SMTP 服务器的对话中断（{problem.GetType().Name}）", $"The talk with the SMTP server broke off ({problem.GetType().Name})"),
    };
}
