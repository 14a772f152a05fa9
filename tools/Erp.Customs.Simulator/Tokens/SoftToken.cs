using System.Runtime.InteropServices;
using System.Runtime.Loader;
using System.Security.Cryptography;
using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;
using ISession = Net.Pkcs11Interop.HighLevelAPI.ISession;

namespace Erp.Customs.Simulator;

/// <summary>A PKCS#11 device in software: a token of SoftHSM 2 (Debian: softhsm2) with cards' keys and certificates on it, in a folder that goes with this process.</summary>
public sealed class SoftToken
{
    private const string OfficerPin = "officer-1234";

    private const string SettingsVariable = "SOFTHSM2_CONF";

    private static readonly Lock s_slots = new();
    private static readonly Lazy<string> s_settings = new(WriteSettings);
    private static readonly Lazy<IPkcs11Library> s_loaded = new(Load);

    private SoftToken()
    {
    }

    /// <summary>The library of SoftHSM; <see langword="null"/> where there is none.</summary>
    public static string? Library { get; } = Directory.Exists("/usr/lib")
        ? Directory.GetDirectories("/usr/lib").Select(folder => Path.Combine(folder, "softhsm")).Append("/usr/lib/softhsm").Append("/usr/lib64/pkcs11")
            .Select(folder => Path.Combine(folder, "libsofthsm2.so")).FirstOrDefault(File.Exists)
        : null;

    /// <summary>What the environment of another process needs, so that it sees the tokens of this one.</summary>
    public static (string Name, string Value) Environment => (SettingsVariable, s_settings.Value);

    /// <summary>The token's label.</summary>
    public string Label { get; } = "erp" + Guid.NewGuid().ToString("N")[..20];

    /// <summary>Whether a wrong PIN was tried since the last right one.</summary>
    public bool PinCountIsLow => Slot.GetTokenInfo().TokenFlags.UserPinCountLow;

    private ISlot Slot => s_loaded.Value.GetSlotList(SlotsType.WithTokenPresent).First(slot => slot.GetTokenInfo().Label.TrimEnd() == Label);

    /// <summary>Makes one.</summary>
    /// <param name="pin">The user's PIN.</param>
    /// <param name="cards">What lies on it, each under a label; of an SM2 card its certificate alone.</param>
    public static SoftToken Create(string pin, params IReadOnlyList<(IssuedCard Card, string Label)> cards)
    {
        var token = new SoftToken();
        lock (s_slots)
        {
            s_loaded.Value.GetSlotList(SlotsType.WithTokenPresent).First(slot => !slot.GetTokenInfo().TokenFlags.TokenInitialized).InitToken(OfficerPin, token.Label);
        }

        token.SetPin(pin);
        token.Replace(pin, cards);
        return token;
    }

    /// <summary>Puts cards on it in the place of all that lay there.</summary>
    /// <param name="pin">The user's PIN.</param>
    /// <param name="cards">As in <see cref="Create"/>.</param>
    public void Replace(string pin, params IReadOnlyList<(IssuedCard Card, string Label)> cards)
    {
        using var session = Slot.OpenSession(SessionType.ReadWrite);
        session.Login(CKU.CKU_USER, pin);
        foreach (var one in session.FindAllObjects([]))
        {
            session.DestroyObject(one);
        }

        foreach (var (card, label) in cards)
        {
            Put(session, card, label);
        }

        session.Logout();
    }

    /// <summary>The officer sets the user's PIN.</summary>
    public void SetPin(string pin)
    {
        using var session = Slot.OpenSession(SessionType.ReadWrite);
        session.Login(CKU.CKU_SO, OfficerPin);
        session.InitPin(pin);
        session.Logout();
    }

    private static string WriteSettings()
    {
        var folder = Directory.CreateTempSubdirectory("erp-customs-softhsm-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        var settings = Path.Combine(folder, "softhsm2.conf");
        File.WriteAllText(settings, $"directories.tokendir = {folder}\nobjectstore.backend = file\nlog.level = ERROR\n");
        return settings;
    }

    /// <summary>Never finalised: whoever else of this process uses the library would lose it.</summary>
    private static IPkcs11Library Load()
    {
        // .NET's own does not reach the C library's environment.
        Marshal.GetDelegateForFunctionPointer<SetEnv>(NativeLibrary.GetExport(NativeLibrary.Load("libc.so.6"), "setenv"))(SettingsVariable, s_settings.Value, 1);
        // Pkcs11Interop asks for libdl by a name that since glibc 2.34 no system has without the compiler's files.
        AssemblyLoadContext.GetLoadContext(typeof(Pkcs11InteropFactories).Assembly)!.ResolvingUnmanagedDll += (_, name) =>
            name == "libdl" && NativeLibrary.TryLoad("libdl.so.2", out var library) ? library : 0;
        var factories = new Pkcs11InteropFactories();
        return factories.Pkcs11LibraryFactory.LoadPkcs11Library(factories, Library ?? throw new InvalidOperationException("There is no SoftHSM 2 on this machine."), AppType.MultiThreaded);
    }

    private static void Put(ISession session, IssuedCard card, string label)
    {
        var attributes = session.Factories.ObjectAttributeFactory;
        byte[] id = [(byte)label.Length];
        session.CreateObject(
        [
            attributes.Create(CKA.CKA_CLASS, CKO.CKO_CERTIFICATE), attributes.Create(CKA.CKA_CERTIFICATE_TYPE, CKC.CKC_X_509), attributes.Create(CKA.CKA_TOKEN, true), attributes.Create(CKA.CKA_PRIVATE, false),
            attributes.Create(CKA.CKA_LABEL, label), attributes.Create(CKA.CKA_ID, id), attributes.Create(CKA.CKA_SUBJECT, label), attributes.Create(CKA.CKA_VALUE, card.Certificate.ToArray()),
        ]);
        if (card.Kind is not CardKind.Rsa1024)
        {
            return;
        }

        using var rsa = RSA.Create();
        rsa.ImportPkcs8PrivateKey(card.PrivateKey.Span, out _);
        var key = rsa.ExportParameters(includePrivateParameters: true);
        session.CreateObject(
        [
            attributes.Create(CKA.CKA_CLASS, CKO.CKO_PRIVATE_KEY), attributes.Create(CKA.CKA_KEY_TYPE, CKK.CKK_RSA), attributes.Create(CKA.CKA_TOKEN, true), attributes.Create(CKA.CKA_PRIVATE, true),
            attributes.Create(CKA.CKA_SENSITIVE, true), attributes.Create(CKA.CKA_SIGN, true), attributes.Create(CKA.CKA_LABEL, label), attributes.Create(CKA.CKA_ID, id),
            attributes.Create(CKA.CKA_MODULUS, key.Modulus!), attributes.Create(CKA.CKA_PUBLIC_EXPONENT, key.Exponent!), attributes.Create(CKA.CKA_PRIVATE_EXPONENT, key.D!),
            attributes.Create(CKA.CKA_PRIME_1, key.P!), attributes.Create(CKA.CKA_PRIME_2, key.Q!), attributes.Create(CKA.CKA_EXPONENT_1, key.DP!), attributes.Create(CKA.CKA_EXPONENT_2, key.DQ!),
            attributes.Create(CKA.CKA_COEFFICIENT, key.InverseQ!),
        ]);
    }

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int SetEnv([MarshalAs(UnmanagedType.LPUTF8Str)] string name, [MarshalAs(UnmanagedType.LPUTF8Str)] string value, int overwrite);
}
