using System.Globalization;
using Erp.Customs.Contracts;

namespace Erp.Customs.Host.Verbs;

/// <summary>试签名: has each of a merchant's signers sign a harmless text, and shows how it came out.</summary>
internal static class SignVerb
{
    public static Verb Verb { get; } = new(
        "sign", "sign test --merchant M：逐台设备试签名并本地验签。 Has each of a merchant's signers sign a harmless text and verifies it.", RunAsync);

    private static async Task<int> RunAsync(VerbArguments arguments)
    {
        var merchant = arguments.TakeWord() == "test" ? arguments.TakeOption("--merchant") : null;
        if (merchant is null)
        {
            throw new UsageException("用法：sign test --merchant 商户。 Usage: sign test --merchant MERCHANT.");
        }

        return await ModuleVerb.RunAsync(arguments, "test-signing", (customs, cancellationToken) => SignAsync(customs, merchant, cancellationToken));
    }

    private static async Task<int> SignAsync(ICustoms customs, string merchant, CancellationToken cancellationToken)
    {
        if (await customs.TestSigningAsync(merchant, cancellationToken) is not { } tests)
        {
            await Console.Error.WriteLineAsync($"设置中没有商户 {merchant}。 The settings have no merchant {merchant}.");
            return VerbTable.Failed;
        }

        foreach (var test in tests)
        {
            if (test.CertNo.Length > 0)
            {
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{test.Signer}  {test.Scheme}  certNo {test.CertNo}  {test.NotBefore:yyyy-MM-dd} … {test.NotAfter:yyyy-MM-dd}  {test.Took.TotalMilliseconds:0.0} ms"));
            }

            await (test.Ok ? Console.Out : Console.Error).WriteLineAsync(test.CertNo.Length > 0 ? test.Sentence : $"{test.Signer}  {test.Sentence}");
        }

        return tests.All(test => test.Ok) ? 0 : VerbTable.Failed;
    }
}
