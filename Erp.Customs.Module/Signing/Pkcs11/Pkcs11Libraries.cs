using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;

namespace Erp.Customs.Module.Signing.Pkcs11;

/// <summary>The PKCS#11 libraries of this process, each initialised once and never finalised: C_Finalize would end the sessions of everybody who uses the same one.</summary>
internal static class Pkcs11Libraries
{
    private static readonly Pkcs11InteropFactories s_factories = Factories();
    private static readonly ConcurrentDictionary<string, Lazy<IPkcs11Library>> s_libraries = new(StringComparer.Ordinal);
    private static readonly Lock s_initialising = new();

    /// <summary>The library of that path.</summary>
    public static IPkcs11Library Get(string path)
    {
        var library = s_libraries.GetOrAdd(path, _ => new Lazy<IPkcs11Library>(() => Initialise(path)));
        try
        {
            return library.Value;
        }
        catch
        {
            // A device that was away when it was initialised may be there the next time.
            s_libraries.TryRemove(KeyValuePair.Create(path, library));
            throw;
        }
    }

    /// <summary>One at a time: two paths may lead to one library, and C_Initialize twice at once resets it under whoever has a session, whose handle then may be another token's.</summary>
    private static IPkcs11Library Initialise(string path)
    {
        lock (s_initialising)
        {
            return s_factories.Pkcs11LibraryFactory.LoadPkcs11Library(s_factories, path, AppType.MultiThreaded);
        }
    }

    /// <summary>Pkcs11Interop asks for libdl by a name that since glibc 2.34 no system has without the compiler's files.</summary>
    private static Pkcs11InteropFactories Factories()
    {
        AssemblyLoadContext.GetLoadContext(typeof(Pkcs11InteropFactories).Assembly)!.ResolvingUnmanagedDll += (_, name) =>
            name == "libdl" && NativeLibrary.TryLoad("libdl.so.2", out var library) ? library : 0;
        return new Pkcs11InteropFactories();
    }
}
