namespace Erp.Customs.Reliability;

/// <summary>A kind of fault that the product is put through, many times.</summary>
internal interface IFault
{
    /// <summary>For the command line and the table.</summary>
    string Name { get; }

    /// <summary>What is done, in a few words.</summary>
    string What { get; }

    /// <summary>How often in the long form.</summary>
    int LongForm { get; }

    /// <summary>How often in the short form, in tests.</summary>
    int ShortForm { get; }

    /// <summary>Why it cannot be done on this machine; <see langword="null"/> when it can.</summary>
    string? Absent => null;

    /// <summary>Puts the product through it.</summary>
    /// <param name="count">How often.</param>
    /// <param name="folder">For all files; empty.</param>
    /// <param name="progress">Told how far it is, in a line.</param>
    Task<Finding> RunAsync(int count, string folder, Action<string> progress);
}

/// <summary>What came of a fault.</summary>
/// <param name="Count">How often it was done.</param>
/// <param name="Holds">Whether everything held that must.</param>
/// <param name="Figures">For the table.</param>
internal sealed record Finding(int Count, bool Holds, string Figures);
