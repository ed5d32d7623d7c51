using System.Collections.Concurrent;

namespace EasyIsp.Radius.Orders;

/// <summary>The ways to all routers.</summary>
internal sealed class RouterDoors(TimeProvider clock) : IDisposable
{
    /// <summary>A router with so many orders inside gets no more taken for it: those of others must not stand behind them.</summary>
    public const int Enough = 64;

    private readonly ConcurrentDictionary<Guid, RouterDoor> _doors = new();

    /// <summary>Routers that are taken for dead.</summary>
    public int Shut => _doors.Values.Count(door => door.IsShut);

    /// <summary>Those that have enough to do.</summary>
    public IReadOnlyCollection<Guid> Busy => [.. _doors.Where(door => door.Value.Inside >= Enough).Select(door => door.Key)];

    public RouterDoor Of(Guid routerId) => _doors.GetOrAdd(routerId, _ => new RouterDoor(clock));

    public void Dispose()
    {
        foreach (var door in _doors.Values)
            door.Dispose();
    }
}
