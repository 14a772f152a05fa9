using Erp.Customs.Module.Admin.Operations;
using Erp.Customs.Module.Archive.Sealing;
using Erp.Customs.Module.Storage;
using Microsoft.AspNetCore.Mvc;

namespace Erp.Customs.Module.Admin.Evidence;

/// <summary>证据: how far everything is sealed, and a button that verifies it.</summary>
[Needs(CustomsPermissions.View, CustomsPermissions.Retry)]
internal sealed class EvidenceModel(EvidenceTable evidence, CheckpointTable table, Sealer sealer, Checkpoints checkpoints, SealingKey key, VerificationState state, VerificationRun run) : Screen
{
    /// <summary>The last number.</summary>
    public long Head { get; private set; }

    /// <summary>How long the oldest record has waited for its seal.</summary>
    public TimeSpan Oldest { get; private set; }

    /// <summary>The newest checkpoint in the database.</summary>
    public Checkpoint? Last { get; private set; }

    /// <summary>What is wrong with checkpoints, <c>中文 | English</c>.</summary>
    public string? CheckpointProblem => checkpoints.Problem;

    /// <summary>Where checkpoints are kept outside.</summary>
    public IEnumerable<string> Targets => checkpoints.Targets.Select(target => target.Name);

    /// <summary>Of the archive's public key.</summary>
    public string Fingerprint => SealingKey.Fingerprint(key.PublicKey);

    /// <summary>The verification that runs or ran last.</summary>
    public VerificationRun Run => run;

    /// <summary>Whether one was ended half-way.</summary>
    public bool CanResume => state.Read() is not null;

    public async Task OnGetAsync()
    {
        var stop = HttpContext.RequestAborted;
        Head = (await evidence.HeadAsync(long.MaxValue, stop)).Number;
        Oldest = await sealer.OldestAsync(stop);
        Last = await table.LastAsync(stop) is { } last && key.Trusts(last) ? Checkpoint.Read(last.Statement) : null;
    }

    /// <summary>Begins a verification; the page then shows how far it is.</summary>
    [Operation("验证存证", "Verify the archive")]
    public IActionResult OnPostVerify(bool resume)
    {
        var begun = run.Begin(Visitor.Name, resume);
        Tell(begun, begun ? Words.Of("已开始验证", "The verification has begun") : Words.Of("已有一次验证正在进行", "A verification is under way already"));
        return LocalRedirect(Url.Page(null)!);
    }

    /// <summary>Ends the one that runs.</summary>
    [Operation("停止验证", "Stop the verification")]
    public IActionResult OnPostEnd()
    {
        run.End();
        Tell(good: true, Words.Of("验证已中断，可从中断处继续", "The verification was ended; it can be gone on with"));
        return LocalRedirect(Url.Page(null)!);
    }
}
