using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Erp.Customs.Contracts;
using Erp.Customs.Module.Storage;
using RestSharp;

namespace Erp.Customs.Module.Diagnostics.Alerts;

/// <summary>
/// Another program: JSON, signed by the header <c>X-Erp-Customs-Signature: sha256=&lt;hex of HMAC-SHA256(key secret, the body)&gt;</c>. Any 2xx takes it.
/// The same <c>id</c> may come more than once and is the same message.
/// </summary>
internal sealed class WebhookChannel(AlertChannelOptions options, RestClient client, CustomsEnvironment environment) : RobotChannel(options, client)
{
    /// <summary>The header of the signature.</summary>
    public const string SignatureHeader = "X-Erp-Customs-Signature";

    protected override (Uri Address, JsonObject Body) Compose(AlertMessage message) => (
        Options.Url!,
        new JsonObject
        {
            ["id"] = message.Id,
            ["kind"] = EnumWords<AlertKind>.Word(message.Kind),
            ["level"] = EnumWords<NoticeLevel>.Word(message.Level),
            ["environment"] = EnumWords<CustomsEnvironment>.Word(environment),
            ["merchant"] = message.Merchant,
            ["subject"] = AlertText.Subject(message, Options.English),
            ["text"] = AlertText.Body(message, Options.English),
            ["count"] = message.Alerts,
            ["raisedAt"] = message.RaisedAt.ToOffset(ChinaTime.Offset).ToString("O"),
            ["lastRaisedAt"] = message.LastRaisedAt.ToOffset(ChinaTime.Offset).ToString("O"),
            ["path"] = message.Path,
        });

    protected override IEnumerable<(string Name, string Value)> Headers(string json) =>
        [(SignatureHeader, "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Options.Secret!), Encoding.UTF8.GetBytes(json))))];

    protected override AlertReceipt Read(int status, string answer) =>
        status is >= 200 and < 300 ? AlertReceipt.Taken : AlertReceipt.Failed(Words.Of($"接收方应答 HTTP {status}", $"The receiver answered HTTP {status}"));
}
