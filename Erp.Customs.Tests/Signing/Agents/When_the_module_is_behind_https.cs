using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Erp.Customs.Reliability.World;
using Erp.Customs.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Erp.Customs.Tests.Signing.Agents;

/// <summary>An agent speaks to a module whose certificate it trusts, and to no other.</summary>
public sealed class When_the_module_is_behind_https
{
    private const string Refused = "shows no https certificate that this machine trusts";

    [Fact]
    public async Task Should_sign_where_the_CA_is_named_and_send_nothing_where_it_is_not()
    {
        await using var world = await AgentWorld.StartAsync();
        using var authority = Authority();
        using var another = Authority();
        await using var front = await FrontAsync(world.World.Http.BaseAddress!, authority);
        await world.World.DeliveredAsync(CustomsWorld.Payment("T1", "SO1"));

        await RefusedAsync(world, front.Address, authority: null);
        await RefusedAsync(world, front.Address, another);
        // The certificate is of 127.0.0.1 alone.
        await RefusedAsync(world, front.Address.Replace("127.0.0.1", "localhost", StringComparison.Ordinal), authority);
        Assert.Null((await world.Desk.AgentsAsync("ningbo", CancellationToken.None)).Single(agent => agent.Name == "pc-1").Seen);

        Prepare(world, front.Address, authority);
        await world.StartAsync("pc-1");
        Assert.Equal(world.Control.Card.CertNo, (await world.World.AnswerAsync("SO1")).CertNo);
    }

    private static async Task RefusedAsync(AgentWorld world, string address, X509Certificate2? authority)
    {
        Prepare(world, address, authority);
        await using var agent = AgentProgram.Start(world.FolderOf("pc-1"));
        await agent.PrintedAsync(Refused);
        Assert.DoesNotContain(AgentWorld.TokenOf("pc-1"), agent.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", agent.Output, StringComparison.Ordinal);
    }

    private static void Prepare(AgentWorld world, string address, X509Certificate2? authority)
    {
        var folder = world.FolderOf("pc-1");
        AgentProgram.Prepare(folder, new Uri(address + "/customs"), AgentWorld.TokenOf("pc-1"), world.Control, AgentWorld.Pin);
        if (authority is null)
        {
            return;
        }

        File.WriteAllText(Path.Combine(folder, "ca.pem"), authority.ExportCertificatePem());
        var file = Path.Combine(folder, "agent.json");
        var settings = JsonNode.Parse(File.ReadAllText(file))!;
        settings["Agent"]!["AuthorityFile"] = "ca.pem";
        File.WriteAllText(file, settings.ToJsonString());
    }

    /// <summary>A CA as firms have of their own.</summary>
    private static X509Certificate2 Authority()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=CA of the firm", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }

    private static X509Certificate2 Certificate(X509Certificate2 authority)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=erp", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var signed = request.Create(authority, new DateTimeOffset(authority.NotBefore), new DateTimeOffset(authority.NotAfter), RandomNumberGenerator.GetBytes(8));
        return signed.CopyWithPrivateKey(key);
    }

    private static async Task<Front> FrontAsync(Uri module, X509Certificate2 authority)
    {
        var certificate = Certificate(authority);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = HttpProtocols.Http1;
            listen.UseHttps(certificate);
            listen.Run(connection => CarryAsync(connection, module));
        }));
        var app = builder.Build();
        await app.StartAsync();
        return new Front(app, certificate);
    }

    private static async Task CarryAsync(ConnectionContext here, Uri module)
    {
        using var there = new TcpClient();
        await there.ConnectAsync(module.Host, module.Port, here.ConnectionClosed);
        await using var stream = there.GetStream();
        await await Task.WhenAny(here.Transport.Input.CopyToAsync(stream), PipeReader.Create(stream).CopyToAsync(here.Transport.Output, here.ConnectionClosed));
    }

    /// <summary>Kestrel that ends TLS before the module, as a firm's web server does.</summary>
    private sealed class Front(WebApplication app, X509Certificate2 certificate) : IAsyncDisposable
    {
        public string Address => app.Urls.Single();

        public async ValueTask DisposeAsync()
        {
            await app.DisposeAsync();
            certificate.Dispose();
        }
    }
}
