namespace Erp.Customs.Simulator;

/// <summary>How the simulator's customs are started.</summary>
public sealed record CustomsServerOptions
{
    /// <summary>Where it listens, separated by <c>;</c>. The default value is http://127.0.0.1:0, a free port.</summary>
    public string Urls { get; init; } = "http://127.0.0.1:0";

    /// <summary>The file of <see cref="CustomsLog"/>. Required.</summary>
    public required string LogFile { get; init; }

    /// <summary>The file of the payment bridge's own log. The default value is <c>bridge.jsonl</c> beside <see cref="LogFile"/>.</summary>
    public string? BridgeLogFile { get; init; }

    /// <summary>Who registered which certificate. The default value is an empty register, to be filled at any time.</summary>
    public CustomsRegister Register { get; init; } = new();

    /// <summary>The clock. The default value is the system's.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Whether uploads are taken whose session customs never opened: 联调, where the firm uploads by itself. The default value is <see langword="false"/>.</summary>
    public bool AcceptUnasked { get; init; }

    /// <summary>Where the web server's own messages go. The default value is nowhere; payloads are never among them.</summary>
    public ILoggerFactory? Logging { get; init; }
}
