using EasyIsp.Core.Tenancy;
using EasyIsp.Testing;
using Xunit;

namespace EasyIsp.Core.Tests.Tenancy;

public sealed class LimitedAccessDeskTests(PostgresServer server) : IAsyncLifetime
{
    private static readonly LimitedAccessTerms Expired = new(LimitedReason.Expired, "unpaid", null, 512, TimeSpan.FromMinutes(5));

    private World _world = null!;

    public async ValueTask InitializeAsync() => _world = await World.OpenAsync(server);

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task A_reason_has_one_place_until_it_is_withdrawn()
    {
        Assert.Empty(await ListAsync());
        Assert.Null(await OfferAsync(Expired));
        Assert.Null(await OfferAsync(Expired with { AddressPool = null, AddressList = " walled ", Kbps = 256 }));
        Assert.Equal([Expired with { AddressPool = null, AddressList = "walled", Kbps = 256 }], await ListAsync());

        await WithDeskAsync(async desk =>
        {
            await desk.WithdrawAsync(LimitedReason.Expired, CancellationToken.None);
            return 0;
        });
        Assert.Empty(await ListAsync());
    }

    [Fact]
    public async Task A_place_speed_and_time_are_needed()
    {
        Assert.Equal(nameof(LimitedAccessTerms.AddressPool), await OfferAsync(Expired with { AddressPool = " " }));
        Assert.Equal(nameof(LimitedAccessTerms.AddressList), await OfferAsync(Expired with { AddressList = "été" }));
        Assert.Equal(nameof(LimitedAccessTerms.Kbps), await OfferAsync(Expired with { Kbps = 0 }));
        Assert.Equal(nameof(LimitedAccessTerms.Length), await OfferAsync(Expired with { Length = TimeSpan.FromHours(2) }));
    }

    private Task<string?> OfferAsync(LimitedAccessTerms terms) => WithDeskAsync(desk => desk.OfferAsync(terms, CancellationToken.None));

    private Task<IReadOnlyList<LimitedAccessTerms>> ListAsync() => WithDeskAsync(desk => desk.ListAsync(CancellationToken.None));

    private Task<T> WithDeskAsync<T>(Func<LimitedAccessDesk, Task<T>> work) => _world.AsTenantAsync(work);
}
