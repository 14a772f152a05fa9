using Erp.Customs.Module.Storage;
using static Erp.Customs.Module.Setting;

namespace Erp.Customs.Module;

/// <content>Settings of the uploads: <c>Customs:Retry</c>.</content>
internal sealed partial class CustomsOptionsReader
{
    private const string RetryKey = "Customs:Retry";

    private const int DaySeconds = 86_400;

    private Dictionary<FailureClass, RetryOptions> Retry(TimeSpan deadline)
    {
        var defaults = RetryOptions.Defaults(deadline);
        foreach (var child in configuration.GetSection(RetryKey).GetChildren())
        {
            if (!defaults.Keys.Any(failure => child.Key.Equals(failure.ToString(), StringComparison.OrdinalIgnoreCase)))
            {
                var known = string.Join(", ", defaults.Keys);
                throw Wrong(RetryKey, child.Key, $"{known}；其他错误不自动重试，直接转人工", $"{known}; of any other failure a person is told at once");
            }
        }

        return defaults.ToDictionary(pair => pair.Key, pair => Retry($"{RetryKey}:{pair.Key}", pair.Value));
    }

    private RetryOptions Retry(string key, RetryOptions usual)
    {
        var least = Seconds($"{key}:Least", (int)usual.Least.TotalSeconds, least: 1, most: DaySeconds);
        var most = Seconds($"{key}:Most", (int)Math.Max(usual.Most.TotalSeconds, least.TotalSeconds), least: (int)least.TotalSeconds, most: DaySeconds);
        return new RetryOptions(least, most, Seconds($"{key}:Useful", (int)usual.Useful.TotalSeconds, least: 1, most: 30 * DaySeconds));
    }
}
