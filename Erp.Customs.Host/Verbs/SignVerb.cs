using System.Globalization;
using Erp.Customs.Contracts;
using Erp.Customs.Contracts.Hosting;

namespace Erp.Customs.Host.Verbs;

/// <summary>试签名: has a merchant's signer sign a harmless text, and shows how it came out.</summary>
internal static class SignVerb
{
    public static Verb Verb { get; } = new(
        "sign", "sign test --merchant M：试签名并本地验签。 Has a merchant's signer sign a harmless text and verifies it.", RunAsync);

    private static async Task<int> RunAsync(VerbArguments arguments)
    {
        var merchant = arguments.TakeWord() == "test" ? arguments.TakeOption("--merchant") : null;
        if (merchant is null)
        {
            throw new UsageException("用法：sign test --merchant 商户。 Usage: sign test --merchant MERCHANT.");
        }

        // The module needs a host around it; nobody needs to know where this one listens.
        await using var app = HostApplication.Build(new VerbArguments([.. arguments.Rest, "--urls", "http://127.0.0.1:0"]));
        if (!await HostApplication.StartAsync(app))
        {
            return VerbTable.Failed;
        }

        var result = await SignAsync(app.Services.GetRequiredService<IErpModules>(), merchant, app.Lifetime.ApplicationStopping);
        await app.StopAsync();
        return result;
    }

    private static async Task<int> SignAsync(IErpModules modules, string merchant, CancellationToken cancellationToken)
    {
        if (modules.Find<ICustoms>() is not { } customs)
        {
            await Console.Error.WriteLineAsync($"模块未运行，服务运行中时请改用接口 test-signing。 The module does not run here; where the service runs, use its address test-signing. {modules.Explain()}");
            return VerbTable.Failed;
        }

        if (await customs.TestSigningAsync(merchant, cancellationToken) is not { } test)
        {
            await Console.Error.WriteLineAsync($"设置中没有商户 {merchant}。 The settings have no merchant {merchant}.");
            return VerbTable.Failed;
        }

        if (test.CertNo.Length > 0)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{test.Kind}  {test.Scheme}  certNo {test.CertNo}  {test.NotBefore:yyyy-MM-dd} … {test.NotAfter:yyyy-MM-dd}  {test.Took.TotalMilliseconds:0.0} ms"));
        }

        await (test.Ok ? Console.Out : Console.Error).WriteLineAsync(test.Sentence);
        return test.Ok ? 0 : VerbTable.Failed;
    }
}
