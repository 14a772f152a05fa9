namespace Erp.Customs.Tests.Hosting;

/// <summary>Waits for what happens on another thread.</summary>
internal static class Waiting
{
    public static async Task<T> ForAsync<T>(Func<Task<T>> ask, Func<T, bool> until)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (true)
        {
            var answer = await ask();
            if (until(answer))
            {
                return answer;
            }

            await Task.Delay(5, limit.Token);
        }
    }
}
