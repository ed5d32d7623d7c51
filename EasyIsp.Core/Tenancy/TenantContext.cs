namespace EasyIsp.Core.Tenancy;

/// <summary>
/// For whom the present request, circuit, job or packet runs. Scoped, set once by one of exactly three setters:
/// the request middleware, the circuit handler, the first line of a job or of a packet's handling.
/// </summary>
public sealed class TenantContext
{
    private Guid? _id;

    /// <exception cref="InvalidOperationException">No tenant was chosen: the code runs outside any of the three setters.</exception>
    public Guid Id => _id ?? throw new InvalidOperationException("No tenant has been chosen for this unit of work.");

    /// <summary>For who may run with or without one.</summary>
    public Guid? Chosen => _id;

    /// <summary>The only routers that whoever is at work may see; null for all. Jobs and packets see all.</summary>
    public Guid[]? RouterIds { get; private set; }

    /// <param name="routerIds">Null for all of the tenant.</param>
    public void RestrictTo(IReadOnlyCollection<Guid>? routerIds) => RouterIds = routerIds is null ? null : [.. routerIds];

    /// <exception cref="InvalidOperationException">The scope already belongs to another tenant.</exception>
    public void Use(Guid tenantId)
    {
        if (tenantId == Guid.Empty)
            throw new ArgumentException("A tenant has an id.", nameof(tenantId));
        if (_id is { } chosen && chosen != tenantId)
            throw new InvalidOperationException("This unit of work already belongs to another tenant.");

        _id = tenantId;
    }
}
