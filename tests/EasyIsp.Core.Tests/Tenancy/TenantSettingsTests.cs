using EasyIsp.Core.Tenancy;
using EasyIsp.Testing;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace EasyIsp.Core.Tests.Tenancy;

public sealed class TenantSettingsTests(PostgresServer server) : IAsyncLifetime
{
    private World _world = null!;

    public async ValueTask InitializeAsync() => _world = await World.OpenAsync(server);

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task A_support_phone_is_kept_as_the_country_reads_it()
    {
        var before = await TakeAsync();

        var outcome = await ChangeAsync(before with { Name = " Savanna Fibre ", AccentColor = "#AA3300", SupportPhone = "0712 345 678" }, before);

        Assert.Equal(new TenantProfileOutcome.Saved(before with { Name = "Savanna Fibre", AccentColor = "#aa3300", SupportPhone = "+254712345678" }), outcome);
        Assert.Equal("+254712345678", (await TakeAsync()).SupportPhone);
    }

    [Fact]
    public async Task The_log_tells_what_is_another_now_and_nothing_else()
    {
        var before = await TakeAsync();

        await ChangeAsync(before with { Locale = before.Locale with { Language = "sw", TimeZone = "Africa/Kampala" } }, before);

        var deed = await _world.ReadAsync(db => db.AuditEvents.SingleAsync(a => a.Action == "tenant.change-profile"));
        Assert.Equal(_world.TenantId, deed.SubjectId);
        Assert.Equal(
            ["language:sw", "timeZone:Africa/Kampala"],
            deed.Details!.RootElement.EnumerateObject().Select(detail => $"{detail.Name}:{detail.Value}").Order());
    }

    [Fact]
    public async Task What_cannot_stand_is_named_and_nothing_is_written()
    {
        var before = await TakeAsync();
        var wrong = new TenantProfile(" ", "red", "12", new TenantLocale("kes", 5, "Mars/Olympus", "XX", "fr")) { RefundLimit = -1 };

        var refused = Assert.IsType<TenantProfileOutcome.Refused>(await ChangeAsync(wrong, before));

        Assert.Equal(Enum.GetValues<TenantProfileFault>().Order(), refused.Faults.Order());
        Assert.Equal(before, await TakeAsync());
    }

    [Fact]
    public async Task Who_comes_back_after_somebody_elses_change_is_told()
    {
        var mine = await TakeAsync();
        await ChangeAsync(mine with { Name = "Theirs" }, mine);

        Assert.IsType<TenantProfileOutcome.ChangedMeanwhile>(await ChangeAsync(mine with { Name = "Mine" }, mine));
        Assert.Equal("Theirs", (await TakeAsync()).Name);
    }

    [Fact]
    public async Task Another_tenant_keeps_its_own()
    {
        var other = await _world.FoundTenantAsync("coast", "Coast Net");
        var before = await TakeAsync();

        await ChangeAsync(before with { Name = "Savanna Fibre" }, before);

        Assert.Equal("Coast Net", (await _world.AsTenantAsync<TenantSettings, TenantProfile>(other, s => s.TakeInHandAsync(CancellationToken.None))).Name);
    }

    private Task<TenantProfile> TakeAsync()
        => _world.AsTenantAsync<TenantSettings, TenantProfile>(settings => settings.TakeInHandAsync(CancellationToken.None));

    private Task<TenantProfileOutcome> ChangeAsync(TenantProfile profile, TenantProfile before)
        => _world.AsTenantAsync<TenantSettings, TenantProfileOutcome>(settings => settings.ChangeAsync(profile, before, CancellationToken.None));
}
