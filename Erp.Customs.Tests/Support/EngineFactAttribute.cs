using System.ComponentModel;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace Erp.Customs.Tests.Support;

/// <summary>An engine, a library or a program that not every machine has. Tests of a suite for it are then skipped and say why.</summary>
public interface IOptionalTool
{
    /// <summary>Why it is not here; <see langword="null"/> when it is.</summary>
    static abstract string? Absent { get; }
}

/// <summary>A fact of a suite that is run for several engines: the suite's type arguments tell which one.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("Erp.Customs.Tests.Support.EngineFactDiscoverer", "Erp.Customs.Tests")]
public sealed class EngineFactAttribute : FactAttribute;

/// <summary>The same with rows of data.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("Erp.Customs.Tests.Support.EngineTheoryDiscoverer", "Erp.Customs.Tests")]
public sealed class EngineTheoryAttribute : TheoryAttribute;

public sealed class EngineFactDiscoverer(IMessageSink messages) : FactDiscoverer(messages)
{
    public override IEnumerable<IXunitTestCase> Discover(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute) =>
        AbsentEngineTestCase.Reason(testMethod) is null
            ? base.Discover(discoveryOptions, testMethod, factAttribute)
            : [new AbsentEngineTestCase(DiagnosticMessageSink, discoveryOptions.MethodDisplayOrDefault(), discoveryOptions.MethodDisplayOptionsOrDefault(), testMethod)];
}

public sealed class EngineTheoryDiscoverer(IMessageSink messages) : TheoryDiscoverer(messages)
{
    public override IEnumerable<IXunitTestCase> Discover(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo theoryAttribute) =>
        AbsentEngineTestCase.Reason(testMethod) is null
            ? base.Discover(discoveryOptions, testMethod, theoryAttribute)
            : [new AbsentEngineTestCase(DiagnosticMessageSink, discoveryOptions.MethodDisplayOrDefault(), discoveryOptions.MethodDisplayOptionsOrDefault(), testMethod)];
}

/// <summary>Stands in the results for a test whose engine is not here.</summary>
public sealed class AbsentEngineTestCase : XunitTestCase
{
    [Obsolete("For deserialization.")]
    [EditorBrowsable(EditorBrowsableState.Never)]
    public AbsentEngineTestCase()
    {
    }

    public AbsentEngineTestCase(IMessageSink messages, Xunit.Sdk.TestMethodDisplay display, Xunit.Sdk.TestMethodDisplayOptions options, ITestMethod method) : base(messages, display, options, method)
    {
    }

    /// <summary>Why the engine of a test's class is not here; <see langword="null"/> when it is, or is always.</summary>
    public static string? Reason(ITestMethod method)
    {
        for (var type = method.TestClass.Class.ToRuntimeType(); type is not null; type = type.BaseType)
        {
            if (type.GenericTypeArguments.FirstOrDefault(argument => argument.IsAssignableTo(typeof(IOptionalTool))) is { } engine)
            {
                return (string?)engine.GetProperty(nameof(IOptionalTool.Absent))!.GetValue(null);
            }
        }

        return null;
    }

    protected override string GetSkipReason(IAttributeInfo factAttribute) => Reason(TestMethod) ?? base.GetSkipReason(factAttribute);
}
