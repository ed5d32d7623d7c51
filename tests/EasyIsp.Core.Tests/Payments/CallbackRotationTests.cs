using EasyIsp.Core.Payments;
using EasyIsp.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace EasyIsp.Core.Tests.Payments;

/// <summary>A secret address that may have become known is replaced, and what is on its way still arrives.</summary>
public sealed class CallbackRotationTests(PostgresServer server) : IAsyncLifetime
{
    private PaymentWorld _world = null!;

    public async ValueTask InitializeAsync() => _world = await PaymentWorld.OpenAsync(server);

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Old_and_new_addresses_are_both_answered_for_a_while()
    {
        var before = await _world.PromptedAsync("+254712000001");
        var until = await RotateAsync();
        var after = await _world.PromptedAsync("+254712000002");

        Assert.NotEqual(KeyOf(before), KeyOf(after));
        Assert.Equal(ProviderMessageOutcome.Settled, await _world.CallBackAsync(before, PaymentWorld.Paid(before, "UA1AAAAAAA")));
        Assert.Equal(ProviderMessageOutcome.Settled, await _world.CallBackAsync(after, PaymentWorld.Paid(after, "UA1BBBBBBB")));
        Assert.Equal(_world.World.Clock.GetUtcNow() + CallbackRotation.Overlap, until);

        _world.World.Clock.Advance(CallbackRotation.Overlap);
        Assert.Null(await FindAsync(KeyOf(before)));
        Assert.NotNull(await FindAsync(KeyOf(after)));
    }

    [Fact]
    public async Task The_old_address_can_be_ended_at_once()
    {
        var before = await _world.PromptedAsync("+254712000001");
        await RotateAsync();

        Assert.Equal(1, await EndOldAsync());

        Assert.Null(await FindAsync(KeyOf(before)));
    }

    [Fact]
    public async Task A_registered_account_is_to_be_registered_again()
    {
        await RegisterAsync();
        var until = await RotateAsync();
        Assert.Equal(until, await RegisterAgainByAsync());

        await RegisterAsync();
        Assert.Null(await RegisterAgainByAsync());
    }

    [Fact]
    public async Task The_address_that_is_registered_ends_when_it_did_however_often_it_is_replaced()
    {
        await RegisterAsync();
        var until = await RotateAsync();
        _world.World.Clock.Advance(TimeSpan.FromDays(5));

        Assert.NotEqual(until, await RotateAsync());
        Assert.Equal(until, await RegisterAgainByAsync());

        Assert.Equal(2, await EndOldAsync());
        Assert.Equal(_world.World.Clock.GetUtcNow(), await RegisterAgainByAsync());
    }

    private string KeyOf(PaymentRequest request) => _world.Daraja.CallbackOf(request.CheckoutRequestId!).Split('/')[^2];

    private Task<CallbackOwner?> FindAsync(string key) => _world.World.Services.GetRequiredService<CallbackAddresses>().FindAsync(key, Cancelled);

    private Task<int> EndOldAsync() => _world.World.AsTenantAsync<CallbackRotation, int>(
        async rotation => await rotation.EndOldAsync((await _world.OwnerAsync()).PaymentAccountId, Cancelled));

    private Task<DateTimeOffset?> RotateAsync() => _world.World.AsTenantAsync<CallbackRotation, DateTimeOffset?>(
        async rotation => await rotation.RotateAsync((await _world.OwnerAsync()).PaymentAccountId, Cancelled));

    private Task<Core.Payments.Daraja.C2bRegistration?> RegisterAsync() => _world.World.AsTenantAsync<C2bRegistrations, Core.Payments.Daraja.C2bRegistration?>(
        async registrations => await registrations.RegisterAsync((await _world.OwnerAsync()).PaymentAccountId, new Uri("https://portal.example"), Cancelled));

    private Task<DateTimeOffset?> RegisterAgainByAsync()
        => _world.World.ReadAsync(db => db.PaymentAccounts.Select(a => a.RegisterAgainBy).SingleAsync(Cancelled));
}
