using System.Text;
using Erp.Customs.Module;
using Erp.Customs.Module.Archive;
using Erp.Customs.Module.Rendering;
using Erp.Customs.Module.Signing;
using Erp.Customs.Module.Storage;
using Erp.Customs.Module.Upload;
using Erp.Customs.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Erp.Customs.Tests.Upload;

public sealed class When_a_message_is_made : IAsyncLifetime
{
    private const string SessionId = "fe2374-8fnejf97-32839218";

    private readonly ManualTime _time = new(TimeProvider.System.GetUtcNow());
    private CustomsWorld _world = null!;
    private PaymentRecord _payment = null!;

    private ISigner Card => _world.Modules.Find<Signers>()!.Of(CustomsWorld.Ningbo)[0];

    public async Task InitializeAsync()
    {
        _world = await CustomsWorld.StartAsync();
        await _world.DeliveredAsync(CustomsWorld.Payment("T1", "SO1"));
        _payment = (await _world.Modules.Find<PaymentArchive>()!.FindForOrderAsync("SO1", merchant: null, CancellationToken.None))!.Payment;
    }

    public async Task DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public async Task Should_hold_the_time_that_the_signer_made_in_text_and_payload()
    {
        const long ofTheGateway = 1533282603450;
        var envelope = await MakeAsync((request, cancellationToken) => Card.SignAsync(request with { ProposedServiceTime = ofTheGateway }, cancellationToken));
        Assert.Equal(ofTheGateway, envelope.ServiceTime);
        Assert.EndsWith($"||\"serviceTime\":\"{ofTheGateway}\"", Encoding.UTF8.GetString(envelope.SignText), StringComparison.Ordinal);
        Assert.Contains($"\"serviceTime\":\"{ofTheGateway}\"", Encoding.UTF8.GetString(envelope.Payload), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_not_be_made_from_a_signature_of_another_text()
    {
        var failure = await FailsAsync(async (request, cancellationToken) => await Card.SignAsync(request with { SessionId = "another" }, cancellationToken));
        Assert.Equal((UploadEvent.PersonNeeded, FailureClass.SignerConfiguration), (failure.Happened, failure.Failure));
        Assert.Contains("本地验签未通过", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_not_be_made_with_a_certNo_that_is_not_the_certificate_s()
    {
        var failure = await FailsAsync(async (request, cancellationToken) => await Card.SignAsync(request, cancellationToken) with { CertNo = "01691f7f" });
        Assert.Contains("certNo", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Transient", "SignerAway", "SignerTransient")]
    [InlineData("Pin", "SignerAway", "SignerPin")]
    [InlineData("Configuration", "PersonNeeded", "SignerConfiguration")]
    public async Task Should_leave_the_request_where_the_signer_s_failure_puts_it(string failed, string happened, string failure)
    {
        var left = await FailsAsync((_, _) => throw new SignerException(Enum.Parse<SignerFailure>(failed), "the card says no"));
        Assert.Equal((happened, failure, "the card says no"), (left.Happened.ToString(), left.Failure.ToString(), left.Message));
    }

    [Fact]
    public async Task Should_not_wait_for_ever_for_a_signer_that_does_not_answer()
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var making = FailsAsync((_, _) =>
        {
            asked.SetResult();
            return new TaskCompletionSource<Signature>().Task;
        });
        await asked.Task;
        _time.Advance(TimeSpan.FromSeconds(30));
        var left = await making.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal((UploadEvent.SignerAway, FailureClass.SignerTransient), (left.Happened, left.Failure));
    }

    [Fact]
    public async Task Should_ask_for_a_person_where_the_template_is_wrong()
    {
        var left = await FailsAsync(Card.SignAsync, new BrokenTemplate());
        Assert.Equal((UploadEvent.PersonNeeded, FailureClass.Template), (left.Happened, left.Failure));
        Assert.Contains("head.scriban(3,7)", left.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_never_answer_with_a_payment_that_does_not_hold_the_order() =>
        await Assert.ThrowsAsync<InvalidOperationException>(() => MakeAsync(Card.SignAsync, orderNo: "SO9"));

    private async Task<UploadFailure> FailsAsync(Func<SigningRequest, CancellationToken, Task<Signature>> sign, IPayExchangeRenderer? renderer = null) =>
        await Assert.ThrowsAsync<UploadFailure>(() => MakeAsync(sign, renderer));

    private async Task<Envelope> MakeAsync(Func<SigningRequest, CancellationToken, Task<Signature>> sign, IPayExchangeRenderer? renderer = null, string orderNo = "SO1")
    {
        var options = _world.Modules.Find<CustomsOptions>()!;
        var kinds = new Dictionary<string, OpenSigner>(StringComparer.Ordinal) { ["KeyFile"] = (_, _, _) => new Device(sign) };
        await using var signers = new Signers(options, _time, NullLogger<Signers>.Instance, kinds);
        var request = new CustomsRequest
        {
            Id = 1,
            SessionId = SessionId,
            OrderNo = orderNo,
            Purpose = RequestPurpose.Customs,
            ReceivedAt = _time.GetUtcNow(),
            Deadline = _time.GetUtcNow().AddMinutes(2),
            State = RequestState.Received,
            Failure = FailureClass.None,
            Reason = "",
            Attempts = 0,
            Fence = 1,
        };
        return await new EnvelopeMaker(renderer ?? new CanonicalRenderer(), new SignerGate(signers, _world.Modules.Find<RequestTable>()!, _world.Modules.Find<PersonNotice>()!, options, _time, NullLogger<SignerGate>.Instance), options, TestMetrics.New(), _time).MakeAsync(request, _payment, options.Merchants[CustomsWorld.Ningbo], CancellationToken.None);
    }

    private sealed class Device(Func<SigningRequest, CancellationToken, Task<Signature>> sign) : ISigner
    {
        public string Kind => "Device";

        public Task<Signature> SignAsync(SigningRequest request, CancellationToken cancellationToken) => sign(request, cancellationToken);

        public Task<SignerCertificate> CertificateAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class BrokenTemplate : IPayExchangeRenderer
    {
        public string Description => "broken";

        public RenderedExchange Render(PayExchange exchange) => throw new RenderingException("templates/179/head.scriban(3,7): no such field", "templates/179/head.scriban(3,7): no such field");
    }
}
