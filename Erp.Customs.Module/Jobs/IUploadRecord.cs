namespace Erp.Customs.Module.Jobs;

/// <summary>How requests stand, for an engine that shows them to people. The Upload room reads it from the table.</summary>
internal interface IUploadRecord
{
    /// <summary>Reads one request; <see langword="null"/> when it is not in the table (any more).</summary>
    Task<UploadStanding?> FindAsync(long requestId, CancellationToken cancellationToken);

    /// <summary>Reads the requests that failed for good, newest first.</summary>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    Task<IReadOnlyList<UploadStanding>> FailedAsync(int limit, CancellationToken cancellationToken);
}

/// <summary>How a request stands. Holds nothing personal: it is shown in lists and titles.</summary>
/// <param name="RequestId">Ours.</param>
/// <param name="OrderNo">The order asked for.</param>
/// <param name="SessionId">Customs' sessionID.</param>
/// <param name="Reason">Why it stands there, <c>中文 | English</c>; empty when all is well.</param>
/// <param name="Failed">Whether only a person can move it: 被退回, 会话已用, 需处理, or its merchant is stopped.</param>
/// <param name="DueAt">When it can be worked on next; <see langword="null"/> when nothing happens by itself.</param>
internal sealed record UploadStanding(long RequestId, string OrderNo, string SessionId, string Reason, bool Failed, DateTimeOffset? DueAt);

/// <summary>A person's wish to start over with a request. The Upload room has the rules.</summary>
internal interface IUploadRequeue
{
    /// <summary>Has a request worked on again at once, in a full new round of tries.</summary>
    /// <param name="requestId">Which.</param>
    /// <param name="who">The name under which the act is recorded.</param>
    /// <param name="reason">Why, in words for the record.</param>
    /// <param name="seenAt">When he saw where it stands: what somebody else has had start over since then is left alone; <see langword="null"/> where that does not matter.</param>
    Task<RequeueAnswer> RequeueAsync(long requestId, string who, string reason, DateTimeOffset? seenAt = null);

    /// <summary>The same for a selection, or for all that a filter shows. One that fails does not keep the others from their turn.</summary>
    /// <param name="requestIds">Which.</param>
    /// <param name="who">The name under which the act is recorded.</param>
    /// <param name="reason">Why, in words for the record.</param>
    /// <param name="seenAt">As above.</param>
    /// <param name="cancellationToken">Ends it between two; those before stay queued.</param>
    Task<RequeueCounts> RequeueAsync(IReadOnlyCollection<long> requestIds, string who, string reason, DateTimeOffset? seenAt, CancellationToken cancellationToken);
}

/// <summary>What became of many wishes.</summary>
/// <param name="Requeued">成功: worked on again.</param>
/// <param name="Refusals">Why others were refused by the rules (<c>中文 | English</c>), and how many for each reason.</param>
/// <param name="Failed">失败: the log says why.</param>
internal sealed record RequeueCounts(int Requeued, IReadOnlyDictionary<string, int> Refusals, int Failed)
{
    /// <summary>跳过: refused by the rules.</summary>
    public int Refused => Refusals.Values.Sum();
}

/// <summary>What became of the wish.</summary>
/// <param name="Requeued">Whether it is worked on again.</param>
/// <param name="Sentence">What happens now, or why it was refused: <c>中文 | English</c>.</param>
internal sealed record RequeueAnswer(bool Requeued, string Sentence);
