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
            .RedeemAsync(voucher.Code, Redeemer(attempt), cancellationToken);
        return outcome switch
        {
            RedeemOutcome.Redeemed redeemed => (redeemed.CustomerId, null),
            RedeemOutcome.AlreadyUsed used => (used.CustomerId, null),
            _ => (null, RefusalOf(outcome)),
        };
    }

    /// <summary>
    /// Only what has a good check letter is counted: other names that nobody has are slips, or people's and devices' own.
    /// </summary>
    public async Task GuessedAsync(LoginAttempt attempt, CancellationToken cancellationToken)
    {
        if (attempt.IsOwnAddress || attempt.AccessType is Core.Shared.AccessType.Pppoe
            || VoucherCode.Normalize(attempt.UserName) is not { } code || !VoucherCode.HasGoodCheck(code))
        {
            return;
        }

        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<TenantContext>().Use(attempt.TenantId);
        await scope.ServiceProvider.GetRequiredService<VoucherGuard>().CountWrongAsync(Redeemer(attempt), cancellationToken);
    }

    private static Redeemer Redeemer(LoginAttempt attempt) => new(attempt.MacAddress, Address: null) { RouterId = attempt.RouterId };

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
