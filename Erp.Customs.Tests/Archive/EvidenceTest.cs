using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Erp.Customs.Contracts;
using Erp.Customs.Contracts.Capture;
using Erp.Customs.Module;
using Erp.Customs.Module.Archive.Capture;
using Erp.Customs.Module.Archive.Sealing;
using Erp.Customs.Module.Storage;
using Erp.Customs.Tests.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace Erp.Customs.Tests.Archive;

/// <summary>What every test of the evidence starts from: an archive with a record of every kind, its sealing, its checkpoints in a folder, and its verification.</summary>
public abstract class EvidenceTest<TEngine> : StoreTest<TEngine> where TEngine : TestEngine, new()
{
    private readonly string _folder = Directory.CreateTempSubdirectory("erp-customs-evidence-").FullName;

    internal ArchiveOptions Settings { get; set; } = new();

    internal string CheckpointsFolder => Path.Combine(_folder, "checkpoints");

    internal SealingKey Key => field ??= new SealingKey(Settings, _folder);

    internal Checkpoints Checkpoints => Kept([new CheckpointFolder(CheckpointsFolder)]);

    public override async Task DisposeAsync()
    {
        Key.Dispose();
        await base.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    internal Checkpoints Kept(IReadOnlyList<ICheckpointTarget> targets) => new(new CheckpointTable(Database), Evidence, Sealer, Key, targets, Time, NullLogger<Checkpoints>.Instance);

    internal async Task<ArchiveVerification> VerifyAsync(ArchiveRange? range = null, IProgress<ArchiveVerificationProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        using var verifier = new ArchiveVerifier(Evidence, new CheckpointTable(Database), Checkpoints, Key, Sealer, new VerificationState(Path.Combine(_folder, VerificationState.FileName)), Settings, Time);
        return await verifier.VerifyAsync(range ?? new(), progress, cancellationToken);
    }

    /// <summary>A payment with a correction and its captured messages, an order at the bridge, and a request of customs whose first message was replaced.</summary>
    internal async Task FillAsync(string name = "one")
    {
        var captures = new CaptureArchive(new CaptureTable(Database), Time);
        await captures.ReceiveAsync([new CapturedMessage(Guid.NewGuid(), "ningbo", name, CapturedKind.Request, new RawMessage(Encoding.UTF8.GetBytes("请求"), "utf-8"), Time.GetUtcNow(), "test")]);
        var payment = (await Archive.AppendAsync(Delivery(name, orders: name) with { TradeNo = name })).PaymentId;
        await Archive.CorrectAsync(new PaymentCorrection("ningbo", name, Facts(amount: 1m, orders: name), "li"));
        await AnswerAsync(name, payment);
        await PushAsync(name);
    }

    internal async Task PushAsync(string name)
    {
        var pushes = new BridgeTable(Database, Time);
        var content = Encoding.UTF8.GetBytes("{}");
        var push = await pushes.DecideAsync((connection, transaction) => pushes.InsertAsync(connection, transaction, new NewPush("ningbo", name, "A", content, SHA256.HashData(content), "110101199003070011", Time.GetUtcNow(), [])));
        await pushes.BeginAsync(push, (await pushes.ClaimAsync(push, Lease))!.Fence, BridgeExchangeKind.Push, Encoding.UTF8.GetBytes("{\"OrderNo\":\"x\"}"));
        await pushes.CallBackAsync(name, Encoding.UTF8.GetBytes("data={}"), Encoding.UTF8.GetBytes("ok"));
    }

    /// <summary>Has SQL run behind the product's back.</summary>
    internal Task TamperAsync(FormattableString sql) => Engine.TamperAsync(sql.ToString(CultureInfo.InvariantCulture));

    internal Task<long> NumberAsync(string kind, long id, long no = 0) => ScalarAsync<long>(string.Create(CultureInfo.InvariantCulture, $"SELECT number FROM evidence WHERE kind = '{kind}' AND record_id = {id} AND record_no = {no}"));

    private async Task AnswerAsync(string name, long payment)
    {
        var (_, id) = await Requests.InsertAsync(Request(name, name, "ningbo") with { Answer = """{"code":"10000","message":"","serviceTime":1}""" });
        foreach (var text in (string[])["first", "second"])
        {
            var request = (await Requests.ClaimAsync(id, Lease))!;
            await Requests.SaveEnvelopeAsync(request.Fence, EnvelopeOf(request, payment, text), To(RequestState.Signed, Time.GetUtcNow(), release: false));
            var number = await Requests.BeginAttemptAsync(id, request.Fence, To(RequestState.Sending, Time.GetUtcNow(), release: false));
            await Requests.EndAttemptAsync(
                request.Fence, new UploadAttempt(id, number!.Value, Time.GetUtcNow(), Time.GetUtcNow(), 200, Encoding.UTF8.GetBytes("{}"), text == "first" ? "20004" : "10000", "", ""),
                To(text == "first" ? RequestState.Rejected : RequestState.Accepted));
            if (text == "first")
            {
                Assert.True(await Requests.StartOverAsync((await Requests.FindAsync(id, default))!, To(RequestState.Received, Time.GetUtcNow()), "li", replacesEnvelope: true));
            }
        }
    }
}
