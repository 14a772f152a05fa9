namespace Erp.Customs.Simulator;

/// <summary>An entry of the program's register.json.</summary>
/// <param name="CertNo">证书编号.</param>
/// <param name="EbpCode">电商平台代码.</param>
/// <param name="Certificate">A PEM file, relative to the data folder.</param>
internal sealed record RegisterEntry(string CertNo, string EbpCode, string Certificate);
