namespace Erp.Customs.Module.Rendering;

/// <summary>Renders head and lists, once per envelope. Both renderers give the same bytes for the same payment.</summary>
internal interface IPayExchangeRenderer
{
    /// <summary>Which renderer this is, for the log and the screens: <c>中文 | English</c>.</summary>
    string Description { get; }

    /// <summary>Renders a payment that <see cref="PayExchangeRules"/> found right.</summary>
    /// <exception cref="RenderingException">The template is wrong, or what it gave is not what customs accept.</exception>
    RenderedExchange Render(PayExchange exchange);
}

/// <summary>The exact characters that stand in the sign text and in payExInfoStr.</summary>
/// <param name="Head">JSON object.</param>
/// <param name="Lists">JSON array.</param>
/// <param name="Renderer">Which renderer made it, with the SHA-256 of its templates where it has some; kept with the envelope.</param>
internal sealed record RenderedExchange(string Head, string Lists, string Renderer);

/// <summary>A template is wrong, or gave something that customs would not accept. The message names file, line and column and holds no payment data.</summary>
/// <param name="zh">What is wrong, in Chinese.</param>
/// <param name="en">The same in English: the message.</param>
/// <param name="inner">The cause, where it quotes no payment data.</param>
internal sealed class RenderingException(string zh, string en, Exception? inner = null) : Exception(en, inner)
{
    /// <summary>Both, <c>中文 | English</c>.</summary>
    public string Sentence => Words.Of(zh, Message);

    /// <summary>The template's line, from 1; <see langword="null"/> where the whole file is meant.</summary>
    public int? Line { get; init; }
}
