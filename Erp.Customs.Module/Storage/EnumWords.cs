using System.Text.Json;

namespace Erp.Customs.Module.Storage;

/// <summary>The words of an enumeration in tables and in the API: its names in snake_case, e.g. <c>waiting_data</c>.</summary>
internal static class EnumWords<T> where T : struct, Enum
{
    private static readonly Dictionary<T, string> s_words =
        Enum.GetValues<T>().ToDictionary(value => value, value => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()));

    private static readonly Dictionary<string, T> s_values = s_words.ToDictionary(pair => pair.Value, pair => pair.Key, StringComparer.Ordinal);

    /// <summary>The word of a value.</summary>
    public static string Word(T value) => s_words[value];

    /// <summary>The value of a word.</summary>
    /// <exception cref="FormatException">There is no such word.</exception>
    public static T Parse(string word) =>
        s_values.TryGetValue(word, out var value) ? value : throw new FormatException($"'{word}' is no {typeof(T).Name}; known are {string.Join(", ", s_values.Keys)}.");
}

/// <summary>The words of <see cref="RequestState"/>: the same in table, API and screens.</summary>
internal static class RequestStates
{
    /// <summary>The word of a state, e.g. <c>waiting_data</c>.</summary>
    public static string Word(RequestState state) => EnumWords<RequestState>.Word(state);

    /// <summary>The state of a word.</summary>
    /// <exception cref="FormatException">There is no such state.</exception>
    public static RequestState Parse(string word) => EnumWords<RequestState>.Parse(word);

    /// <summary>What people call a state, <c>中文 | English</c>.</summary>
    public static string Title(RequestState state) => state switch
    {
        RequestState.Received => Words.Of("已接收", "Received"),
        RequestState.WaitingData => Words.Of("待取数", "Waiting for data"),
        RequestState.WaitingSigner => Words.Of("待签名", "Waiting for signer"),
        RequestState.Signed => Words.Of("待上报", "Signed"),
        RequestState.Sending => Words.Of("上报中", "Sending"),
        RequestState.Unknown => Words.Of("待确认", "Unknown"),
        RequestState.Accepted => Words.Of("已受理", "Accepted"),
        RequestState.Rejected => Words.Of("被退回", "Rejected"),
        RequestState.SessionUsed => Words.Of("会话已用", "Session used"),
        RequestState.NeedsPerson => Words.Of("需处理", "Needs a person"),
        _ => throw new ArgumentOutOfRangeException(nameof(state)),
    };

    /// <summary>失败: only a person can move them.</summary>
    public static IReadOnlyCollection<RequestState> Failed { get; } = [RequestState.Rejected, RequestState.SessionUsed, RequestState.NeedsPerson];

    /// <summary>Whether nothing happens any more unless a person acts or a payment is delivered.</summary>
    public static bool IsFinished(RequestState state) =>
        state is RequestState.Accepted or RequestState.Rejected or RequestState.SessionUsed or RequestState.NeedsPerson;

    /// <summary>Whether a delivery of its order's payment makes a request that stands so due at once.</summary>
    public static bool WaitsForData(RequestState state, FailureClass failure) =>
        state is RequestState.WaitingData || (state is RequestState.NeedsPerson && failure is FailureClass.Data);
}
