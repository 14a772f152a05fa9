using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.RegularExpressions;
using Erp.Customs.Contracts;
using Erp.Customs.Module;

namespace Erp.Customs.Tests.Alerts;

/// <summary>A real SMTP conversation on a socket.</summary>
public class When_a_mail_is_sent
{
    private const string Receiver = "li.si@example.cn";

    [Fact]
    public async Task Should_be_readable_and_bear_the_same_id_at_every_try()
    {
        await using var server = new SmtpServer();
        for (var tries = 0; tries < 2; tries++)
        {
            Assert.Equal("", (await Told.SendAsync(Channel(server, needsTls: false), Told.Message(3, lines: ["一 | one", "二 | two", "三 | three"]))).Error);
        }

        var mail = server.Mails.First();
        var head = mail[..mail.IndexOf("\r\n\r\n", StringComparison.Ordinal)];
        Assert.Contains("To: " + Receiver + ", zhao@example.cn", head, StringComparison.Ordinal);
        Assert.Contains("Auto-Submitted: auto-generated", head, StringComparison.Ordinal);
        Assert.Single(server.Mails.Select(one => one.Split("\r\n").Single(line => line.StartsWith("Message-Id:", StringComparison.OrdinalIgnoreCase))).Distinct());
        Assert.Equal("【告警】海关请求需人工处理：订单 SO1（另有同类 2 条）", Words(head));
        Assert.Contains("Content-Type: text/plain; charset=utf-8", head, StringComparison.Ordinal);
        Assert.Contains("一\n二\n三\n商户 ningbo", Body(mail), StringComparison.Ordinal);
        Assert.Contains($"AUTH PLAIN {Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0{SmtpServer.User}\0{SmtpServer.Password}"))}", server.Said);
    }

    [Fact]
    public async Task Should_say_nothing_to_a_server_that_offers_no_TLS()
    {
        await using var server = new SmtpServer();
        Assert.Contains("STARTTLS", (await Told.SendAsync(Channel(server, needsTls: true))).Error, StringComparison.Ordinal);
        Assert.Empty(server.Mails);
        Assert.DoesNotContain(server.Said, line => line.StartsWith("AUTH", StringComparison.Ordinal) || line.StartsWith("MAIL", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Should_tell_no_password_to_a_server_whose_certificate_nobody_vouches_for()
    {
        using var own = new OwnAuthority();
        await using var server = new SmtpServer(own.Server);
        Assert.Contains("证书未通过验证", (await Told.SendAsync(Channel(server, needsTls: true))).Error, StringComparison.Ordinal);
        Assert.Contains("证书未通过验证", (await Told.SendAsync(Channel(server, needsTls: false))).Error, StringComparison.Ordinal);
        Assert.Empty(server.Mails);
        Assert.DoesNotContain(server.Said, line => line.StartsWith("AUTH", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Should_be_sent_by_STARTTLS_where_the_machine_trusts_the_certificate()
    {
        using var own = new OwnAuthority();
        own.Trust();
        await using var server = new SmtpServer(own.Server);
        Assert.Equal("", (await Told.SendAsync(Channel(server, needsTls: true))).Error);
        Assert.Single(server.Mails);
        Assert.True(server.Said.ToList().FindIndex(line => line == "STARTTLS") < server.Said.ToList().FindIndex(line => line.StartsWith("AUTH", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("AUTH", "535 5.7.8 alerts@example.cn: wrong password smtp-password-canary", "用户名或口令")]
    [InlineData("RCPT", "550 5.1.1 <li.si@example.cn> unknown", "SMTP 550：收件人被拒")]
    [InlineData("MAIL", "553 5.7.1 alerts@example.cn may not", "SMTP 553：发件人被拒")]
    [InlineData("DATA", "451 4.3.0 try later", "SMTP 451：邮件被拒")]
    [InlineData("EHLO", "421 closing", "不支持 STARTTLS 或登录")]
    public async Task Should_say_in_words_what_the_server_refuses_and_name_nobody(string command, string answer, string words)
    {
        await using var server = new SmtpServer { Fault = (command, answer) };
        var error = (await Told.SendAsync(Channel(server, needsTls: false))).Error;
        Assert.Contains(words, error, StringComparison.Ordinal);
        Assert.All([SmtpServer.User, SmtpServer.Password, Receiver], one => Assert.DoesNotContain(one, error, StringComparison.OrdinalIgnoreCase));
        Assert.Empty(server.Mails);
    }

    [Fact]
    public async Task Should_say_so_where_nobody_listens()
    {
        AlertChannelOptions channel;
        await using (var server = new SmtpServer())
        {
            channel = Channel(server, needsTls: false);
        }

        Assert.Contains(nameof(SocketError.ConnectionRefused), (await Told.SendAsync(channel)).Error, StringComparison.Ordinal);
    }

    private static AlertChannelOptions Channel(SmtpServer server, bool needsTls) => new("ops", AlertChannelKind.Email, NoticeLevel.Warning, English: false)
    {
        Mail = new MailOptions("localhost", server.Port, needsTls, SmtpServer.User, SmtpServer.Password, SmtpServer.User, [Receiver, "zhao@example.cn"]),
    };

    /// <summary>The text of a mail, however it was packed for a server that may take 8 bits or not.</summary>
    private static string Body(string mail)
    {
        var body = mail[(mail.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];
        var text = mail.Contains("Content-Transfer-Encoding: base64", StringComparison.Ordinal) ? Encoding.UTF8.GetString(Convert.FromBase64String(body.Replace("\r\n", "", StringComparison.Ordinal))) : body;
        return text.Replace("\r\n", "\n", StringComparison.Ordinal);
    }

    /// <summary>The encoded words of a head (RFC 2047), put together.</summary>
    private static string Words(string head) => string.Concat(Regex.Matches(head, "=\\?utf-8\\?b\\?(?<word>[^?]+)\\?=", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1))
        .Select(word => Encoding.UTF8.GetString(Convert.FromBase64String(word.Groups["word"].Value))));

    /// <summary>A certificate for localhost by an authority of its own, which the user's store may trust for as long as a test runs.</summary>
    private sealed class OwnAuthority : IDisposable
    {
        private readonly RSA _rootKey = RSA.Create(2048);
        private readonly RSA _key = RSA.Create(2048);
        private readonly X509Certificate2 _root;
        private bool _trusted;

        public OwnAuthority()
        {
            var root = new CertificateRequest($"CN=Erp.Customs test {Guid.NewGuid():N}", _rootKey, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            root.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
            using var made = root.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
            _root = X509CertificateLoader.LoadCertificate(made.Export(X509ContentType.Cert));
            var server = new CertificateRequest("CN=localhost", _key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            var names = new SubjectAlternativeNameBuilder();
            names.AddDnsName("localhost");
            server.CertificateExtensions.Add(names.Build());
            using var issued = server.Create(made, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(1), [1, 2, 3, 4]);
            using var withKey = issued.CopyWithPrivateKey(_key);
            Server = X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pfx), null);
        }

        public X509Certificate2 Server { get; }

        public void Trust()
        {
            using var store = new X509Store(StoreName.Root, StoreLocation.CurrentUser);
            store.Open(OpenFlags.ReadWrite);
            store.Add(_root);
            _trusted = true;
        }

        public void Dispose()
        {
            if (_trusted)
            {
                using var store = new X509Store(StoreName.Root, StoreLocation.CurrentUser);
                store.Open(OpenFlags.ReadWrite);
                store.Remove(_root);
            }

            Server.Dispose();
            _root.Dispose();
            _key.Dispose();
            _rootKey.Dispose();
        }
    }
}
