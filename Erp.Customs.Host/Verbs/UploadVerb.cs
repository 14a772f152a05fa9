using Erp.Customs.Contracts;

namespace Erp.Customs.Host.Verbs;

/// <summary>联调: uploads one order to customs' test address, and to no other, in a session of its own, and shows the answer.</summary>
internal static class UploadVerb
{
    /// <summary>How often the state is looked at.</summary>
    private static readonly TimeSpan _look = TimeSpan.FromMilliseconds(200);

    /// <summary>How long an answer may take. The default value is 120 seconds.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(120);

    public static Verb Verb { get; } = new(
        "upload", "upload test --order X [--merchant M]：联调上传到海关测试地址。 Uploads order X to customs' test address and shows the answer.", RunAsync);

    private static async Task<int> RunAsync(VerbArguments arguments)
    {
        var order = arguments.TakeWord() == "test" ? arguments.TakeOption("--order") : null;
        if (order is null)
        {
            throw new UsageException("用法：upload test --order 订单编号 [--merchant 商户]。 Usage: upload test --order ORDER [--merchant MERCHANT].");
        }

        var merchant = arguments.TakeOption("--merchant");
        return await ModuleVerb.RunAsync(arguments, "test-upload", (customs, cancellationToken) => UploadAsync(customs, order, merchant, cancellationToken));
    }

    private static async Task<int> UploadAsync(ICustoms customs, string order, string? merchant, CancellationToken cancellationToken)
    {
        if (await customs.UploadTestAsync(order, merchant, cancellationToken) is not { } sessionId)
        {
            await Console.Error.WriteLineAsync($"没有订单 {order} 的支付数据，或需用 --merchant 指明商户。 No payment of order {order} is stored, or --merchant must say whose order is meant.");
            return VerbTable.Failed;
        }

        Console.WriteLine($"sessionID {sessionId}");
        var status = await EndOfAsync(customs, sessionId, cancellationToken);
        Console.WriteLine($"{status.State}  {status.CustomsCode} {status.CustomsMessage}  {status.Reason}".TrimEnd());
        return status.State == "accepted" ? 0 : VerbTable.Failed;
    }

    private static async Task<RequestStatus> EndOfAsync(ICustoms customs, string sessionId, CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        var shown = "";
        while (true)
        {
            var status = (await customs.FindRequestAsync(sessionId, cancellationToken))!;
            if (status.FinishedAt is not null || TimeProvider.System.GetElapsedTime(started) > _patience)
            {
                return status;
            }

            if (status.State != shown)
            {
                Console.WriteLine($"{status.State} …");
                shown = status.State;
            }

            await Task.Delay(_look, cancellationToken);
        }
    }
}
