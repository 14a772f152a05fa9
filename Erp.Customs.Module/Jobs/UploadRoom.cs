using System.Threading.Channels;

namespace Erp.Customs.Module.Jobs;

/// <summary>
/// How much is handed to the engine ahead of its workers. Engines work in the order in which they were asked; so what they are asked is kept short,
/// and a backlog stays in the table, from which the earliest deadline is handed in first.
/// </summary>
internal sealed class UploadRoom
{
    /// <summary>Ids that the engine has and has not begun. The default value is four for each worker.</summary>
    private const int Limit = 4 * JobsServices.Workers;

    private readonly Lock _gate = new();
    private readonly HashSet<long> _waiting = [];
    private readonly Channel<bool> _free = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private bool _behind;

    /// <summary>Completes when there is room again for what found none.</summary>
    public async Task WaitForRoomAsync(CancellationToken cancellationToken) => await _free.Reader.ReadAsync(cancellationToken);

    /// <summary>Asks for room for an id.</summary>
    /// <returns><see langword="false"/>: it stays in the table until there is room.</returns>
    public bool TryTake(long id)
    {
        lock (_gate)
        {
            if (_waiting.Contains(id))
            {
                return true;
            }

            if (_waiting.Count >= Limit)
            {
                _behind = true;
                return false;
            }

            return _waiting.Add(id);
        }
    }

    /// <summary>A worker has begun with an id.</summary>
    public void Begun(long id)
    {
        lock (_gate)
        {
            if (_waiting.Remove(id) && _behind && _waiting.Count <= Limit / 2)
            {
                _behind = false;
                _free.Writer.TryWrite(true);
            }
        }
    }

    /// <summary>What is not due any more does not wait: another node has had it, or the engine has lost it.</summary>
    public void Keep(IReadOnlyCollection<long> due)
    {
        lock (_gate)
        {
            _waiting.IntersectWith(due);
        }
    }
}
