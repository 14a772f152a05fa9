namespace Erp.Customs.Module.Storage.Keeping;

/// <summary>Stored content cannot be read. The message is a sentence in both languages without anything of the content; other content is not concerned.</summary>
internal sealed class UnreadableContentException : Exception
{
    private UnreadableContentException(string sentence, Exception? inner) : base(sentence, inner)
    {
    }

    /// <summary>The id of the key that is not there; <see langword="null"/> when the content itself is damaged.</summary>
    public string? MissingKey { get; private init; }

    /// <summary>It was changed, or is cut off.</summary>
    public static UnreadableContentException Damaged(Exception? problem = null) => new(
        Words.Of("所存内容已损坏或被改动，不能解密", "The stored content is damaged or was changed: it cannot be decrypted"), problem);

    /// <summary>Its key is not there.</summary>
    public static UnreadableContentException WithoutKey(string id) => new(
        Words.Of(
            $"所存内容由密钥 {id} 加密，而该密钥不在 Customs:Archive:Key 与 Customs:Archive:RetiredKeys 中",
            $"The stored content was encrypted with key {id}, which is neither in Customs:Archive:Key nor in Customs:Archive:RetiredKeys"),
        null)
    { MissingKey = id };
}
