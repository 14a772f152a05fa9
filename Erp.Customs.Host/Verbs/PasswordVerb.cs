using System.Text;
using Erp.Customs.Host.Users;

namespace Erp.Customs.Host.Verbs;

/// <summary>Reads a password from standard input and prints the hash for <c>Host:Users:&lt;name&gt;:PasswordHash</c>.</summary>
internal static class PasswordVerb
{
    /// <summary>The shortest password, in characters.</summary>
    private const int ShortestPassword = 8;

    public static Verb Verb { get; } = new("password", "从标准输入读取口令并输出其哈希。 Reads a password from standard input and prints its hash.", RunAsync);

    private static async Task<int> RunAsync(VerbArguments arguments)
    {
        var password = Console.IsInputRedirected ? await Console.In.ReadLineAsync() ?? "" : Ask();
        if (password.Length < ShortestPassword)
        {
            throw new UsageException($"口令至少 {ShortestPassword} 个字符。 A password needs at least {ShortestPassword} characters.");
        }

        Console.WriteLine(PasswordHashes.Make(password));
        return 0;
    }

    // Standard output carries nothing but the hash.
    private static string Ask()
    {
        Console.Error.Write("口令 password: ");
        var password = new StringBuilder();
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
        {
            if (key.Key == ConsoleKey.Backspace)
            {
                password.Length = Math.Max(0, password.Length - 1);
            }
            else if (!char.IsControl(key.KeyChar))
            {
                password.Append(key.KeyChar);
            }
        }

        Console.Error.WriteLine();
        return password.ToString();
    }
}
