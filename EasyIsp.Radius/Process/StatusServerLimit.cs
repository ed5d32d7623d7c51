using System.Collections.Concurrent;
using EasyIsp.Radius.Routers;
using Microsoft.Extensions.Options;

namespace EasyIsp.Radius.Process;

/// <summary>
/// How often a router may ask whether we live: whoever asks more often is not watching but loading (RFC 5997 section 6).
/// </summary>
internal sealed class StatusServerLimit(IOptions<RadiusOptions> options, TimeProvider clock)
{
    private readonly ConcurrentDictionary<(Guid TenantId, Guid RouterId), Second> _seconds = new();

    public bool TryTake(KnownRouter router)
    {
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        return _seconds.GetOrAdd((router.Facts.TenantId, router.Facts.RouterId), _ => new Second()).Take(now) <= options.Value.StatusServersPerSecond;
    }

    private sealed class Second
    {
        private readonly Lock _counting = new();
        private long _second;
        private int _count;

        public int Take(long second)
        {
            lock (_counting)
            {
                if (_second != second)
                    (_second, _count) = (second, 0);
                return ++_count;
            }
        }
    }
}
