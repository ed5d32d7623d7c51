using EasyIsp.Core.Routers;
using EasyIsp.Testing;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace EasyIsp.Core.Tests.Routers;

public sealed class RouterSourcesTests(PostgresServer server)
{
    [Theory]
    [InlineData(null, "")]
    [InlineData("10.20.0.0/16", "10.20.0.0/16")]
    [InlineData(" 10.20.0.0/16;10.9.9.9,\n2001:db8::/48 10.20.0.0/16", "10.20.0.0/16|10.9.9.9/32|2001:db8::/48")]
    [InlineData("::ffff:10.20.0.0/112", "10.20.0.0/16")]
    [InlineData("10.0.0.0/8", "10.0.0.0/8")]
    public void Ranges_are_read_as_people_write_them(string? text, string expected)
    {
        Assert.Empty(RouterRules.FaultsIn(new RouterDraft("Mast", "10.0.0.1", SourceNetworks: text)));
        Assert.Equal(expected, string.Join('|', RouterRules.ParseNetworks(text)!));
    }

    [Theory]
    [InlineData("0.0.0.0/0")]
    [InlineData("::/0")]
    [InlineData("10.0.0.0/7")]
    [InlineData("2001::/16")]
    [InlineData("::ffff:0.0.0.0/96")]
    [InlineData("10.20/16")]
    [InlineData("10.20.0.0/33")]
    [InlineData("10.20.0.0/16, mast")]
    public void What_is_no_range_or_everybodys_is_refused(string text)
        => Assert.Equal([RouterFault.SourceNetworks], RouterRules.FaultsIn(new RouterDraft("Mast", "10.0.0.1", SourceNetworks: text)));

    [Fact]
    public async Task What_a_router_sends_from_is_kept_and_a_stranger_there_is_one_no_longer()
    {
        await using var world = await World.OpenAsync(server);
        await world.StrangerAsync("10.9.0.1");
        await world.StrangerAsync("10.20.3.4");
        await world.StrangerAsync("10.21.0.1");
        var draft = new RouterDraft("Mast", "10.0.0.1", TunnelAddress: "10.9.0.1", SourceNetworks: "10.20.0.0/16");

        var saved = (RouterOutcome.Saved)await world.AsTenantAsync<RouterDesk, RouterOutcome>(desk => desk.AddAsync(draft, CancellationToken.None));

        var inHand = await world.AsTenantAsync<RouterDesk, RouterInHand?>(desk => desk.TakeInHandAsync(saved.RouterId, CancellationToken.None));
        Assert.Equal(draft with { HotspotHost = null }, inHand!.Draft);
        Assert.Equal(["10.21.0.1"], await world.StrangersAsync());
        Assert.Equal("10.9.0.1", (await world.ReadAsync(db => db.Routers.SingleAsync())).OrdersAddress.ToString());
    }

    [Fact]
    public async Task A_second_new_secret_keeps_the_one_that_the_router_has()
    {
        await using var world = await World.OpenAsync(server);
        var id = await world.RouterAsync();
        var original = (await world.ReadAsync(db => db.Routers.SingleAsync())).RadiusSecret;
        await RotateAsync();

        await RotateAsync();

        var router = await world.ReadAsync(db => db.Routers.SingleAsync());
        Assert.Equal(original, router.PreviousSecret);
        Assert.True(router.UsesPreviousSecret);

        Task<RouterOutcome> RotateAsync()
            => world.AsTenantAsync<RouterDesk, RouterOutcome>(desk => desk.RotateSecretAsync(id, TimeSpan.FromDays(1), CancellationToken.None));
    }

    [Fact]
    public async Task When_the_time_of_the_old_secret_is_over_there_is_nothing_to_settle()
    {
        await using var world = await World.OpenAsync(server);
        var id = await world.RouterAsync();
        await world.AsTenantAsync<RouterDesk, RouterOutcome>(desk => desk.RotateSecretAsync(id, TimeSpan.FromHours(1), CancellationToken.None));
        world.Clock.Advance(TimeSpan.FromHours(1));

        Assert.IsType<RouterOutcome.ChangedMeanwhile>(
            await world.AsTenantAsync<RouterDesk, RouterOutcome>(desk => desk.RollBackSecretAsync(id, CancellationToken.None)));
    }
}
