using Erp.Customs.Module.Storage;
using Microsoft.AspNetCore.Http;

namespace Erp.Customs.Module.Admin;

/// <summary>The language of a screen: Chinese unless the user chose English (cookie <c>erp.lang</c>, or <c>?lang=en</c> for one page).</summary>
internal sealed class ScreenWords(HttpContext http)
{
    public bool English { get; } = (http.Request.Query["lang"] is [{ Length: > 0 } asked] ? asked : http.Request.Cookies["erp.lang"]) == "en";

    /// <summary>Value of the page's lang attribute.</summary>
    public string Tag => English ? "en" : "zh-CN";

    public string this[string zh, string en] => English ? en : zh;

    /// <summary>The right half of a sentence in both languages.</summary>
    public string Of(string sentence) => Words.In(sentence, English);

    /// <summary>状态.</summary>
    public string State(RequestState state) => state switch
    {
        RequestState.Received => this["已接收", "Received"],
        RequestState.WaitingData => this["待取数", "Waiting for data"],
        RequestState.WaitingSigner => this["待签名", "Waiting for signer"],
        RequestState.Signed => this["待上报", "Signed"],
        RequestState.Sending => this["上报中", "Sending"],
        RequestState.Unknown => this["待确认", "Unknown"],
        RequestState.Accepted => this["已受理", "Accepted"],
        RequestState.Rejected => this["被退回", "Rejected"],
        RequestState.SessionUsed => this["会话已用", "Session used"],
        RequestState.NeedsPerson => this["需处理", "Needs a person"],
        _ => throw new ArgumentOutOfRangeException(nameof(state)),
    };

    /// <summary>Colour of a state's tag, a class of the style sheet.</summary>
    public static string Colour(RequestState state) => state switch
    {
        RequestState.Accepted => "green",
        RequestState.Rejected or RequestState.NeedsPerson or RequestState.SessionUsed => "red",
        RequestState.WaitingData or RequestState.WaitingSigner or RequestState.Unknown => "orange",
        _ => "blue",
    };
}
