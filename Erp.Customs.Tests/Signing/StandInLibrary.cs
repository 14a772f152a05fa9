using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using Erp.Customs.Simulator;
using Erp.Customs.Tests.Support;

namespace Erp.Customs.Tests.Signing;

/// <summary>A C compiler, which makes the library that stands in for Sign64.dll.</summary>
public sealed class CCompiler : IOptionalTool
{
    public static string? Absent { get; } = OperatingSystem.IsWindows() ? "The stand-in for Sign64.dll is made where there is cc."
        : Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(folder => File.Exists(Path.Combine(folder, "cc"))) ? null
        : "There is no C compiler (cc) on this machine.";
}

/// <summary>A native library with the three exports of Sign64.dll, whose answers the test gives: everything between them is real. Each has its own copy of the file, so that tests share nothing.</summary>
internal sealed class StandInLibrary : IDisposable
{
    private const string Source = """
        typedef unsigned int UINT; typedef unsigned char BYTE;
        static UINT (*on_number)(BYTE*, UINT*);
        static UINT (*on_sign)(BYTE*, UINT, BYTE*, UINT*, const char*);
        void Play(UINT (*number)(BYTE*, UINT*), UINT (*sign)(BYTE*, UINT, BYTE*, UINT*, const char*)) { on_number = number; on_sign = sign; }
        UINT GetCardID(BYTE* buffer, UINT* length) { return on_number(buffer, length); }
        UINT GetCertNo(BYTE* buffer, UINT* length) { return on_number(buffer, length); }
        UINT Sign(BYTE* source, UINT sourceLength, BYTE* sign, UINT* signLength, const char* password) { return on_sign(source, sourceLength, sign, signLength, password); }
        """;

    private static readonly Lazy<string> s_compiled = new(Compile);

    private readonly string _folder = Directory.CreateTempSubdirectory("erp-customs-sign64-").FullName;
    private readonly NumberCall _number;
    private readonly SignCall _sign;
    private readonly ManualResetEventSlim _goOn = new(initialState: true);
    private int _inside;

    public StandInLibrary(IssuedCard card, string pin)
    {
        (Card, Pin, _number, _sign) = (card, pin, Number, Sign);
        Path = System.IO.Path.Combine(_folder, "Sign64.so");
        File.Copy(s_compiled.Value, Path);
        var library = NativeLibrary.Load(Path);
        Marshal.GetDelegateForFunctionPointer<PlayCall>(NativeLibrary.GetExport(library, "Play"))(_number, _sign);
    }

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int NumberCall(nint buffer, nint length);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int SignCall(nint source, uint sourceLength, nint sign, nint signLength, nint password);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate void PlayCall(NumberCall number, SignCall sign);

    public string Path { get; }

    public IssuedCard Card { get; set; }

    public string Pin { get; set; }

    /// <summary>What Sign returns instead of signing.</summary>
    public int Code { get; set; }

    /// <summary>Signs another text than it was given.</summary>
    public bool SignsOtherText { get; set; }

    /// <summary>Writes what is no Base64.</summary>
    public bool WritesGarbage { get; set; }

    /// <summary>How many bytes it writes behind the caller's buffer.</summary>
    public int Overrun { get; set; }

    /// <summary>How many bytes it says that it wrote; <see langword="null"/> for the truth.</summary>
    public uint? Length { get; set; }

    public int Signs { get; private set; }

    public int WrongPins { get; private set; }

    /// <summary>Calls that were inside at the same time at most.</summary>
    public int MostInside { get; private set; }

    /// <summary>Where it kept the last PIN: a pointer into the caller's memory.</summary>
    public string? LastPin { get; private set; }

    /// <summary>No call returns until <see cref="GoOn"/>.</summary>
    public void Hang() => _goOn.Reset();

    public void GoOn() => _goOn.Set();

    /// <summary>The library itself stays loaded: the signer may still be in it.</summary>
    public void Dispose()
    {
        GoOn();
        Directory.Delete(_folder, recursive: true);
    }

    private static string Compile()
    {
        var folder = Directory.CreateTempSubdirectory("erp-customs-cc-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        var source = System.IO.Path.Combine(folder, "sign64.c");
        File.WriteAllText(source, Source);
        using var cc = Process.Start(new ProcessStartInfo("cc", ["-shared", "-fPIC", "-o", System.IO.Path.Combine(folder, "sign64.so"), source]) { UseShellExecute = false })!;
        cc.WaitForExit();
        Assert.Equal(0, cc.ExitCode);
        return System.IO.Path.Combine(folder, "sign64.so");
    }

    private int Number(nint buffer, nint length)
    {
        Write(buffer, length, Encoding.ASCII.GetBytes(Card.CertNo.ToUpperInvariant()));
        return 0;
    }

    private int Sign(nint source, uint sourceLength, nint sign, nint signLength, nint password)
    {
        MostInside = Math.Max(MostInside, Interlocked.Increment(ref _inside));
        try
        {
            _goOn.Wait();
            Signs++;
            LastPin = Marshal.PtrToStringUTF8(password);
            if (Code != 0)
            {
                return Code;
            }

            if (LastPin != Pin)
            {
                WrongPins++;
                return -2;
            }

            var text = new byte[sourceLength];
            Marshal.Copy(source, text, 0, text.Length);
            var signature = Card.Sign(SignsOtherText ? [1, 2, 3] : text);
            Write(sign, signLength, WritesGarbage ? [0xFF, 0x01, 0x80] : Encoding.ASCII.GetBytes(Convert.ToBase64String(signature)));
            return 0;
        }
        finally
        {
            Interlocked.Decrement(ref _inside);
        }
    }

    private void Write(nint buffer, nint length, byte[] text)
    {
        var room = Marshal.ReadInt32(length);
        Marshal.Copy(text, 0, buffer, text.Length);
        for (var behind = 0; behind < Overrun; behind++)
        {
            Marshal.WriteByte(buffer, room + behind, (byte)'x');
        }

        Marshal.WriteInt32(length, (int)(Length ?? (uint)text.Length));
    }
}
