using EasyIsp.Radius.Policy;

namespace EasyIsp.Radius.Subscribers;

/// <summary>
/// Whom a user name means: a device that logs itself in, a customer, or a voucher's code typed at the router, in this
/// order.
/// </summary>
internal sealed class LoginFinder(SubscriberDirectory directory, VoucherReader vouchers)
{
    /// <summary>From memory alone; vouchers are not remembered.</summary>
    public LoginCandidate? Recall(LoginAttempt attempt)
    {
        foreach (var (key, means) in KeysOf(attempt))
        {
            if (directory.TryRecall(key, out var subscriber, out var isInDoubt))
                return new LoginCandidate(subscriber, means) { IsInDoubt = isInDoubt };
        }

        return null;
    }

    /// <exception cref="Npgsql.NpgsqlException">The database is away.</exception>
    public async Task<LoginCandidate?> FindAsync(LoginAttempt attempt, CancellationToken cancellationToken)
    {
        foreach (var (key, means) in KeysOf(attempt))
        {
            if (await directory.ReadAsync(key, cancellationToken) is { } subscriber)
                return new LoginCandidate(subscriber, means);
        }

        return null;
    }

    /// <summary>Null when the user name is no voucher's code of this tenant.</summary>
    public Task<TypedVoucher?> FindVoucherAsync(LoginAttempt attempt, CancellationToken cancellationToken)
        => vouchers.FindAsync(attempt.TenantId, attempt.UserName, cancellationToken);

    /// <summary>A voucher's owner.</summary>
    public async Task<LoginCandidate?> FindOwnerAsync(
        TypedVoucher voucher, Guid tenantId, Guid ownerId, CancellationToken cancellationToken)
    {
        var owner = await directory.ReadAsync(SubscriberKey.ById(tenantId, ownerId), cancellationToken);
        return owner is null ? null : new LoginCandidate(owner, LoginMeans.Voucher, voucher);
    }

    private static IEnumerable<(SubscriberKey Key, LoginMeans Means)> KeysOf(LoginAttempt attempt)
    {
        if (attempt is { IsByDevice: true, MacAddress: { } macAddress })
            yield return (SubscriberKey.ByDevice(attempt.TenantId, macAddress), LoginMeans.Device);
        var asTyped = SubscriberKey.ByUserName(attempt.TenantId, attempt.UserName);
        if (!attempt.IsOwnAddress)
        {
            yield return (asTyped, LoginMeans.Password);
            yield break;
        }

        // Stored as the router spells it, or with colons.
        yield return (asTyped, LoginMeans.OwnAddress);
        if (SubscriberKey.ByUserName(attempt.TenantId, attempt.MacAddress!) is var withColons && withColons != asTyped)
            yield return (withColons, LoginMeans.OwnAddress);
    }
}
