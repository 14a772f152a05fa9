using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.FileProviders;

namespace Erp.Customs.Contracts.Hosting;

/// <summary>The host's environment as a module sees it: content root and wwwroot are the module's own, so that it serves its files and not the host's.</summary>
internal sealed class ModuleEnvironment : IWebHostEnvironment, IDisposable
{
    public ModuleEnvironment(IWebHostEnvironment host, string moduleDirectory)
    {
        EnvironmentName = host.EnvironmentName;
        ApplicationName = host.ApplicationName;
        ContentRootPath = moduleDirectory;
        ContentRootFileProvider = Files(moduleDirectory);
        WebRootPath = Path.Combine(moduleDirectory, "wwwroot");
        WebRootFileProvider = Files(WebRootPath);
    }

    public string EnvironmentName { get; set; }

    public string ApplicationName { get; set; }

    public string ContentRootPath { get; set; }

    public IFileProvider ContentRootFileProvider { get; set; }

    public string WebRootPath { get; set; }

    public IFileProvider WebRootFileProvider { get; set; }

    public void Dispose()
    {
        (ContentRootFileProvider as IDisposable)?.Dispose();
        (WebRootFileProvider as IDisposable)?.Dispose();
    }

    private static IFileProvider Files(string folder) => Directory.Exists(folder) ? new PhysicalFileProvider(folder) : new NullFileProvider();
}
