namespace EasyIsp.Core.Persistence;

/// <summary>
/// A tenant's row that belongs to one router: who is restricted to others does not see it. The filter follows by itself
/// (<see cref="QueryFilters.Place"/>).
/// </summary>
internal interface IAtRouter
{
    Guid RouterId { get; }
}

/// <summary>A router itself.</summary>
internal interface IRouterItself;
