using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Erp.Customs.Module.Signing.Agents;

/// <summary>Which agent calls: its token tells, in the header <c>Authorization: Bearer …</c> and nowhere else.</summary>
/// <param name="Merchant">Whose texts it may sign.</param>
/// <param name="Name">Its name in the settings.</param>
internal sealed record AgentIdentity(string Merchant, string Name)
{
    private const string Scheme = "Bearer ";

    /// <summary>Whose token a request shows; <see langword="null"/> when it shows none that is configured.</summary>
    public static AgentIdentity? Find(CustomsOptions options, HttpRequest request)
    {
        var header = request.Headers[HeaderNames.Authorization].ToString();
        var token = header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? header[Scheme.Length..] : "";
        // Hashes of equal length compared in constant time, and all of them: the time tells nothing about any token.
        var shown = SHA256.HashData(Encoding.UTF8.GetBytes(token));
        AgentIdentity? found = null;
        foreach (var merchant in options.Merchants.Values)
        {
            foreach (var (name, hash) in merchant.Agents)
            {
                if (CryptographicOperations.FixedTimeEquals(shown, hash))
                {
                    found = new(merchant.Name, name);
                }
            }
        }

        return found;
    }
}
