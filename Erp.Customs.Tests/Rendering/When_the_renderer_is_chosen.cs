using Erp.Customs.Contracts;
using Erp.Customs.Module;
using Erp.Customs.Module.Rendering;
using Erp.Customs.Tests.Support;
using Microsoft.Extensions.Logging;

namespace Erp.Customs.Tests.Rendering;

/// <summary>At the module's start.</summary>
public sealed class When_the_renderer_is_chosen : IDisposable
{
    private readonly TemplateFolder _folder = new();
    private readonly Recorder _log = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Should_be_the_templates_where_scriban_is_built_in_and_the_writer_where_it_is_not_and_say_so_once()
    {
        var renderer = PayExchangeRenderers.Create(Payments.ModuleDirectory, _log);

        var line = Assert.Single(_log.Lines);
        if (PayExchangeRenderers.ScribanBuiltIn)
        {
            Assert.Matches("^Scriban 179/head.scriban@[0-9a-f]{12} 179/lists.scriban@[0-9a-f]{12} \\(same output as the built-in writer\\)$", Words.In(renderer.Description, english: true));
            Assert.Contains(Words.In(renderer.Description, english: true), line, StringComparison.Ordinal);
        }
        else
        {
            Assert.StartsWith("built-in writer", Words.In(renderer.Description, english: true), StringComparison.Ordinal);
            Assert.StartsWith("Warning: This build has no Scriban", line, StringComparison.Ordinal);
        }
    }

    [ScribanFact]
    public void Should_allow_templates_that_give_something_else_and_make_it_visible()
    {
        _folder.Change("head", text => text.Replace(""","note":{{ head.note | json -}}""", """,  "note":"{{ head.payType }}" """, StringComparison.Ordinal));

        var renderer = PayExchangeRenderers.Create(_folder.Path, _log);

        const string Difference = "payExchangeInfoHead.note: value";
        Assert.EndsWith($"(output differs from the built-in writer: payExchangeInfoHead: blanks or escapes, {Difference})", Words.In(renderer.Description, english: true), StringComparison.Ordinal);
        Assert.Contains(_log.Lines, line => line.StartsWith("Warning: ", StringComparison.Ordinal) && line.Contains(Difference, StringComparison.Ordinal));
        Assert.EndsWith(" (differs from the writer)", renderer.Render(Payments.Alipay).Renderer, StringComparison.Ordinal);
    }

    [ScribanFact]
    public void Should_not_start_without_a_template()
    {
        File.Delete(Path.Combine(_folder.Path, "templates", "179", "lists.scriban"));

        var refused = Assert.Throws<ModuleConfigurationException>(() => PayExchangeRenderers.Create(_folder.Path, _log));

        Assert.Equal("templates/179/lists.scriban: the template cannot be read from the module's folder.", Words.In(refused.Message, english: true));
    }

    [ScribanFact]
    public void Should_take_a_template_that_an_editor_saved_with_byte_order_mark_and_windows_line_ends()
    {
        _folder.Change("head", text => "\uFEFF" + text.ReplaceLineEndings("\r\n"));

        Assert.Equal(Payments.Writer.Render(Payments.WeChat).Head, PayExchangeRenderers.Create(_folder.Path, _log).Render(Payments.WeChat).Head);
    }

    [ScribanFact]
    public void Should_not_start_with_a_template_in_another_encoding()
    {
        File.WriteAllBytes(Path.Combine(_folder.Path, "templates", "179", "head.scriban"), [(byte)'{', 0xC4, 0xCC, (byte)'}']);

        var refused = Assert.Throws<ModuleConfigurationException>(() => PayExchangeRenderers.Create(_folder.Path, _log));

        Assert.Equal("templates/179/head.scriban: from byte 2 of 4 on it is not valid utf-8.", Words.In(refused.Message, english: true));
    }

    [ScribanFact]
    public void Should_not_start_with_a_broken_template_and_say_file_line_and_column()
    {
        _folder.Write("lists", "[\n{{ for order in lists }}\n]");

        var refused = Assert.Throws<ModuleConfigurationException>(() => PayExchangeRenderers.Create(_folder.Path, _log));

        Assert.Matches("^templates/179/lists.scriban\\(\\d+,\\d+\\): .*end.*\\.$", Words.In(refused.Message, english: true));
    }

    private sealed class Recorder : ILoggerFactory, ILogger
    {
        public List<string> Lines { get; } = [];

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public ILogger CreateLogger(string categoryName) => this;

        public void Dispose() { }

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Add($"{logLevel}: {formatter(state, exception)}");
    }
}
