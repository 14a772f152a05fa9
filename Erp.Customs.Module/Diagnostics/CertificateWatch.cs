using Erp.Customs.Contracts;
using Erp.Customs.Module.Diagnostics.Alerts;
using Erp.Customs.Module.Jobs;
using Erp.Customs.Module.Signing;
using Erp.Customs.Module.Storage;
using Microsoft.Extensions.Logging;

namespace Erp.Customs.Module.Diagnostics;

/// <summary>
/// Looks every hour how long each certificate of each merchant is still good: a figure for whoever collects them, and an alert 30, 14, 7 and 1 days before its end and when it has ended, each once.
/// A renewal takes customs' counter some days, and the new certificate must be registered before the first signature with it.
/// </summary>
internal sealed class CertificateWatch(Signers signers, AlertOutbox alerts, CustomsMetrics metrics, CustomsOptions options, TimeProvider time, ILogger<CertificateWatch> logger) : IScheduledWork
{
    /// <summary>Days left at which people are told.</summary>
    private static readonly int[] s_days = [0, 1, 7, 14, 30];

    public string Name => "certificate-watch";

    /// <summary>Every hour at half past.</summary>
    public string Cron => "0 30 * * * ?";

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (var merchant in options.Merchants.Keys)
        {
            foreach (var signer in signers.Of(merchant))
            {
                try
                {
                    await LookAsync(merchant, signer.Name, await signer.CertificateAsync(cancellationToken));
                }
                catch (SignerException problem)
                {
                    // Whether a signer can be reached is another's watch; a card that is away is looked at in an hour.
                    logger.LogWarning("The certificate of signer {Signer} of {Merchant} could not be read: {Reason}", signer.Name, merchant, problem.Message);
                }
            }
        }
    }

    private async Task LookAsync(string merchant, string signer, SignerCertificate certificate)
    {
        var left = (certificate.NotAfter - time.GetUtcNow()).TotalDays;
        metrics.CertificateEndsIn(merchant, signer, left);
        if (Array.FindIndex(s_days, days => left <= days) is not (>= 0 and var found))
        {
            return;
        }

        var end = ChinaTime.ToScreen(certificate.NotAfter);
        var days = s_days[found];
        var subject = days == 0
            ? Words.Of($"商户 {merchant} 的签名证书 {certificate.CertNo} 已过期", $"The certificate {certificate.CertNo} of merchant {merchant} has ended")
            : Words.Of($"商户 {merchant} 的签名证书 {certificate.CertNo} 剩余不足 {days} 天", $"The certificate {certificate.CertNo} of merchant {merchant} ends within {days} {(days == 1 ? "day" : "days")}");
        await alerts.RaiseOnceAsync(new Alert(
            AlertKind.CertificateEnds, merchant, days <= 7 ? NoticeLevel.Alarm : NoticeLevel.Warning, subject,
            Words.Of(
                $"有效期至 {end}（北京时间）；请更换证书，并先以新证书编号在海关登记", $"It is good until {end}, China time; renew it, and register the new certificate's number with customs first")));
    }
}
