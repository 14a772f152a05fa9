namespace Erp.Customs.Module.Signing;

/// <summary>试签名: what is signed only to see that a key signs. Nobody could take it for a report to customs: neither an order nor a payment stands in it.</summary>
internal static class HarmlessText
{
    /// <summary>The text of a moment.</summary>
    public static SigningRequest At(DateTimeOffset now) => new("test", """{"test":"Erp.Customs 试签名"}""", "[]", now.ToUnixTimeMilliseconds());

    /// <summary>What was signed.</summary>
    public static string TextOf(SigningRequest request, Signature signature) => SignText.Compose(request.SessionId, request.Head, request.Lists, signature.ServiceTime);
}
