using EasyIsp.Core.Persistence;
using EasyIsp.Radius.Sessions;
using EasyIsp.Radius.Tests.Worker;
using EasyIsp.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace EasyIsp.Radius.Tests.Sessions;

public sealed class PlacesFeedTests(PostgresServer server) : IAsyncLifetime
{
    private Isp _isp = null!;

    public async ValueTask InitializeAsync() => _isp = await Isp.OpenAsync(server);

    public ValueTask DisposeAsync() => _isp.DisposeAsync();

    [Fact]
    public async Task What_happened_before_it_began_is_known_though_the_feed_listened_already()
    {
        using var nas = await _isp.AddRouterAsync();
        var customer = await _isp.AddSubscriberAsync("ali");
        var feed = _isp.Worker<ChangeFeed>();
        await Isp.EventuallyAsync(() => Task.FromResult(feed.IsListening));
        await _isp.HearingOfAsync("open_sessions", () => _isp.ExecuteAsync($"""
            insert into open_sessions (tenant_id, id, router_id, customer_id, subscription_id, user_name, nas_session_id,
              started_at, last_heard_at, uploaded_bytes, downloaded_bytes, session_seconds)
            select tenant_id, gen_random_uuid(), '{nas.Id}', customer_id, id, 'ali', '1', '2026-03-02 08:59+00', '2026-03-02 08:59+00', 0, 0, 0
            from subscriptions where customer_id = '{customer.Id}'
            """));

        var places = new Places(_isp.World.Clock);
        var reader = new PlacesReader(_isp.Worker<PlatformDataSource>(), places, _isp.Worker<IOptions<RadiusOptions>>(), _isp.World.Clock);
        using var late = new PlacesFeed(reader, feed, _isp.World.Clock, NullLogger<PlacesFeed>.Instance);
        await late.StartAsync(TestContext.Current.CancellationToken);

        await Isp.EventuallyAsync(() => Task.FromResult(places.Count == 1));
        await late.StopAsync(TestContext.Current.CancellationToken);
    }
}
