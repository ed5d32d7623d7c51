using EasyIsp.Core.Packages;
using EasyIsp.Core.Shared;
using EasyIsp.Testing;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace EasyIsp.Core.Tests.Packages;

public sealed class PackageDeskTests(PostgresServer server) : IAsyncLifetime
{
    private static readonly PackageTerms Day = new("Day", 50, TimeSpan.FromDays(1), 5_000, 2_000);

    private World _world = null!;

    public async ValueTask InitializeAsync() => _world = await World.OpenAsync(server);

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task A_term_out_of_its_range_is_named_and_nothing_is_written()
    {
        var outcome = await CreateAsync(Day with { DownloadKbps = 0 });

        Assert.Equal(new PackageOutcome.Refused(nameof(PackageTerms.DownloadKbps)), outcome);
        Assert.Equal(0, await _world.ReadAsync(db => db.Packages.CountAsync()));
    }

    [Theory]
    [InlineData(null, 512, nameof(PackageTerms.SlowDownloadKbps))]
    [InlineData(512, 0, nameof(PackageTerms.SlowUploadKbps))]
    [InlineData(6_000, 512, nameof(PackageTerms.SlowDownloadKbps))]
    public async Task A_package_slows_down_to_speeds_that_it_names_and_that_are_slower(int? download, int? upload, string fault)
    {
        var terms = Day with
        {
            DataLimitBytes = 1_000_000, AtDataLimit = AtDataLimit.SlowDown, SlowDownloadKbps = download, SlowUploadKbps = upload,
        };

        Assert.Equal(new PackageOutcome.Refused(fault), await CreateAsync(terms));
        Assert.Equal(
            new PackageOutcome.Refused(nameof(PackageTerms.DataLimitBytes)), await CreateAsync(terms with { DataLimitBytes = null }));
    }

    [Fact]
    public async Task Only_what_sessions_have_of_a_package_marks_it_to_be_brought_to_them()
    {
        var package = await _world.PackageAsync();
        Task<bool> IsMarkedAsync() => _world.ReadAsync(db => db.Packages.Where(p => p.Id == package).Select(p => p.IsToReachSessions).SingleAsync());

        await ChangeAsync(package, terms => terms with { Price = 1700, SimultaneousSessions = 3 });
        Assert.False(await IsMarkedAsync());
        await ChangeAsync(package, terms => terms with { DownloadKbps = 7_000 });
        Assert.True(await IsMarkedAsync());
    }

    [Fact]
    public async Task A_price_has_no_more_digits_than_the_currency()
        => Assert.Equal(new PackageOutcome.Refused(nameof(PackageTerms.Price)), await CreateAsync(Day with { Price = 50.005m }));

    [Fact]
    public async Task A_change_leaves_what_is_sold_as_it_is()
    {
        var package = await _world.PackageAsync(days: 30);
        var customer = await _world.CustomerAsync("Grace");
        await _world.GiveAsync(customer, package);

        Assert.IsType<PackageOutcome.Saved>(await ChangeAsync(package, terms => terms with { Duration = TimeSpan.FromDays(7) }));

        Assert.Equal(_world.Clock.GetUtcNow().AddDays(30), (await _world.ReadAsync(db => db.Subscriptions.SingleAsync())).EndsAt);
    }

    [Fact]
    public async Task Who_comes_back_after_somebody_elses_change_is_told()
    {
        var package = await _world.PackageAsync();
        var mine = (await TakeInHandAsync(package))!;
        await ChangeAsync(package, terms => terms with { Price = 1600 });

        var outcome = await _world.AsTenantAsync<PackageDesk, PackageOutcome>(
            desk => desk.ChangeAsync(package, mine.Terms with { Price = 1700 }, mine.Version, CancellationToken.None));

        Assert.IsType<PackageOutcome.ChangedMeanwhile>(outcome);
        Assert.Equal(1600, (await TakeInHandAsync(package))!.Terms.Price);
    }

    [Fact]
    public async Task An_archived_package_comes_back_when_restored()
    {
        var package = await _world.PackageAsync();

        await _world.AsTenantAsync<PackageDesk, bool>(desk => desk.ArchiveAsync(package, CancellationToken.None));
        Assert.NotNull((await TakeInHandAsync(package))!.ArchivedAt);
        await _world.AsTenantAsync<PackageDesk, bool>(desk => desk.RestoreAsync(package, CancellationToken.None));

        Assert.Null((await TakeInHandAsync(package))!.ArchivedAt);
        Assert.Equal(
            ["package.archive", "package.create", "package.restore"],
            await _world.ReadAsync(db => db.AuditEvents.Select(a => a.Action).Order().ToListAsync()));
    }

    private Task<PackageOutcome> CreateAsync(PackageTerms terms)
        => _world.AsTenantAsync<PackageDesk, PackageOutcome>(desk => desk.CreateAsync(AccessType.Hotspot, terms, CancellationToken.None));

    private Task<PackageInHand?> TakeInHandAsync(Guid package)
        => _world.AsTenantAsync<PackageDesk, PackageInHand?>(desk => desk.TakeInHandAsync(package, CancellationToken.None));

    private async Task<PackageOutcome> ChangeAsync(Guid package, Func<PackageTerms, PackageTerms> change)
    {
        var inHand = (await TakeInHandAsync(package))!;
        return await _world.AsTenantAsync<PackageDesk, PackageOutcome>(
            desk => desk.ChangeAsync(package, change(inHand.Terms), inHand.Version, CancellationToken.None));
    }
}
