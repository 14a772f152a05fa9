using Erp.Customs.Reliability.Faults;

namespace Erp.Customs.Reliability;

/// <summary>Every fault, in the order of docs/reliability.md.</summary>
internal static class AllFaults
{
    public static IReadOnlyList<IFault> InOrder { get; } =
    [
        new Kills(), new Seams(), new WrongReplies(), new EqualQuestions(), new StoppedWorker(), new TakenOver(), new ClockJumps(), new DiskFull(), new BrokenFiles(), new Fuzz(),
        new SlowClients(), new Canaries(), new Tampering(), new Erasures(), new Agents(), new SignerFaults(),
    ];
}
