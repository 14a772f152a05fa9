using System.Security.Cryptography;
using System.Text;
using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;

namespace Erp.Customs.Module.Signing.Pkcs11;

/// <summary>
/// A token at a PKCS#11 library: one session, logged in once, opened anew after every failure that is not a PIN's. The PIN goes to the device by C_Login and in no other way, so one try is one
/// try. Not for two threads at a time.
/// </summary>
/// <param name="library">The library of the device's maker.</param>
/// <param name="label">The token's label.</param>
/// <param name="key">The key's label; <see langword="null"/> where the token holds one key.</param>
/// <param name="pin">The user PIN.</param>
internal sealed class Pkcs11Token(string library, string label, string? key, string pin)
{
    private (ISession Session, IObjectHandle Key)? _open;
    private SigningCertificate? _certificate;

    /// <summary>Has the device sign.</summary>
    /// <param name="digestInfo">See <see cref="RsaSha1Padding"/>.</param>
    /// <exception cref="SignerException">It does not.</exception>
    public byte[] Sign(byte[] digestInfo) => Doing(() =>
    {
        var (session, handle) = _open ??= LogIn();
        using var mechanism = session.Factories.MechanismFactory.Create(CKM.CKM_RSA_PKCS);
        return session.Sign(mechanism, handle, digestInfo);
    });

    /// <summary>The key's certificate as it stands on the token; no PIN is needed. Read again after every failure: another token may be there.</summary>
    /// <exception cref="SignerException">There is none, or several.</exception>
    public SigningCertificate Certificate() => _certificate ??= Doing(() =>
    {
        using var session = Slot().OpenSession(SessionType.ReadOnly);
        var found = Find(session, CKO.CKO_CERTIFICATE);
        if (found.Count != 1)
        {
            throw new SignerException(SignerFailure.Configuration, Words.Of(
                $"PKCS#11 令牌 {label} 上有 {found.Count} 张可用的证书：请填写 Signing:KeyLabel（与密钥同名的证书）或 Signing:CertificateFile",
                $"The PKCS#11 token {label} holds {found.Count} certificates that might be meant: set Signing:KeyLabel, which key and certificate share, or Signing:CertificateFile"));
        }

        var der = session.GetAttributeValue(found[0], [CKA.CKA_VALUE])[0].GetValueAsByteArray();
        try
        {
            return SigningCertificate.Read(der);
        }
        catch (CryptographicException problem)
        {
            throw new SignerException(SignerFailure.Configuration, Words.Of($"PKCS#11 令牌 {label} 上的证书无法读取", $"The certificate on the PKCS#11 token {label} cannot be read"), problem);
        }
    });

    /// <summary>Ends the session; the next call opens another.</summary>
    public void Hang()
    {
        try
        {
            _open?.Session.Dispose();
        }
        catch (Pkcs11Exception)
        {
            // It was gone already, with its device.
        }

        (_open, _certificate) = (null, null);
    }

    private (ISession, IObjectHandle) LogIn()
    {
        var slot = Slot();
        var flags = slot.GetTokenInfo().TokenFlags;
        if (flags.UserPinLocked || flags.UserPinFinalTry)
        {
            throw new SignerException(SignerFailure.Pin, flags.UserPinLocked
                ? Words.Of($"PKCS#11 令牌 {label} 的 PIN 已锁定", $"The PIN of the PKCS#11 token {label} is locked")
                : Words.Of(
                    $"PKCS#11 令牌 {label} 的 PIN 只剩最后一次机会，不自动尝试：请先用厂商工具以正确的 PIN 登录一次", $"The PKCS#11 token {label} has one PIN try left, which is not spent here: log in once with the right PIN by the maker's own tool"));
        }

        var session = slot.OpenSession(SessionType.ReadOnly);
        var secret = Encoding.UTF8.GetBytes(pin);
        try
        {
            session.Login(CKU.CKU_USER, secret);
            return (session, OnlyKey(session));
        }
        catch (Pkcs11Exception problem) when (problem.RV == CKR.CKR_USER_ALREADY_LOGGED_IN)
        {
            // Another merchant with the same token: who is logged in is the process, not the session.
            return (session, OnlyKey(session));
        }
        catch (Pkcs11Exception problem) when (problem.Method == "C_Login")
        {
            session.Dispose();
            throw Pkcs11Errors.OfLogin(label, problem.RV);
        }
        catch
        {
            session.Dispose();
            throw;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    private IObjectHandle OnlyKey(ISession session) => Find(session, CKO.CKO_PRIVATE_KEY) is [var only]
        ? only
        : throw new SignerException(SignerFailure.Configuration, Words.Of(
            $"PKCS#11 令牌 {label} 上没有唯一的私钥：请用 Signing:KeyLabel 指明", $"The PKCS#11 token {label} does not hold exactly one private key that might be meant: name it by Signing:KeyLabel"));

    private List<IObjectHandle> Find(ISession session, CKO what)
    {
        var attributes = session.Factories.ObjectAttributeFactory;
        return session.FindAllObjects(key is null ? [attributes.Create(CKA.CKA_CLASS, what)] : [attributes.Create(CKA.CKA_CLASS, what), attributes.Create(CKA.CKA_LABEL, key)]);
    }

    private ISlot Slot() => Pkcs11Libraries.Get(library).GetSlotList(SlotsType.WithTokenPresent).Find(slot => slot.GetTokenInfo().Label.TrimEnd() == label)
        ?? throw new SignerException(SignerFailure.Transient, Words.Of($"找不到 PKCS#11 令牌 {label}，请检查设备是否连接", $"There is no PKCS#11 token {label}: see that the device is connected"));

    private T Doing<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (SignerException)
        {
            Hang();
            throw;
        }
        catch (Pkcs11Exception problem)
        {
            Hang();
            throw new SignerException(SignerFailure.Transient, Words.Of($"PKCS#11 令牌 {label} 报告 {problem.RV}", $"The PKCS#11 token {label} reports {problem.RV}"), problem);
        }
        catch (Exception problem) when (problem is UnmanagedException or DllNotFoundException or BadImageFormatException)
        {
            throw new SignerException(SignerFailure.Configuration, Words.Of(
                "设置 Signing:Library 指定的不是本机可加载的 PKCS#11 动态库", "Signing:Library names no PKCS#11 library that can be loaded on this machine"), new InvalidOperationException(problem.GetType().Name)); // its message repeats the path
        }
    }
}
