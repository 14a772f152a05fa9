using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Erp.Customs.Tests.Support;

/// <summary>Keeps everything that is logged: message, values, scopes and exceptions as they would reach a file.</summary>
internal sealed class LogTrap : ILoggerProvider, ISupportExternalScope
{
    private readonly ConcurrentQueue<string> _lines = new();
    private IExternalScopeProvider _scopes = new LoggerExternalScopeProvider();

    public IReadOnlyCollection<string> Lines => _lines;

    public string All => string.Join('\n', _lines);

    /// <summary>Called with each line before it is kept: a log may be slow, or fail.</summary>
    public Action<string>? Writing { get; set; }

    public ILogger CreateLogger(string categoryName) => new Trap(this, categoryName);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

    public void Dispose()
    {
    }

    private sealed class Trap(LogTrap owner, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => owner._scopes.Push(state);

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var scopes = new List<string>();
            owner._scopes.ForEachScope((scope, all) => all.Add(scope?.ToString() ?? ""), scopes);
            var line = $"{logLevel} {category} [{string.Join(" / ", scopes)}] {formatter(state, exception)} {exception}";
            owner.Writing?.Invoke(line);
            owner._lines.Enqueue(line);
        }
    }
}
