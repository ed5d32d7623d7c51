using System.Diagnostics;
using System.Net;
using EasyIsp.Core.Identity;
using EasyIsp.Testing;
using EasyIsp.Web.Api.Events;
using Xunit;

namespace EasyIsp.Web.Tests.Api;

public sealed class EventStreamTests(PostgresServer server)
{
    [Fact]
    public async Task A_session_that_begins_and_ends_is_told_within_a_second_as_the_endpoints_tell_it()
    {
        await using var shop = await ApiShop.OpenAsync(server);
        await using var neighbour = await shop.NeighbourAsync();
        using var client = await shop.ClientAsync(Permission.SessionsView);
        await using var stream = await ServerSentEvents.OpenAsync(client, "/api/v1/events");

        await neighbour.GoOnlineAsync("somebody.elses");
        var start = Stopwatch.GetTimestamp();
        var session = await shop.GoOnlineAsync();
        var started = await stream.NextAsync();
        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(1));
        Assert.Equal(("session.started", session), (started.Type, started.SubjectId));
        Assert.Equal((await client.JsonAsync($"/api/v1/sessions/{session}")).GetRawText(), started.Data.GetRawText());

        await shop.GoOfflineAsync(session);
        var ended = await stream.NextAsync();
        Assert.Equal(("session.ended", session, "logged off"), (ended.Type, ended.SubjectId, ended.Data.GetProperty("ending").GetProperty("words").GetString()));
        Assert.Equal((await client.JsonAsync($"/api/v1/sessions/{session}")).GetRawText(), ended.Data.GetRawText());
    }

    [Fact]
    public async Task Only_what_was_asked_for_is_told()
    {
        await using var shop = await ApiShop.OpenAsync(server);
        using var client = await shop.ClientAsync(Permission.SessionsView);
        await using var stream = await ServerSentEvents.OpenAsync(client, "/api/v1/events?types=login.refused");

        await shop.GoOnlineAsync();
        var refused = await shop.BeRefusedAsync("home.grace");

        var told = await stream.NextAsync();
        Assert.Equal(("login.refused", refused, "wrongPassword"), (told.Type, told.SubjectId, told.Data.GetProperty("refusal").GetString()));
    }

    [Fact]
    public async Task Who_comes_again_is_told_what_he_missed_and_goes_on()
    {
        await using var shop = await ApiShop.OpenAsync(server);
        using var client = await shop.ClientAsync(Permission.SessionsView);
        string last;
        var before = await shop.GoOnlineAsync("home.before");
        await using (var stream = await ServerSentEvents.OpenAsync(client, "/api/v1/events"))
        {
            await shop.GoOnlineAsync("home.first");
            last = (await stream.NextAsync()).Id;
        }

        var missed = await shop.GoOnlineAsync("home.missed");
        await shop.GoOfflineAsync(before);
        await using var again = await ServerSentEvents.OpenAsync(client, "/api/v1/events", last);
        var later = await shop.GoOnlineAsync("home.later");
        var told = new List<ServerSentEvent>();
        while (told.LastOrDefault()?.SubjectId != later)
            told.Add(await again.NextAsync());

        Assert.Equal(told.Select(happened => happened.Id).Distinct(), told.Select(happened => happened.Id));
        Assert.Contains(told, happened => happened.Type == "session.started" && happened.SubjectId == missed);
        Assert.Contains(told, happened => happened.Type == "session.ended" && happened.SubjectId == before);
        Assert.Contains(told, happened => happened.Id == last); // the last minute comes again, by the same ids
    }

    [Fact]
    public async Task Who_was_away_for_too_long_is_told_to_read_all_again()
    {
        await using var shop = await ApiShop.OpenAsync(server);
        using var client = await shop.ClientAsync(Permission.SessionsView);
        var yesterday = (TimeProvider.System.GetUtcNow().AddDays(-1) - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        await using var stream = await ServerSentEvents.OpenAsync(client, "/api/v1/events", yesterday.ToString("x", System.Globalization.CultureInfo.InvariantCulture));

        Assert.Equal("reset", (await stream.NextAsync()).Type);
        var session = await shop.GoOnlineAsync();
        Assert.Equal(session, (await stream.NextAsync()).SubjectId);
    }

    [Theory]
    [InlineData("update api_tokens set revoked_at = now()")]
    [InlineData("update api_tokens set expires_at = now()")]
    [InlineData("update memberships set ended_at = now()")]
    [InlineData("update roles set is_admin = false, permissions = array['RoutersView']")]
    public async Task A_stream_ends_within_two_seconds_of_its_tokens_end(string end)
    {
        await using var shop = await ApiShop.OpenAsync(server);
        using var client = await shop.ClientAsync(Permission.SessionsView);
        await using var stream = await ServerSentEvents.OpenAsync(client, "/api/v1/events");

        var start = Stopwatch.GetTimestamp();
        await shop.WriteAsync(System.Runtime.CompilerServices.FormattableStringFactory.Create(end));
        await stream.EndAsync();

        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task A_stream_ends_at_the_instant_at_which_its_token_expires()
    {
        await using var shop = await ApiShop.OpenAsync(server);
        using var client = await shop.ClientAsync(Permission.SessionsView);
        await shop.WriteAsync($"update api_tokens set expires_at = now() + interval '1500 milliseconds'");
        await using var stream = await ServerSentEvents.OpenAsync(client, "/api/v1/events");

        var start = Stopwatch.GetTimestamp();
        await stream.EndAsync();

        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(3.5));
    }

    [Fact]
    public async Task A_token_has_so_many_streams_and_no_more()
    {
        await using var shop = await ApiShop.OpenAsync(server);
        using var client = await shop.ClientAsync(Permission.SessionsView);
        var open = new List<ServerSentEvents>();
        for (var i = 0; i < 5; i++)
            open.Add(await ServerSentEvents.OpenAsync(client, "/api/v1/events"));

        using var refused = await client.OpenAsync("/api/v1/events");
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);

        await open[0].DisposeAsync();
        await Eventually.TrueAsync(async () =>
        {
            using var answer = await client.GetAsync("/api/v1/events", HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
            return answer.StatusCode == HttpStatusCode.OK;
        });
        foreach (var stream in open.Skip(1))
            await stream.DisposeAsync();
    }

    [Fact]
    public void A_client_that_does_not_read_is_cut()
    {
        using var stream = new EventStream(Guid.AllBitsSet, EventTypes.Read(null)!, routerIds: null);
        var happened = new ApiEvent("1-s-2", EventTypes.SessionStarted, DateTimeOffset.UnixEpoch, Guid.AllBitsSet, []);
        for (var i = 0; i < 1_000; i++)
            stream.Offer(happened);
        Assert.False(stream.Cut.IsCancellationRequested);

        stream.Offer(happened);

        Assert.True(stream.Cut.IsCancellationRequested);
    }

    [Fact]
    public void Who_sees_one_router_is_told_of_that_one()
    {
        var (here, there) = (Guid.Parse("0195a000-0000-7000-8000-000000000001"), Guid.Parse("0195a000-0000-7000-8000-000000000002"));
        using var stream = new EventStream(Guid.AllBitsSet, EventTypes.Read(null)!, [here]);

        stream.Offer(new ApiEvent("1-s-2", EventTypes.SessionStarted, DateTimeOffset.UnixEpoch, there, []));
        stream.Offer(new ApiEvent("1-s-3", EventTypes.SessionStarted, DateTimeOffset.UnixEpoch, here, []));

        Assert.True(stream.Events.TryRead(out var told));
        Assert.Equal("1-s-3", told.Id);
        Assert.False(stream.Events.TryRead(out _));
    }
}
