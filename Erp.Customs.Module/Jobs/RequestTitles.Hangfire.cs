using Microsoft.Extensions.Caching.Memory;

namespace Erp.Customs.Module.Jobs;

/// <summary>What a job is called on screens: the order and the session, which never change, looked up once. No personal data.</summary>
internal sealed class RequestTitles(IUploadRecord record) : IDisposable
{
    /// <summary>Titles kept. The default value is 10,000.</summary>
    private const int Kept = 10_000;

    private readonly MemoryCache _titles = new(new MemoryCacheOptions { SizeLimit = Kept });

    /// <summary>Keeps the title of a request that was read anyway.</summary>
    public void Remember(UploadStanding standing) =>
        _titles.Set(standing.RequestId, (standing.OrderNo, standing.SessionId), new MemoryCacheEntryOptions { Size = 1 });

    /// <summary>Order and session of a request; <see langword="null"/> when it is not in the table any more.</summary>
    public (string OrderNo, string SessionId)? Find(long requestId)
    {
        if (_titles.TryGetValue<(string, string)>(requestId, out var title))
        {
            return title;
        }

        // Hangfire's pages ask while they are written, synchronously.
        if (record.FindAsync(requestId, CancellationToken.None).GetAwaiter().GetResult() is not { } standing)
        {
            return null;
        }

        Remember(standing);
        return (standing.OrderNo, standing.SessionId);
    }

    public void Dispose() => _titles.Dispose();
}
