using Erp.Customs.Module.Storage;

namespace Erp.Customs.Module.Payments;

/// <summary>What an answer of the bridge makes of an order (protocol.md section 4). Decides only; <see cref="BridgeWork"/> calls and saves.</summary>
internal sealed class BridgeOutcomes(BridgeCodes codes, BridgeSchedule schedule, TimeProvider time)
{
    /// <summary>After PushOrder.</summary>
    /// <param name="order">As it was claimed.</param>
    /// <param name="answer">What came back.</param>
    /// <param name="mayBeThere">An earlier push of ours had no answer: "it exists" may mean that one.</param>
    public BridgeChange AfterPush(BridgeOrder order, BridgeAnswer answer, bool mayBeThere)
    {
        if (answer.Reply is not { } reply)
        {
            return PushLater(order, "", answer.Arrival == Arrival.No
                ? Words.Of($"资方未收到推单：{answer.Error}", $"The bridge did not get the push: {answer.Error}")
                : Words.Of($"资方是否收到推单未知：{answer.Error}", $"Unknown whether the bridge got the push: {answer.Error}"));
        }

        var (follow, reason) = codes.Meaning(BridgeStage.Push, reply.Code);
        return follow switch
        {
            BridgeFollow.Done or BridgeFollow.ConfirmByGet => Taken(order, reply.Code, reason, mayBeThere),
            BridgeFollow.Retry => PushLater(order, reply.Code, reason),
            // Due at once, but no push of a stopped merchant is claimed: it goes out when a person reopens.
            BridgeFollow.StopMerchant => new BridgeChange(BridgeState.WaitingRetry, reply.Code, reason, order.Flags, time.GetUtcNow()) { StopsMerchant = true },
            BridgeFollow.DataError => ForPerson(order, BridgeState.DataError, reply.Code, reason),
            _ => ForPerson(order, BridgeState.NeedsPerson, reply.Code, reason),
        };
    }

    /// <summary>After GetOrder.</summary>
    public BridgeChange AfterAsking(BridgeOrder order, BridgeAnswer answer)
    {
        if (answer.Reply is not { } reply)
        {
            return Later(order, order.Code, Words.Of($"查询未得到应答：{answer.Error}", $"GetOrder had no answer: {answer.Error}"));
        }

        // Without the number nobody knows whose payment it is.
        if (reply.IsPaidAndDeclared && reply.OrderNo == order.OrderNo)
        {
            var flags = reply.IsRevoked ? order.Flags.With(BridgeFlags.RevokedButDeclared) : order.Flags;
            return new BridgeChange(BridgeState.Done, reply.Code, "", flags, time.GetUtcNow()) { Payment = reply.Payment };
        }

        var code = reply.DeclarationCode ?? reply.Code;
        var stage = codes.Knows(BridgeStage.Get, code) ? BridgeStage.Get : BridgeStage.Declaration;
        var (follow, reason) = codes.Meaning(stage, code);
        return follow switch
        {
            BridgeFollow.DataError => ForPerson(order, BridgeState.DataError, code, reason),
            BridgeFollow.Person => ForPerson(order, BridgeState.NeedsPerson, code, reason),
            _ => Later(order, code, reason),
        };
    }

    /// <summary>The order stays where it stands and is tried again while that makes sense; after that a person is asked.</summary>
    public BridgeChange Later(BridgeOrder order, string code, string reason) => order.State switch
    {
        BridgeState.Pending or BridgeState.WaitingRetry => PushLater(order, code, reason),
        BridgeState.Done => new BridgeChange(BridgeState.Done, order.Code, reason, order.Flags, schedule.NextQuestion(order.Since)),
        BridgeState.Pushed or BridgeState.Confirming => schedule.NextQuestion(order.Since) is { } next
            ? new BridgeChange(order.State, code, reason, order.Flags, next)
            : new BridgeChange(BridgeState.NeedsPerson, code, reason, order.Flags, NextAttemptAt: null),
        _ => ForPerson(order, order.State, order.Code, order.Reason),
    };

    private BridgeChange PushLater(BridgeOrder order, string code, string reason) => schedule.NextPush(order) is { } next
        ? new BridgeChange(BridgeState.WaitingRetry, code, reason, order.Flags, next)
        : ForPerson(order, BridgeState.NeedsPerson, code, reason);

    /// <summary>A person must act, but what the bridge has taken may still be paid and declared: it is asked on, while that makes sense.</summary>
    private BridgeChange ForPerson(BridgeOrder order, BridgeState state, string code, string reason) =>
        new(state, code, reason, order.Flags, order.TakenCode is null ? null : schedule.NextQuestion(order.Since));

    private BridgeChange Taken(BridgeOrder order, string code, string reason, bool mayBeThere)
    {
        var isNew = code == "0000";
        var flags = isNew || mayBeThere || order.TakenCode is not null ? order.Flags : order.Flags.With(BridgeFlags.ExistedBefore);
        var now = time.GetUtcNow();
        return new BridgeChange(
            isNew ? BridgeState.Pushed : BridgeState.Confirming,
            code,
            reason,
            code == "9906" && order.Operation == "U" ? flags.With(BridgeFlags.UpdateNotTaken) : flags,
            isNew ? schedule.NextQuestion(now) : now)
        {
            TakenCode = code,
        };
    }
}
