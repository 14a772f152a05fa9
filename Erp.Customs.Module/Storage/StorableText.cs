using System.Diagnostics.CodeAnalysis;

namespace Erp.Customs.Module.Storage;

/// <summary>Text that somebody else wrote, before it goes into a column. What is signed or searched for is refused at the door instead.</summary>
internal static class StorableText
{
    /// <summary>PostgreSQL has no character 0 in a text: a replacement character stands for it, in every engine.</summary>
    [return: NotNullIfNotNull(nameof(text))]
    public static string? Storable(this string? text) => text?.Replace('\0', '\uFFFD');
}
