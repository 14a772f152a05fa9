using System.Globalization;

namespace Erp.Customs.Module.Storage;

/// <summary>By what a list of requests is sorted.</summary>
internal enum RequestSort
{
    /// <summary>接收时间.</summary>
    Received,

    /// <summary>状态, in the order of the state machine; those of one state by their receipt.</summary>
    State,

    /// <summary>用时; what goes on takes longer than anything that has ended.</summary>
    Elapsed,
}

/// <summary>Which part of a list of requests is read: told by a row's place and not by counting rows, so that the thousandth page costs what the first does.</summary>
/// <param name="Limit">Rows at most.</param>
/// <param name="Sort">By what. The default value is the time of receipt.</param>
/// <param name="Ascending">The least first. The default value is no: the newest, the last state, the longest first.</param>
internal sealed record RequestPage(int Limit, RequestSort Sort = RequestSort.Received, bool Ascending = false)
{
    /// <summary>The row after which it goes on; <see langword="null"/> at the list's begin.</summary>
    public RequestPlace? From { get; init; }

    /// <summary>Whether the rows before <see cref="From"/> are wanted instead, in the list's order all the same.</summary>
    public bool Backwards { get; init; }
}

/// <summary>Where a row stands in a sorted list, as long as it does not change.</summary>
/// <param name="State">Its state.</param>
/// <param name="Key">Milliseconds: since 1970 when it was received, or how long it took.</param>
/// <param name="Id">Its id.</param>
internal sealed record RequestPlace(RequestState State, long Key, long Id)
{
    /// <summary>The place of a row in a list that is sorted so.</summary>
    public static RequestPlace Of(CustomsRequest request, RequestSort sort) => new(
        request.State,
        sort == RequestSort.Elapsed && request.FinishedAt is { } end ? (long)(end - request.ReceivedAt).TotalMilliseconds : request.ReceivedAt.ToUnixTimeMilliseconds(),
        request.Id);

    /// <summary>Reads what <see cref="ToString"/> wrote; <see langword="null"/> for anything else.</summary>
    public static RequestPlace? Read(string? text) =>
        text?.Split('.') is [var state, var key, var id]
        && Array.Find(Enum.GetValues<RequestState>(), one => RequestStates.Word(one) == state) is var found && RequestStates.Word(found) == state
        && long.TryParse(key, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var row)
            ? new(found, number, row)
            : null;

    /// <summary>For an address.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{RequestStates.Word(State)}.{Key}.{Id}");
}
