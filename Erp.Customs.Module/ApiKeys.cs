using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Erp.Customs.Module;

/// <summary>Keys of programs that call the module.</summary>
internal static class ApiKeys
{
    /// <summary>The header that shows one.</summary>
    public const string Header = "X-Api-Key";

    /// <summary>The name of the key that a request shows; <see langword="null"/> when it shows none that is configured.</summary>
    public static string? Owner(CustomsOptions options, HttpRequest request)
    {
        // Hashes of equal length compared in constant time, and all of them: the time tells nothing about any key.
        var shown = SHA256.HashData(Encoding.UTF8.GetBytes(request.Headers[Header].ToString()));
        string? owner = null;
        foreach (var (name, hash) in options.ApiKeys)
        {
            if (CryptographicOperations.FixedTimeEquals(shown, hash))
            {
                owner = name;
            }
        }

        return owner;
    }
}
