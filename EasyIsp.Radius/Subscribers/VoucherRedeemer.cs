using EasyIsp.Core.Sessions.Attempts;
using EasyIsp.Core.Tenancy;
using EasyIsp.Core.Vouchers;
using EasyIsp.Radius.Policy;

namespace EasyIsp.Radius.Subscribers;

/// <summary>
/// Redeems a voucher that is typed for the first time, through the product's own use case: the one place of the worker
/// where EF runs, once in a voucher's life.
/// </summary>
internal sealed class VoucherRedeemer(IServiceScopeFactory scopes)
{
    /// <returns>The new owner, or why there is none.</returns>
    public async Task<(Guid? OwnerId, Refusal? Refusal)> RedeemAsync(
        LoginAttempt attempt, TypedVoucher voucher, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<TenantContext>().Use(attempt.TenantId);
        var outcome = await scope.ServiceProvider.GetRequiredService<VoucherRedemption>()
            .RedeemAsync(voucher.Code, new Redeemer(attempt.MacAddress, Address: null), cancellationToken);
        return outcome switch
        {
            RedeemOutcome.Redeemed redeemed => (redeemed.CustomerId, null),
            RedeemOutcome.AlreadyUsed used => (used.CustomerId, null),
            _ => (null, RefusalOf(outcome)),
        };
    }

    /// <summary>Of an outcome without an owner.</summary>
    public static Refusal RefusalOf(RedeemOutcome outcome) => outcome switch
    {
        RedeemOutcome.Expired => Refusal.VoucherExpired,
        RedeemOutcome.Revoked => Refusal.VoucherRevoked,
        RedeemOutcome.PackageGone => Refusal.VoucherNotSold,
        RedeemOutcome.TooManyTries => Refusal.TooManyTries,
        _ => Refusal.UnknownUser,
    };
}
