using Erp.Customs.Tests.Support;

namespace Erp.Customs.Tests.Signing;

/// <summary>Tests that need something which not every machine has; with <see cref="EngineFactAttribute"/> they are skipped and say why.</summary>
public abstract class NeedsTool<TTool> where TTool : IOptionalTool;

/// <summary>The suite of every signer, for a kind that needs something which not every machine has.</summary>
public abstract class SignerCompliance<TTool> : SignerCompliance where TTool : IOptionalTool;
