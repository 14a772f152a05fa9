using Erp.Customs.Module.Storage;

namespace Erp.Customs.Module.Archive;

/// <summary>查阅记录: who has seen personal data in clear, and why. Written down before anything is shown, and sealed like the data themselves.</summary>
internal sealed class ClearAccess(ClearAccessTable table, TimeProvider time)
{
    /// <summary>Letters of a reason that are kept. 200.</summary>
    public const int ReasonLimit = 200;

    /// <summary>Durable when the task completes; where it cannot be written down nothing may be shown.</summary>
    /// <param name="reader">Who, and why.</param>
    /// <param name="orderNo">Which order.</param>
    /// <param name="merchant">Of which merchant.</param>
    /// <param name="kind">What was shown of it.</param>
    public Task RecordAsync(ClearReader reader, string orderNo, string merchant, ClearAccessKind kind) => table.AddAsync(new(time.GetUtcNow(), reader, orderNo, merchant, kind));

    /// <summary>Why a reason cannot be taken, <c>中文 | English</c>; <see langword="null"/> when it can.</summary>
    public static string? WhyNot(string? reason) => reason?.Trim().Length switch
    {
        null or 0 => Words.Of("请填写查阅原因", "Say why you need to see it"),
        > ReasonLimit => Words.Of($"查阅原因最多 {ReasonLimit} 个字", $"The reason may have {ReasonLimit} characters at most"),
        _ => null,
    };
}
