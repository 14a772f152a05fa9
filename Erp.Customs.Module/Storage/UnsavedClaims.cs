using System.Collections.Concurrent;

namespace Erp.Customs.Module.Storage;

/// <summary>
/// Claims whose end could not be saved: a full disk, a database that is away. They are let go of as soon as that can be saved; nobody need wait for the lease. Lives in memory: a process that ends
/// leaves its claims to the lease, or to the boot number.
/// </summary>
internal sealed class UnsavedClaims
{
    private readonly ConcurrentDictionary<long, long> _fences = new();

    /// <summary>Remembers a claim.</summary>
    /// <param name="id">What was claimed.</param>
    /// <param name="fence">Under which number.</param>
    public void Add(long id, long fence) => _fences[id] = fence;

    /// <summary>Lets go of all of them.</summary>
    /// <param name="release">Lets go of one, by id and fence; what it throws is thrown on, and the claim stays remembered.</param>
    public async Task ReleaseAsync(Func<long, long, Task> release)
    {
        foreach (var (id, fence) in _fences)
        {
            await release(id, fence);
            _fences.TryRemove(KeyValuePair.Create(id, fence));
        }
    }
}
