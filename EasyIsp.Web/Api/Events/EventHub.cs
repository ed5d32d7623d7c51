using EasyIsp.Core.Persistence;
using Microsoft.Extensions.Options;

namespace EasyIsp.Web.Api.Events;

/// <summary>The open streams of this process, by tenant. A tenant's news is read while somebody follows it, and not else.</summary>
internal sealed class EventHub(
    IServiceScopeFactory scopes, ChangeFeed changes, IOptions<ApiOptions> options, TimeProvider clock, ILogger<EventHub> logger)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, TenantFeed> _feeds = [];

    /// <summary>Whatever happens once <see cref="TenantFeed.Begun"/> is over will be offered to the stream.</summary>
    public JoinOutcome Join(Guid tenantId, EventStream stream)
    {
        lock (_gate)
        {
            if (_feeds.Values.Sum(open => open.Count) >= options.Value.Streams)
                return new JoinOutcome.Full();
            if (_feeds.TryGetValue(tenantId, out var feed))
            {
                if (feed.CountOf(stream.TokenId) >= options.Value.StreamsPerToken)
                    return new JoinOutcome.TooManyOfToken(options.Value.StreamsPerToken);
            }
            else
            {
                _feeds[tenantId] = feed = new TenantFeed(tenantId, scopes, changes, clock, logger);
                _ = feed.FollowAsync();
            }

            feed.Add(stream);
            return new JoinOutcome.Joined(feed);
        }
    }

    public void Leave(Guid tenantId, EventStream stream)
    {
        lock (_gate)
        {
            if (!_feeds.TryGetValue(tenantId, out var feed) || !feed.Remove(stream))
                return;

            _feeds.Remove(tenantId);
            feed.Dispose();
        }
    }
}

internal abstract record JoinOutcome
{
    private JoinOutcome() { }

    public sealed record Joined(TenantFeed Feed) : JoinOutcome;

    /// <summary>This process has as many streams as it may.</summary>
    public sealed record Full : JoinOutcome;

    public sealed record TooManyOfToken(int Most) : JoinOutcome;
}
