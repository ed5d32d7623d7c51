using System.Security.Claims;
using Bunit;
using EasyIsp.Core.Identity;
using EasyIsp.Core.Persistence;
using EasyIsp.Testing;
using EasyIsp.Web.Access;
using EasyIsp.Web.Blocks;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace EasyIsp.Web.Tests.Blocks;

public sealed class BlocksTests(PostgresServer server) : IAsyncLifetime
{
    private readonly BunitContext _browser = new();
    private World _world = null!;

    public async ValueTask InitializeAsync()
    {
        _world = await World.OpenAsync(server);
        _world.AddTo(_browser.Services).AddConsoleAccess();
        var userId = Guid.CreateVersion7(_world.Clock.GetUtcNow());
        await using (var db = await _world.Services.GetRequiredService<PlatformDatabase>().OpenAsync(CancellationToken.None))
        {
            var role = Role.Create(_world.TenantId, StandardRoles.Support, StandardRoles.All[StandardRoles.Support], _world.Clock.GetUtcNow());
            db.Roles.Add(role);
            db.Memberships.Add(Membership.Begin(_world.TenantId, userId, role.Id, _world.Clock.GetUtcNow()));
            await db.CommitAsync(CancellationToken.None);
        }

        var claims = StaffClaims.Entering(_world.TenantId, asSupport: false).Append(new Claim(ClaimTypes.NameIdentifier, userId.ToString()));
        await _browser.Services.GetRequiredService<ConsoleSession>().BeginAsync(new ClaimsPrincipal(new ClaimsIdentity(claims, "test")), CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        await _world.DisposeAsync();
    }

    [Fact]
    public async Task That_the_person_has_left_may_be_asked_after_he_has_left()
    {
        var page = _browser.Render<Leaves>().Instance;
        Assert.False(page.HasLeft);

        await _browser.DisposeComponentsAsync();

        Assert.True(page.HasLeft);
    }

    /// <summary>Asks as one who comes back from a dialog.</summary>
    private sealed class Leaves : LiveComponent
    {
        public bool HasLeft => Leaving.IsCancellationRequested;

        protected override IReadOnlyCollection<string> WatchedTables { get; } = [];

        protected override Task LoadAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    [Fact]
    public void Every_state_has_a_word_a_colour_and_an_icon()
    {
        foreach (var state in Enum.GetValues<State>())
        {
            var chip = _browser.Render<StateChip>(parameters => parameters.Add(c => c.State, state)).Find(".state");

            Assert.Equal(state.ToString(), chip.TextContent, ignoreCase: true);
            Assert.Contains(chip.ClassList, name => name.StartsWith("state-", StringComparison.Ordinal));
            Assert.NotNull(chip.QuerySelector("svg path, svg circle"));
        }
    }

    [Fact]
    public void A_time_is_relative_and_exact_on_hover_in_the_tenants_zone()
    {
        var time = _browser.Render<When>(parameters => parameters.Add(w => w.At, _world.Clock.GetUtcNow().AddMinutes(-5))).Find("time");

        Assert.Equal("5\u00a0min ago", time.TextContent);
        Assert.Equal("Mon 2 Mar 2026, 11:55:00 (UTC+03:00)", time.GetAttribute("title"));
    }

    [Fact]
    public void Money_is_written_in_the_tenants_currency()
        => Assert.Equal("KES\u00a01,250", _browser.Render<Money>(parameters => parameters.Add(m => m.Amount, 1250m)).Find("span").TextContent);
}
