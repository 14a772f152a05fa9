using System.Net;
using System.Text.Json.Nodes;
using Erp.Customs.Contracts;
using Erp.Customs.Module;
using Erp.Customs.Module.Diagnostics;
using Erp.Customs.Module.Diagnostics.Health;
using Erp.Customs.Tests.Admin;
using Erp.Customs.Tests.Alerts;
using Erp.Customs.Tests.Support;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Erp.Customs.Tests.Diagnostics;

/// <summary>Liveness for anybody, details for who may know them.</summary>
public class When_health_is_asked_for
{
    private const string Details = "/customs/health/details";

    [Fact]
    public async Task Should_tell_anybody_that_it_runs_and_nothing_else()
    {
        await using var world = await CustomsWorld.StartAsync();
        using var answer = await world.SendAsync(HttpMethod.Get, "/customs/health", key: null);
        Assert.Equal((HttpStatusCode.OK, """{"status":"healthy"}"""), (answer.StatusCode, await answer.Content.ReadAsStringAsync()));
        // The database fails: it runs all the same, and to restart it would help nobody.
        await world.SqlAsync("ALTER TABLE customs_request RENAME TO gone");
        using var still = await world.SendAsync(HttpMethod.Get, "/customs/health", key: null);
        Assert.Equal(HttpStatusCode.OK, still.StatusCode);
        await world.SqlAsync("ALTER TABLE gone RENAME TO customs_request");
    }

    [Fact]
    public async Task Should_tell_details_to_a_key_and_to_who_may_see_the_screens()
    {
        await using var world = await ScreenUser.WorldAsync();
        using var reader = new ScreenUser(world, ScreenUser.View);
        using var stranger = new ScreenUser(world, "erp.orders");
        using var nobody = await world.SendAsync(HttpMethod.Get, Details, key: null);
        using var wrong = await world.SendAsync(HttpMethod.Get, Details, key: "wrong");
        using var program = await world.SendAsync(HttpMethod.Get, Details);
        using var seen = await reader.GetAsync(Details);
        using var refused = await stranger.GetAsync(Details);
        Assert.Equal(
            [HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized, HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.Forbidden],
            new[] { nobody, wrong, program, seen, refused }.Select(answer => answer.StatusCode));
        Assert.DoesNotContain("database", await nobody.Content.ReadAsStringAsync() + await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        var report = JsonNode.Parse(await program.Content.ReadAsStringAsync())!;
        // A rehearsal against another server is a light that is yellow.
        Assert.Equal("degraded", report["status"]!.GetValue<string>());
        Assert.Equal(
            ["environment", "database", "queue", "engine", "incidents", "bridge", "signer:guangzhou", "signer:ningbo", "archive_sealing", "archive_key", "alerts", "api_keys", "customs"],
            report["checks"]!.AsArray().Select(check => check!["name"]!.GetValue<string>()));
        Assert.All(report["checks"]!.AsArray().Where(check => check!["name"]!.GetValue<string>() != "environment"), check => Assert.Equal("healthy", check!["status"]!.GetValue<string>()));
        Assert.Contains("days left", Sentence(report, "signer:ningbo"), StringComparison.Ordinal);
        Assert.Contains($":{world.Customs.UploadAddress.Port} 可连接", Sentence(report, "customs"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_be_503_while_something_does_not_work()
    {
        await using var world = await CustomsWorld.StartAsync();
        await world.SqlAsync("ALTER TABLE customs_request RENAME TO gone");
        using var failing = await world.SendAsync(HttpMethod.Get, Details);
        var report = JsonNode.Parse(await failing.Content.ReadAsStringAsync())!;
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "unhealthy"), (failing.StatusCode, report["status"]!.GetValue<string>()));
        Assert.Contains("Cannot be read", Sentence(report, "database") + Sentence(report, "queue"), StringComparison.Ordinal);
        await world.SqlAsync("ALTER TABLE gone RENAME TO customs_request");
        using var works = await world.SendAsync(HttpMethod.Get, Details);
        Assert.Equal(HttpStatusCode.OK, works.StatusCode);
    }

    [Theory]
    [InlineData(60, SelfCheckLight.Green)]
    [InlineData(61, SelfCheckLight.Yellow)]
    [InlineData(120, SelfCheckLight.Yellow)]
    [InlineData(121, SelfCheckLight.Red)]
    public void Should_see_an_engine_that_stands_still_by_what_it_leaves_lying(int seconds, SelfCheckLight expected) =>
        Assert.Equal(expected, SelfChecks.QueueLight(TimeSpan.FromSeconds(seconds), deadline: TimeSpan.FromSeconds(120)));

    [Fact]
    public async Task Should_say_nothing_to_customs_and_ask_no_more_than_it_must()
    {
        await using var customs = await Robots.StartAsync();
        var check = Reachable(customs.Address);
        Assert.Equal(HealthStatus.Healthy, (await check.CheckHealthAsync(new HealthCheckContext())).Status);
        await customs.DisposeAsync();
        // What was found holds for half a minute.
        Assert.Equal(HealthStatus.Healthy, (await check.CheckHealthAsync(new HealthCheckContext())).Status);
        Assert.Empty(customs.Calls);
        var after = await Reachable(new Uri("http://127.0.0.1:1/")).CheckHealthAsync(new HealthCheckContext());
        Assert.Equal(HealthStatus.Unhealthy, after.Status);
        Assert.Contains("ConnectionRefused", after.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_not_take_a_server_for_customs_whose_certificate_nobody_vouches_for()
    {
        using var key = System.Security.Cryptography.RSA.Create(2048);
        using var certificate = new System.Security.Cryptography.X509Certificates.CertificateRequest(
            "CN=localhost", key, System.Security.Cryptography.HashAlgorithmName.SHA256, System.Security.Cryptography.RSASignaturePadding.Pkcs1).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        await using var server = await Robots.StartAsync(certificate);
        var result = await Reachable(server.Address).CheckHealthAsync(new HealthCheckContext());
        Assert.Equal(HealthStatus.Unhealthy, result.Status);
        Assert.Contains("TLS", result.Description, StringComparison.Ordinal);
    }

    private static CustomsReachable Reachable(Uri url) => new(
        new CustomsOptions { UploadUrl = url, Merchants = new Dictionary<string, MerchantOptions>(StringComparer.Ordinal) }, TimeProvider.System);

    private static string Sentence(JsonNode report, string name) =>
        report["checks"]!.AsArray().Single(check => check!["name"]!.GetValue<string>() == name)!["sentence"]!.GetValue<string>();
}
