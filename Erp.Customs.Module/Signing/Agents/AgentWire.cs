using System.Text.Json;
using System.Text.Json.Serialization;

namespace Erp.Customs.Module.Signing.Agents;

/// <summary>What a sign agent and the module say to each other: JSON over POST, under <c>{base}/sign-agent</c>. The module and the agent are compiled from this one file.</summary>
internal static class AgentWire
{
    /// <summary>Waits for a text to sign; the answer is 204 when none comes.</summary>
    public const string Lease = "lease";

    /// <summary>Brings what became of a text; the answer is 410 when nobody waits for it any more.</summary>
    public const string Result = "result";

    /// <summary>A sign of life.</summary>
    public const string State = "state";

    /// <summary>How long the module keeps an agent waiting that asks for a text. The default value is 20 seconds.</summary>
    public static readonly TimeSpan LongPoll = TimeSpan.FromSeconds(20);

    /// <summary>How both write and read. What is missing or of another type is refused.</summary>
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        AllowDuplicateProperties = false,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        MaxDepth = 8,
        Converters = { new JsonStringEnumConverter() },
    };
}

/// <summary>A text to sign.</summary>
/// <param name="Job">Names it, 32 hex digits.</param>
/// <param name="Fence">Whose turn it is: to be shown with the result.</param>
/// <param name="Request">What is to be signed.</param>
internal sealed record AgentJob(string Job, long Fence, SigningRequest Request);

/// <summary>What became of a text: a signature, or a failure with its reason.</summary>
/// <param name="Job">As it was given out.</param>
/// <param name="Fence">The same.</param>
/// <param name="Signature">The signature.</param>
/// <param name="Failure">Why there is none.</param>
/// <param name="Reason">In words, <c>中文 | English</c>, without personal data and secrets.</param>
internal sealed record AgentResult(string Job, long Fence, Signature? Signature, SignerFailure? Failure, string Reason);

/// <summary>How an agent stands.</summary>
/// <param name="Version">Of the program.</param>
/// <param name="Machine">The name of its PC.</param>
/// <param name="Kind">What it signs with.</param>
/// <param name="Certificate">What it signs under; <see langword="null"/> while it cannot read it.</param>
/// <param name="Error">Why it does not sign, <c>中文 | English</c>; empty when it does.</param>
/// <param name="Closed">Whether it has met a wrong PIN and tries none.</param>
internal sealed record AgentState(string Version, string Machine, string Kind, SignerCertificate? Certificate, string Error, bool Closed);

/// <summary>The module's answer to a sign of life.</summary>
/// <param name="Agent">The agent's name in the module's settings.</param>
/// <param name="Merchant">Whose texts it signs.</param>
/// <param name="Reopened">A person has reopened the merchant since the agent was closed: it may try its PIN again.</param>
internal sealed record AgentWelcome(string Agent, string Merchant, bool Reopened);
