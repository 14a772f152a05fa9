namespace Erp.Customs.Simulator;

/// <summary>How openReq is wrapped: every way that was seen in the wild.</summary>
public enum OpenReqWrapping
{
    /// <summary>Form field openReq = JSON; what customs do.</summary>
    FormJson,

    /// <summary>The three fields as plain form fields (1.6.1.2).</summary>
    FormFields,

    /// <summary>The JSON as the body (the sample of 1.6.1.2).</summary>
    JsonBody,

    /// <summary>Form field openReq = JSON whose quotes are <c>&amp;quot;</c>.</summary>
    HtmlEscapedJson,

    /// <summary>Form field openReq = JSON whose quotes are <c>\"</c> (the sources call stripslashes).</summary>
    BackslashEscapedJson,
}

/// <summary>A shape of openReq.</summary>
/// <param name="Wrapping">How it is wrapped.</param>
/// <param name="ServiceTimeAsString">Whether serviceTime is a string; a form field has no types, so there it makes no difference.</param>
public sealed record OpenReqShape(OpenReqWrapping Wrapping, bool ServiceTimeAsString)
{
    /// <summary>Form field openReq, serviceTime as a string.</summary>
    public static OpenReqShape Usual { get; } = new(OpenReqWrapping.FormJson, ServiceTimeAsString: true);

    /// <summary>Every shape there is.</summary>
    public static IReadOnlyList<OpenReqShape> All { get; } =
        [.. Enum.GetValues<OpenReqWrapping>().SelectMany(wrapping => new[] { new OpenReqShape(wrapping, true), new OpenReqShape(wrapping, false) })];

    /// <inheritdoc/>
    public override string ToString() => $"{Wrapping}, serviceTime as a {(ServiceTimeAsString ? "string" : "number")}";
}
