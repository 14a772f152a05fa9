namespace Erp.Customs.Contracts.Capture;

/// <summary>What capture may use of the process and its disk.</summary>
public sealed class PaymentCaptureOptions
{
    /// <summary>Folder of messages that wait for the module; made when it is needed, for its owner alone. The default value is <c>captured-payments</c> in the data folder of the modules.</summary>
    public string? Directory { get; set; }

    /// <summary>How much that folder may hold; the oldest are kept. The default value is 1 GiB.</summary>
    public long DirectoryLimit { get; set; } = 1024L * 1024 * 1024;

    /// <summary>How much may wait in memory. The default value is 32 MiB.</summary>
    public long MemoryLimit { get; set; } = 32L * 1024 * 1024;

    /// <summary>How often module and folder are tried again while something waits. The default value is 1 second.</summary>
    public TimeSpan RetryInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long the module may take for a message before it goes to the folder. The default value is 10 seconds.</summary>
    public TimeSpan StoreLimit { get; set; } = TimeSpan.FromSeconds(10);
}

/// <summary>Whose messages are captured, and how it is found out which payment they belong to. The functions run in the background, after the payment, except where it is said otherwise.</summary>
public abstract class CaptureSourceOptions
{
    /// <summary>The merchant's name in the module's settings. Required, unless <see cref="MerchantOf"/> finds it.</summary>
    public string? Merchant { get; set; }

    /// <summary>Finds the merchant where several share a client or an address; <see langword="null"/> or an empty result leaves it to <see cref="Merchant"/>.</summary>
    public Func<PaymentTexts, string?>? MerchantOf { get; set; }

    /// <summary>支付渠道, e.g. <c>wechat</c>: stands first in <see cref="CapturedMessage.Origin"/>. The default value is empty.</summary>
    public string Channel { get; set; } = "";

    /// <summary>Finds the trade number (商户订单号); <see cref="Capture.TradeNo"/> has ready-made ones. Required.</summary>
    public Func<PaymentTexts, string?>? TradeNo { get; set; }

    /// <summary>Largest message; a larger one is passed on untouched and not captured. The default value is 64 KiB.</summary>
    public int MessageLimit { get; set; } = 64 * 1024;

    internal void Check()
    {
        if (string.IsNullOrWhiteSpace(Merchant) && MerchantOf is null)
        {
            throw new InvalidOperationException($"{nameof(Merchant)} must be the merchant's name in the module's settings.");
        }

        if (TradeNo is null)
        {
            throw new InvalidOperationException($"{nameof(TradeNo)} must say how the trade number is found, e.g. {nameof(Capture)}.{nameof(TradeNo)}.{nameof(Capture.TradeNo.Xml)}(\"out_trade_no\").");
        }

        if (MessageLimit < 1)
        {
            throw new InvalidOperationException($"{nameof(MessageLimit)} must be 1 byte or more.");
        }
    }

    internal string OriginOf(string method, string address) => Channel.Length == 0 ? $"{method} {address}" : $"{Channel} {method} {address}";
}

/// <summary>Capture of what an HTTP client sends and receives.</summary>
public sealed class RawPaymentCaptureOptions : CaptureSourceOptions
{
    /// <summary>Which requests count, e.g. <c>request => request.RequestUri!.AbsolutePath == "/pay/unifiedorder"</c>. Asked before each is sent. The default is every one.</summary>
    public Func<HttpRequestMessage, bool> Where { get; set; } = static _ => true;
}

/// <summary>Capture of payment notifies that come in.</summary>
public sealed class PaymentNotifyCaptureOptions : CaptureSourceOptions
{
    /// <summary>
    /// Whether the ERP believed the notify, from the texts of notify and answer: an address on the internet can be called by anybody, and only the ERP's own handler
    /// has checked the payment company's signature. The default is a status of 2xx with an answer that does not contain <c>fail</c>, as WeChat Pay, Alipay and UnionPay
    /// are answered.
    /// </summary>
    public Func<PaymentTexts, int, bool> Accepted { get; set; } = static (texts, status) =>
        status is >= 200 and < 300 && !texts.Response.Contains("fail", StringComparison.OrdinalIgnoreCase);
}

/// <summary>An exchange as text, for finding what it belongs to. Never logged.</summary>
/// <param name="Address">The whole address, with its query.</param>
/// <param name="Request">The body that was sent, or the notify's; the address where there was no body.</param>
/// <param name="Response">The body that came back, or the ERP's answer; empty where there is none (yet).</param>
public sealed record PaymentTexts(string Address, string Request, string Response);
