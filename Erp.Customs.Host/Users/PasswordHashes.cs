using Microsoft.AspNetCore.Identity;

namespace Erp.Customs.Host.Users;

/// <summary>Password hashes: PBKDF2 with HMAC-SHA512, 100,000 rounds, a salt of its own in each, Base64.</summary>
internal static class PasswordHashes
{
    private static readonly PasswordHasher<object> _hasher = new();
    private static readonly object _nobody = new();

    // Costs as much as a real one, so that the time of an answer does not tell which names exist.
    private static readonly string _unknownUser = Make("nobody has this password");

    /// <summary>Makes a hash.</summary>
    public static string Make(string password) => _hasher.HashPassword(_nobody, password);

    /// <summary>Whether a password belongs to a hash; takes as long when there is none.</summary>
    /// <exception cref="FormatException">The hash is not Base64.</exception>
    public static bool Fits(string? hash, string password)
    {
        var fits = _hasher.VerifyHashedPassword(_nobody, hash ?? _unknownUser, password) != PasswordVerificationResult.Failed;
        return fits && hash is not null;
    }
}
