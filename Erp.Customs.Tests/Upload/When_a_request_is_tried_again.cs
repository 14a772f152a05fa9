using Erp.Customs.Module;
using Erp.Customs.Module.Storage;
using Erp.Customs.Module.Upload;
using Erp.Customs.Tests.Support;

namespace Erp.Customs.Tests.Upload;

/// <summary>The schedule of each class of failure, by a clock that a test moves.</summary>
public class When_a_request_is_tried_again
{
    private readonly ManualTime _time = new();
    private readonly CustomsRequest _request;
    private readonly RetrySchedule _schedule;

    public When_a_request_is_tried_again()
    {
        _request = new CustomsRequest
        {
            Id = 1,
            SessionId = "s",
            OrderNo = "o",
            Purpose = RequestPurpose.Customs,
            ReceivedAt = _time.GetUtcNow(),
            Deadline = _time.GetUtcNow().AddSeconds(120),
            State = RequestState.Signed,
            Failure = FailureClass.None,
            Reason = "",
            Attempts = 40,
            Fence = 1,
        };
        _schedule = new RetrySchedule(Options(RetryOptions.Defaults(TimeSpan.FromSeconds(120))), _time);
    }

    [Theory]
    [InlineData("Data", 120)]
    [InlineData("SignerTransient", 86_400)]
    [InlineData("CustomsTransient", 86_400)]
    [InlineData("Unknown", 86_400)]
    public void Should_wait_longer_and_longer_until_trying_makes_no_sense(string failure, int useful)
    {
        var kind = Enum.Parse<FailureClass>(failure);
        Assert.Equal(1, Delay(kind));
        _time.Advance(TimeSpan.FromSeconds(20));
        Assert.InRange(Delay(kind)!.Value, 8, 12);
        _time.Advance(TimeSpan.FromSeconds(useful - 22));
        Assert.Equal(2, Delay(kind));
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Null(Delay(kind));
    }

    [Theory]
    [InlineData("None")]
    [InlineData("Template")]
    [InlineData("SignerPin")]
    [InlineData("SignerConfiguration")]
    [InlineData("CustomsRejected")]
    public void Should_be_a_persons_at_once_where_nothing_passes_by_itself(string failure) => Assert.Null(Delay(Enum.Parse<FailureClass>(failure)));

    [Fact]
    public void Should_not_come_back_together_with_what_failed_together()
    {
        _time.Advance(TimeSpan.FromSeconds(60));
        var delays = Enumerable.Range(0, 200).Select(_ => Delay(FailureClass.CustomsTransient)!.Value).ToList();
        Assert.All(delays, delay => Assert.InRange(delay, 24, 36));
        Assert.True(delays.Max() - delays.Min() > 6, $"{delays.Min()} to {delays.Max()}");
    }

    [Fact]
    public void Should_never_wait_longer_than_is_set()
    {
        _time.Advance(TimeSpan.FromHours(3));
        Assert.All(Enumerable.Range(0, 50), _ => Assert.Equal(60, Delay(FailureClass.Unknown)));
    }

    [Fact]
    public void Should_heed_customs_wish_up_to_the_greatest_delay()
    {
        Assert.Equal(17, Delay(FailureClass.CustomsTransient, retryAfter: 17));
        Assert.Equal(60, Delay(FailureClass.CustomsTransient, retryAfter: 3600));
        Assert.Equal(1, Delay(FailureClass.CustomsTransient, retryAfter: 0));
        Assert.Equal(1, Delay(FailureClass.CustomsTransient, retryAfter: -5));
        _time.Advance(TimeSpan.FromSeconds(20));
        Assert.InRange(Delay(FailureClass.CustomsTransient, retryAfter: 3)!.Value, 8, 12);
    }

    [Fact]
    public void Should_get_a_full_new_round_when_a_person_has_it_start_over()
    {
        _time.Advance(TimeSpan.FromDays(2));
        Assert.Null(Delay(FailureClass.CustomsTransient));
        var again = _request with { RequeuedAt = _time.GetUtcNow() };
        _time.Advance(TimeSpan.FromSeconds(4));

        Assert.InRange(_schedule.Next(again, FailureClass.CustomsTransient)!.Value - _time.GetUtcNow(), TimeSpan.FromSeconds(1.6), TimeSpan.FromSeconds(2.4));
        Assert.NotNull(_schedule.Next(again, FailureClass.Data));
        _time.Advance(TimeSpan.FromSeconds(117));
        Assert.Null(_schedule.Next(again, FailureClass.Data));
        _time.Advance(TimeSpan.FromHours(24));
        Assert.Null(_schedule.Next(again, FailureClass.CustomsTransient));
    }

    private double? Delay(FailureClass failure, int? retryAfter = null) =>
        (_schedule.Next(_request, failure, retryAfter is { } seconds ? TimeSpan.FromSeconds(seconds) : null) - _time.GetUtcNow())?.TotalSeconds;

    private static CustomsOptions Options(IReadOnlyDictionary<FailureClass, RetryOptions> retry) => new()
    {
        UploadUrl = new Uri("http://127.0.0.1/"),
        Merchants = new Dictionary<string, MerchantOptions>(StringComparer.Ordinal),
        Retry = retry,
    };
}
