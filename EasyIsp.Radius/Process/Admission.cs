using System.Collections.Concurrent;
using EasyIsp.Radius.Routers;
using Microsoft.Extensions.Options;

namespace EasyIsp.Radius.Process;

/// <summary>
/// How many requests of one router and of one tenant may be in work: no one's storm takes the room that others need. What
/// is too much is dropped, and its router asks again.
/// </summary>
internal sealed class Admission(IOptions<RadiusOptions> options)
{
    private readonly ConcurrentDictionary<Guid, Load> _loads = new();

    /// <summary>Whoever is let in ends it with <see cref="Leave"/>.</summary>
    public bool TryEnter(Nas nas)
    {
        var (router, tenant) = (LoadOf(nas.RouterId), LoadOf(nas.TenantId));
        if (!router.TryEnter(options.Value.RequestsOfRouter))
            return false;
        if (tenant.TryEnter(options.Value.RequestsOfTenant))
            return true;

        router.Leave();
        return false;
    }

    public void Leave(Nas nas)
    {
        LoadOf(nas.RouterId).Leave();
        LoadOf(nas.TenantId).Leave();
    }

    private Load LoadOf(Guid id) => _loads.TryGetValue(id, out var load) ? load : _loads.GetOrAdd(id, _ => new Load());

    private sealed class Load
    {
        private int _inWork;

        public bool TryEnter(int most)
        {
            if (Interlocked.Increment(ref _inWork) <= most)
                return true;
            Interlocked.Decrement(ref _inWork);
            return false;
        }

        public void Leave() => Interlocked.Decrement(ref _inWork);
    }
}
