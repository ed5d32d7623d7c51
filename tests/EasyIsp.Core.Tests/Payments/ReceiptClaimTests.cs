using EasyIsp.Core.Payments.Claims;
using EasyIsp.Core.Payments.Daraja;
using EasyIsp.Core.Payments.Statements;
using EasyIsp.Emulators.Daraja;
using EasyIsp.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace EasyIsp.Core.Tests.Payments;

/// <summary>"I have paid already": only the provider's word about our own short code books.</summary>
public sealed class ReceiptClaimTests(PostgresServer server) : IAsyncLifetime
{
    private SafaricomWorld _world = null!;

    public async ValueTask InitializeAsync()
    {
        _world = await SafaricomWorld.OpenAsync(server);
        await _world.SetInitiatorAsync();
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_receipt_that_the_provider_confirms_is_booked_and_waits_for_a_person()
    {
        var receipt = await _world.PayAsync("1042", 50);

        var claim = await AnsweredAsync(await AskAsync(receipt));

        Assert.Equal(ReceiptClaimState.Booked, claim.Claim.State);
        Assert.Equal((receipt, 50m, true, "JANE WANJIKU"), (claim.Payment!.Receipt, claim.Payment.Amount, claim.Payment.IsInSuspense, claim.Payment.PayerName));
    }

    [Fact]
    public async Task Money_that_went_to_somebody_else_is_not_booked()
    {
        var receipt = await _world.PayAsync("1042", 50, shortCode: "600999");

        var claim = await AnsweredAsync(await AskAsync(receipt));

        Assert.Equal((ReceiptClaimState.Elsewhere, null), (claim.Claim.State, claim.Payment));
        Assert.Equal(0, await _world.World.ReadAsync(db => db.Payments.CountAsync(Cancelled)));
    }

    [Fact]
    public async Task A_receipt_that_nobody_has_is_not_found()
        => Assert.Equal(ReceiptClaimState.NotFound, (await AnsweredAsync(await AskAsync("UC2AAAAAAA"))).Claim.State);

    [Fact]
    public async Task An_initiator_that_is_refused_is_told_apart_from_a_receipt_that_is_not_found()
    {
        _world.Merchant.MissingRoles.Add(DarajaOrderKind.Status);

        Assert.Equal(ReceiptClaimState.CouldNotAsk, (await AnsweredAsync(await AskAsync("UC2AAAAAAA"))).Claim.State);
    }

    [Fact]
    public async Task The_visit_that_asked_this_phone_for_this_amount_gets_what_it_bought_once_the_account_is_told()
    {
        var request = await _world.PromptedAsync("+254712345678");
        var visit = Guid.CreateVersion7(_world.World.Clock.GetUtcNow());
        await _world.World.WriteAsync(db => db.Database.ExecuteSqlAsync($"update payment_requests set origin_id = {visit}", Cancelled));
        _world.DropsEverything = true;
        await _world.PassAsync(TimeSpan.FromSeconds(6), posts: 1);
        var receipt = _world.Safaricom.Statement.Lines.Single().Receipt;
        _world.DropsEverything = false;

        var claim = await AnsweredAsync(await AskAsync(receipt, visit));
        Assert.True(claim.Payment!.IsInSuspense);

        await _world.World.WriteAsync(async db => await _world.World.Services.GetRequiredService<StatementBooking>().TakeAsync(
            db, await db.PaymentAccounts.SingleAsync(Cancelled), new PulledRow(receipt, request.Amount, null, request.Reference, null, null), StatementSource.Pull, Cancelled));

        claim = (await FindAsync(claim.Claim.Id, visit))!;
        Assert.Equal((request.Id, request.CustomerId, receipt), (claim.Payment!.PaymentRequestId, claim.Payment.CustomerId, claim.Payment.Receipt));
        Assert.Equal(1, await _world.World.ReadAsync(db => db.Purchases.CountAsync(Cancelled)));
    }

    [Fact]
    public async Task Who_asks_again_does_not_ask_the_provider_again_and_strangers_are_limited()
    {
        var visit = Guid.CreateVersion7(_world.World.Clock.GetUtcNow());
        var first = Assert.IsType<ClaimOutcome.Asked>(await AskAsync("UC2AAAAAAA", visit));
        Assert.Equal(first, await AskAsync("UC2AAAAAAA", visit));

        for (var number = 1; number < ReceiptClaims.MostOfPayersInAnHour; number++)
            Assert.IsType<ClaimOutcome.Asked>(await AskAsync($"UC2AAAA{number:D3}", visit));
        Assert.IsType<ClaimOutcome.TooMany>(await AskAsync("UC2BBBBBBB", visit));
        Assert.IsType<ClaimOutcome.Asked>(await AskAsync("UC2BBBBBBB"));
    }

    [Fact]
    public async Task Another_visit_does_not_see_it()
    {
        var visit = Guid.CreateVersion7(_world.World.Clock.GetUtcNow());
        var asked = Assert.IsType<ClaimOutcome.Asked>(await AskAsync("UC2AAAAAAA", visit));

        Assert.Null(await FindAsync(asked.ClaimId, Guid.CreateVersion7(_world.World.Clock.GetUtcNow())));
        Assert.True((await FindAsync(asked.ClaimId, visit))!.Waits);
    }

    [Fact]
    public async Task An_answer_that_comes_late_books_all_the_same()
    {
        var receipt = await _world.PayAsync("1042", 50);
        _world.Options.ResultPlan = _ => [TimeSpan.FromMinutes(10)];
        var asked = Assert.IsType<ClaimOutcome.Asked>(await AskAsync(receipt));
        await _world.SendAsync();
        await _world.PassAsync(_world.Options.OrderTakes);
        Assert.Equal(ReceiptClaimState.Asked, (await FindAsync(asked.ClaimId))!.Claim.State);

        await _world.PassAsync(TimeSpan.FromMinutes(10), posts: 1);

        Assert.Equal(ReceiptClaimState.Booked, (await FindAsync(asked.ClaimId))!.Claim.State);
    }

    [Fact]
    public async Task Without_an_initiator_nobody_can_be_asked()
    {
        await _world.World.WriteAsync(db => db.Database.ExecuteSqlAsync($"delete from initiators", Cancelled));

        Assert.IsType<ClaimOutcome.CannotAsk>(await AskAsync("UC2AAAAAAA"));
    }

    private Task<ClaimOutcome> AskAsync(string receipt, Guid? visit = null)
        => _world.World.AsTenantAsync<ReceiptClaims, ClaimOutcome>(claims => claims.AskAsync(receipt, visit, Cancelled));

    private Task<ClaimView?> FindAsync(Guid claimId, Guid? visit = null)
        => _world.World.AsTenantAsync<ReceiptClaims, ClaimView?>(claims => claims.FindAsync(claimId, visit, Cancelled));

    private async Task<ClaimView> AnsweredAsync(ClaimOutcome outcome)
    {
        var claimId = Assert.IsType<ClaimOutcome.Asked>(outcome).ClaimId;
        var order = await _world.World.ReadAsync(db => db.ProviderOrders.Where(o => o.CauseId == claimId).Select(o => o.Id).SingleAsync(Cancelled));
        await _world.CarryOutAsync(order);
        return (await FindAsync(claimId))!;
    }
}
