using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Erp.Customs.Contracts;
using Erp.Customs.Module;
using Erp.Customs.Tests.Support;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Erp.Customs.Tests.Integration;

public class When_the_API_is_described
{
    [Fact]
    public async Task Should_name_every_address_that_is_there_and_no_other()
    {
        using var document = JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(AppContext.BaseDirectory, "Integration", "openapi.json")));
        var described = document.RootElement.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(method => $"{method.Name.ToUpperInvariant()} {path.Name}"))
            .Order(StringComparer.Ordinal);

        Assert.Equal(Mapped().Order(StringComparer.Ordinal), described);
    }

    [Fact]
    public async Task Should_be_readable_without_a_key()
    {
        await using var world = await CustomsWorld.StartAsync();
        using var response = await world.SendAsync(HttpMethod.Get, "/customs/api/openapi.json", key: null);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        using var document = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.StartsWith("3.1", document.RootElement.GetProperty("openapi").GetString(), StringComparison.Ordinal);
    }

    private static IEnumerable<string> Mapped()
    {
        var routes = new Routes();
        Customs.Module.Integration.IntegrationEndpoints.Map(routes);
        return routes.DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.RawText is not ("/api/openapi.json" or "/api/{*path:nonfile}"))
            .SelectMany(endpoint => (endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? [])
                .Select(method => $"{method} {Regex.Replace(endpoint.RoutePattern.RawText!, @"\{\*+", "{", RegexOptions.None, TimeSpan.FromSeconds(1))}"));
    }

    private sealed class Routes : IEndpointRouteBuilder
    {
        public IServiceProvider ServiceProvider { get; } = Services();

        public ICollection<EndpointDataSource> DataSources { get; } = [];

        public Microsoft.AspNetCore.Builder.IApplicationBuilder CreateApplicationBuilder() => new Microsoft.AspNetCore.Builder.ApplicationBuilder(ServiceProvider);

        /// <summary>Registered and never made: a route only asks what is a service.</summary>
        private static ServiceProvider Services()
        {
            var settings = new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["Customs:Upload:Url"] = "http://127.0.0.1:1/",
                ["Customs:Merchants:m:EbpCode"] = "1",
                ["Customs:Merchants:m:Signing:Kind"] = "KeyFile",
                ["Customs:Merchants:m:Signing:KeyFile"] = "none.pem",
            };
            var services = new ServiceCollection();
            services.AddLogging().AddRouting().AddSingleton(TimeProvider.System);
            var manifest = new ModuleManifest("m", "", "", "1", "", "", "", "", "1");
            var context = new ModuleContext(manifest, AppContext.BaseDirectory, Path.GetTempPath(), new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
            new CustomsModule().ConfigureServices(services, context);
            return services.BuildServiceProvider();
        }
    }
}
