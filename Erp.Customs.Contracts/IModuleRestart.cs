namespace Erp.Customs.Contracts;

/// <summary>
/// Has a module started anew, so that changed settings take effect. The loader fills this port in every host; a host that wants no restarts from a screen registers one whose <see cref="IsOffered"/>
/// is <see langword="false"/>, and the module's screens then say that settings take effect at the next start.
/// </summary>
public interface IModuleRestart
{
    /// <summary>Whether it can be asked for.</summary>
    bool IsOffered { get; }

    /// <summary>
    /// Asks for it and returns at once: the request that asks is answered first. Meanwhile callers of the module are refused as while it is switched on or off, customs with their 20000.
    /// </summary>
    /// <param name="moduleId">The module's id.</param>
    /// <exception cref="KeyNotFoundException">There is no such module.</exception>
    void Request(string moduleId);
}
