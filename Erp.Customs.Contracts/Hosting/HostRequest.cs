using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Erp.Customs.Contracts.Hosting;

/// <summary>
/// What of a request belongs to the host while a module answers it: services, path, endpoint and route values.
/// Kept as a feature of the request, so that the host's authentication can be asked from within the module.
/// </summary>
internal sealed class HostRequest
{
    private readonly HttpContext _http;
    private IServiceProvider _services;
    private PathString _pathBase;
    private PathString _path;
    private Endpoint? _endpoint;
    private RouteValueDictionary _routeValues;

    private HostRequest(HttpContext http, IServiceProvider services, PathString pathBase, PathString path)
    {
        (_http, _services, _pathBase, _path) = (http, services, pathBase, path);
        _routeValues = [];
    }

    /// <summary>Hands the request to a module: afterwards it is under the module's base path and has the module's services.</summary>
    /// <param name="http">The request as the host has it.</param>
    /// <param name="services">The module's services for this request.</param>
    /// <param name="basePath">The part of the path that becomes part of <c>PathBase</c>.</param>
    /// <param name="rest">What remains as <c>Path</c>.</param>
    public static HostRequest HandOver(HttpContext http, IServiceProvider services, PathString basePath, PathString rest)
    {
        var host = new HostRequest(http, services, http.Request.PathBase + basePath, rest);
        host.Exchange();
        http.Features.Set(host);
        return host;
    }

    /// <summary>The host's side of a request that a module answers.</summary>
    public static HostRequest Of(HttpContext http) =>
        http.Features.Get<HostRequest>() ?? throw new InvalidOperationException("This request is not answered by a module.");

    /// <summary>Gives the request back to the host.</summary>
    public void TakeBack()
    {
        Exchange();
        _http.Features.Set<HostRequest>(null);
    }

    /// <summary>Lets the host act on the request, which then looks as if no module had it.</summary>
    public async Task<T> AsHostAsync<T>(Func<IServiceProvider, Task<T>> act)
    {
        Exchange();
        try
        {
            return await act(_http.RequestServices);
        }
        finally
        {
            Exchange();
        }
    }

    // Each side's values are kept while the other side's are in the request.
    private void Exchange()
    {
        var request = _http.Request;
        (_services, _http.RequestServices) = (_http.RequestServices, _services);
        (_pathBase, request.PathBase) = (request.PathBase, _pathBase);
        (_path, request.Path) = (request.Path, _path);
        (_routeValues, request.RouteValues) = (request.RouteValues, _routeValues);
        var endpoint = _http.GetEndpoint();
        _http.SetEndpoint(_endpoint);
        _endpoint = endpoint;
    }
}
