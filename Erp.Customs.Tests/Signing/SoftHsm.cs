using Erp.Customs.Simulator;
using Erp.Customs.Tests.Support;

namespace Erp.Customs.Tests.Signing;

/// <summary>SoftHSM 2, a PKCS#11 device in software.</summary>
public sealed class SoftHsm : IOptionalTool
{
    public static string? Absent => SoftToken.Library is null ? "There is no SoftHSM 2 on this machine (Debian: softhsm2)." : null;
}
