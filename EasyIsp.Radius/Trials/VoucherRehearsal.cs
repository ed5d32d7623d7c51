using EasyIsp.Core.Sessions.Attempts;
using EasyIsp.Core.Tenancy;
using EasyIsp.Core.Vouchers;
using EasyIsp.Radius.Policy;
using EasyIsp.Radius.Subscribers;
using Npgsql;

namespace EasyIsp.Radius.Trials;

/// <summary>
/// Whom a voucher would make of the person that types it, and with what: redeemed and read within one transaction, which is
/// then rolled back.
/// </summary>
internal sealed class VoucherRehearsal(SubscriberReader reader, IServiceScopeFactory scopes)
{
    public async Task<(LoginCandidate? Owner, Refusal? Refusal)> RehearseAsync(
        LoginAttempt attempt, TypedVoucher voucher, CancellationToken cancellationToken)
    {
        Subscriber? owner = null;
        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<TenantContext>().Use(attempt.TenantId);
        var outcome = await scope.ServiceProvider.GetRequiredService<VoucherRedemption>().RehearseAsync(
            voucher.Code,
            new Redeemer(attempt.MacAddress, Address: null),
            async (connection, ownerId) => owner = await reader.ReadAsync(
                (NpgsqlConnection)connection, SubscriberKey.ById(attempt.TenantId, ownerId), cancellationToken),
            cancellationToken);
        return owner is null
            ? (null, VoucherRedeemer.RefusalOf(outcome))
            : (new LoginCandidate(owner, LoginMeans.Voucher, voucher), null);
    }
}
