using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Erp.Customs.Tests.Alerts;

/// <summary>A mail server on a socket that speaks SMTP (RFC 5321) with STARTTLS and AUTH PLAIN, and keeps what it is sent.</summary>
internal sealed class SmtpServer : IAsyncDisposable
{
    public const string User = "alerts@example.cn";
    public const string Password = "smtp-password-canary";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly X509Certificate2? _certificate;
    private readonly Task _loop;

    public SmtpServer(X509Certificate2? certificate = null)
    {
        _certificate = certificate;
        _listener.Start();
        _loop = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Every line that a client said, over all connections.</summary>
    public ConcurrentQueue<string> Said { get; } = new();

    /// <summary>Mails taken, as sent.</summary>
    public ConcurrentQueue<string> Mails { get; } = new();

    /// <summary>The answer to a command that begins so, instead of the usual one.</summary>
    public (string Command, string Answer)? Fault { get; set; }

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _loop;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync();
                try
                {
                    await TalkAsync(client.GetStream());
                }
                catch (Exception problem) when (problem is IOException or System.Security.Authentication.AuthenticationException)
                {
                    Said.Enqueue("-- the client went away");
                }
            }
        }
        catch (Exception problem) when (problem is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // The listener was stopped.
        }
    }

    private async Task TalkAsync(Stream stream)
    {
        var secure = false;
        await SayAsync(stream, "220 mail.example.cn ESMTP");
        while (await HearAsync(stream) is { } line)
        {
            Said.Enqueue(line);
            var command = line.Split(' ')[0].ToUpperInvariant();
            if (Fault is { } fault && command == fault.Command)
            {
                await SayAsync(stream, fault.Answer);
                continue;
            }

            switch (command)
            {
                case "EHLO":
                    await SayAsync(stream, $"250-mail.example.cn\r\n250-8BITMIME\r\n{(_certificate is not null && !secure ? "250-STARTTLS\r\n" : "")}250 AUTH PLAIN");
                    break;
                case "STARTTLS" when _certificate is not null:
                    await SayAsync(stream, "220 go ahead");
                    var tls = new SslStream(stream);
                    await tls.AuthenticateAsServerAsync(_certificate);
                    (stream, secure) = (tls, true);
                    break;
                case "AUTH":
                    var given = line.Split(' ').Length > 2 ? line.Split(' ')[2] : await AskAsync(stream, "334 ");
                    var right = Encoding.UTF8.GetString(Convert.FromBase64String(given)) == $"\0{User}\0{Password}";
                    await SayAsync(stream, right ? "235 2.7.0 ok" : $"535 5.7.8 no such user {User}");
                    break;
                case "MAIL" or "RCPT":
                    await SayAsync(stream, "250 ok");
                    break;
                case "DATA":
                    await SayAsync(stream, "354 go on");
                    var mail = new StringBuilder();
                    while (await HearAsync(stream) is { } part && part != ".")
                    {
                        mail.Append(part.StartsWith('.') ? part[1..] : part).Append("\r\n");
                    }

                    Mails.Enqueue(mail.ToString());
                    await SayAsync(stream, "250 queued");
                    break;
                case "QUIT":
                    await SayAsync(stream, "221 bye");
                    return;
                default:
                    await SayAsync(stream, "250 ok");
                    break;
            }
        }
    }

    private static async Task<string> AskAsync(Stream stream, string question)
    {
        await SayAsync(stream, question);
        return await HearAsync(stream) ?? "";
    }

    private static async Task SayAsync(Stream stream, string line) => await stream.WriteAsync(Encoding.UTF8.GetBytes(line + "\r\n"));

    private static async Task<string?> HearAsync(Stream stream)
    {
        var line = new List<byte>();
        var one = new byte[1];
        while (await stream.ReadAsync(one) == 1)
        {
            if (one[0] == '\n')
            {
                return Encoding.UTF8.GetString([.. line]).TrimEnd('\r');
            }

            line.Add(one[0]);
        }

        return null;
    }
}
