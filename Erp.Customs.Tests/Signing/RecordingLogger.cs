using System.Collections.Concurrent;
using Erp.Customs.Module.Signing;
using Microsoft.Extensions.Logging;

namespace Erp.Customs.Tests.Signing;

/// <summary>Keeps every line with its exception.</summary>
internal sealed class RecordingLogger : ILogger<Signers>
{
    private readonly ConcurrentQueue<string> _lines = new();

    public IReadOnlyCollection<string> Lines => _lines;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Enqueue($"{logLevel} {formatter(state, exception)} {exception}");
}
