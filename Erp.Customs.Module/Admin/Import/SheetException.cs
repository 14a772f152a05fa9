namespace Erp.Customs.Module.Admin.Import;

/// <summary>A file that cannot be imported at all.</summary>
/// <param name="sentence">Why, and what to do, <c>中文 | English</c>; nothing of the file's content but titles of columns.</param>
/// <param name="cause">What went wrong underneath; <see langword="null"/> when nothing did.</param>
internal sealed class SheetException(string sentence, Exception? cause = null) : Exception(sentence, cause);
