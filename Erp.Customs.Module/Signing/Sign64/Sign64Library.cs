using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Erp.Customs.Module.Signing.Sign64;

/// <summary>
/// Sign64.dll: three Cdecl exports, UTF-8 in and Base64 out (protocol section 3). It trusts its caller's buffers, so each has a canary behind it: where that was written over, the
/// answer is not believed. Not for two threads at a time.
/// </summary>
internal sealed unsafe class Sign64Library : IDisposable
{
    /// <summary>Room for what it writes. The default value is 8 KiB; a signature has 172 characters, certNo 16.</summary>
    private const int BufferLength = 8 * 1024;

    /// <summary>Bytes behind the room that must stay as they are. The default value is 8 KiB.</summary>
    private const int CanaryLength = 8 * 1024;

    private const byte Canary = 0xA5;

    private readonly nint _library;
    private readonly delegate* unmanaged[Cdecl]<byte*, uint*, int> _getCertNo;
    private readonly delegate* unmanaged[Cdecl]<byte*, uint, byte*, uint*, byte*, int> _sign;

    private Sign64Library(nint library)
    {
        _library = library;
        _getCertNo = (delegate* unmanaged[Cdecl]<byte*, uint*, int>)NativeLibrary.GetExport(library, "GetCertNo");
        _sign = (delegate* unmanaged[Cdecl]<byte*, uint, byte*, uint*, byte*, int>)NativeLibrary.GetExport(library, "Sign");
    }

    /// <summary>Loads the library.</summary>
    /// <param name="setting">The setting's name, for the sentence.</param>
    /// <param name="path">Its value.</param>
    /// <exception cref="SignerException">It cannot be loaded, or is another library.</exception>
    public static Sign64Library Load(string setting, string path)
    {
        nint library = 0;
        try
        {
            library = NativeLibrary.Load(Path.GetFullPath(path));
            return new Sign64Library(library);
        }
        catch (DllNotFoundException problem)
        {
            throw Wrong(setting, "指定的文件不存在，或缺少其依赖的控件", "names a file that does not exist, or lacks the control that it needs", problem);
        }
        catch (BadImageFormatException problem)
        {
            throw Wrong(setting, "不是 64 位动态库", "names a file that is no library of 64 bits", problem);
        }
        catch (EntryPointNotFoundException problem)
        {
            NativeLibrary.Free(library);
            throw Wrong(setting, "不是 Sign64.dll（没有 GetCertNo 和 Sign）", "names another library than Sign64.dll: it has no GetCertNo and Sign", problem);
        }
    }

    /// <summary>The number of the card's certificate, as the library spells it.</summary>
    /// <exception cref="SignerException">The card does not give it.</exception>
    public string CertNo() => Read((buffer, length) => _getCertNo(buffer, length));

    /// <summary>Signs.</summary>
    /// <param name="text">The bytes.</param>
    /// <param name="pin">The card's PIN: a copy of it is made for the call and wiped afterwards.</param>
    /// <returns>Base64.</returns>
    /// <exception cref="SignerException">The card does not sign.</exception>
    public string Sign(byte[] text, string pin)
    {
        var secret = new byte[Encoding.UTF8.GetByteCount(pin) + 1]; // ends with a zero
        try
        {
            Encoding.UTF8.GetBytes(pin, secret);
            fixed (byte* source = text, password = secret)
            {
                // Pointers cannot be captured.
                var (from, with) = ((nint)source, (nint)password);
                return Read((buffer, length) => _sign((byte*)from, (uint)text.Length, buffer, length, (byte*)with));
            }
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => NativeLibrary.Free(_library);

    private static string Read(Call call)
    {
        var room = (byte*)NativeMemory.AllocZeroed(BufferLength + CanaryLength);
        try
        {
            var canary = new Span<byte>(room + BufferLength, CanaryLength);
            canary.Fill(Canary);
            uint length = BufferLength;
            var code = call(room, &length);
            if (length > BufferLength || canary.IndexOfAnyExcept(Canary) >= 0)
            {
                throw new SignerException(SignerFailure.Configuration, Words.Of(
                    "Sign64.dll 写出了缓冲区之外，其结果不予采用；请核对该文件的来源与版本", "Sign64.dll wrote behind its buffer and is not believed: see where this file comes from"));
            }

            return code == 0 ? Text(new ReadOnlySpan<byte>(room, (int)length)) : throw Sign64Errors.Read(code);
        }
        finally
        {
            NativeMemory.Free(room);
        }
    }

    /// <summary>Up to the first zero: some count the one that ends a text, others the whole buffer.</summary>
    private static string Text(ReadOnlySpan<byte> written)
    {
        var end = written.IndexOf((byte)0);
        return Encoding.ASCII.GetString(end < 0 ? written : written[..end]).Trim();
    }

    private static SignerException Wrong(string setting, string zh, string en, Exception inner) =>
        new(SignerFailure.Configuration, Words.Of($"设置 {setting} {zh}", $"{setting} {en}"), new InvalidOperationException(inner.GetType().Name)); // its message repeats the path

    private delegate int Call(byte* buffer, uint* length);
}
