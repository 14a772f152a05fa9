namespace Erp.Customs.Host.Verbs;

/// <summary>Something that the program can be told to do.</summary>
/// <param name="Name">The word on the command line.</param>
/// <param name="Summary">One line for the help text: Chinese, then English.</param>
/// <param name="RunAsync">Does it; the result is the exit code.</param>
internal sealed record Verb(string Name, string Summary, Func<VerbArguments, Task<int>> RunAsync);

/// <summary>A command line that cannot be understood. The message is one sentence; the program prints it and ends with 2.</summary>
internal sealed class UsageException(string message) : Exception(message);
