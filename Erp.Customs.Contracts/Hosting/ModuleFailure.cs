using System.Reflection;

namespace Erp.Customs.Contracts.Hosting;

/// <summary>What a person reads when a module could not start.</summary>
internal static class ModuleFailure
{
    /// <summary>
    /// A module's own sentence about a setting as it is. Anything else may hold what does not belong on a screen
    /// (paths, connection strings, personal data), so there only its type is named and the log has the rest.
    /// </summary>
    /// <param name="stage">The member of <see cref="IErpModule"/> that was being called.</param>
    /// <param name="exception">What was thrown.</param>
    public static string Sentence(string stage, Exception exception) =>
        exception is TargetInvocationException { InnerException: { } thrown } ? Sentence(stage, thrown)
        : Own(exception)?.Message
        ?? $"模块启动失败（{stage}：{exception.GetType().Name}），详见日志 | The module threw {exception.GetType().Name} in {stage}; the log tells more";

    private static ModuleConfigurationException? Own(Exception exception) => exception switch
    {
        ModuleConfigurationException own => own,
        AggregateException { InnerExceptions: [var only] } => Own(only),
        { InnerException: { } inner } => Own(inner),
        _ => null,
    };
}
