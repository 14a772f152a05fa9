namespace Erp.Customs.Host.Verbs;

/// <summary>导出证据包: writes the evidence bundle of an order to a file.</summary>
internal static class EvidenceVerb
{
    public static Verb Verb { get; } = new(
        "evidence", "evidence --order 订单号 --reason 原因 --out 文件.zip [--merchant 商户]：导出订单的证据包（含个人信息）。 Writes an order's evidence bundle, personal data in clear.", RunAsync);

    private static async Task<int> RunAsync(VerbArguments arguments)
    {
        if (arguments.TakeOption("--order") is not { } order || arguments.TakeOption("--reason") is not { } reason || arguments.TakeOption("--out") is not { } file)
        {
            throw new UsageException("用法：evidence --order 订单号 --reason 原因 --out 文件.zip [--merchant 商户]。 Usage: evidence --order NO --reason WHY --out FILE.zip [--merchant NAME].");
        }

        var merchant = arguments.TakeOption("--merchant");
        return await ModuleVerb.RunAsync(arguments, "evidence", async (customs, cancellationToken) =>
        {
            var bundle = await customs.ExportEvidenceAsync(order, merchant, Environment.UserName, reason, cancellationToken);
            if (bundle.Problem.Length > 0)
            {
                await Console.Error.WriteLineAsync(bundle.Problem);
                return VerbTable.Failed;
            }

            OwnFolder.WriteFile(file, bundle.Content.ToArray());
            Console.WriteLine($"{Path.GetFullPath(file)}: {bundle.Content.Length} 字节。 bytes.");
            return 0;
        }, reads: true);
    }
}
