using Erp.Customs.Contracts;
using Erp.Customs.Module.Storage;

namespace Erp.Customs.Module.Diagnostics.Alerts;

/// <summary>One way to tell people.</summary>
internal abstract class AlertChannel
{
    /// <summary>Its name in the settings; <c>host</c> or <c>log</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Its kind as in the settings; a tag of the figures.</summary>
    public abstract string Kind { get; }

    /// <summary>Where it goes, for people; no token.</summary>
    public abstract string Destination { get; }

    /// <summary>The least that it is told.</summary>
    public abstract NoticeLevel Level { get; }

    /// <summary>Between two messages, so that the other side's limit is never met. The default value is none.</summary>
    public virtual TimeSpan Pace => TimeSpan.Zero;

    /// <summary>Sends it once. What goes wrong on the way is told in words without token, secret and address of a person; of what is thrown nothing is told but its type.</summary>
    public abstract Task<AlertReceipt> SendAsync(AlertMessage message);
}

/// <summary>What became of one sending.</summary>
/// <param name="Error"><c>中文 | English</c>; empty when the other side took it.</param>
/// <param name="Rest">How long the other side wants to be left alone.</param>
internal sealed record AlertReceipt(string Error, TimeSpan Rest)
{
    /// <summary>The other side took it.</summary>
    public static readonly AlertReceipt Taken = new("", TimeSpan.Zero);

    /// <summary>It did not, or nobody knows.</summary>
    public static AlertReceipt Failed(string error) => new(error, TimeSpan.Zero);
}
