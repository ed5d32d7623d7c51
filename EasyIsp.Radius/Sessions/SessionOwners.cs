using EasyIsp.Core.Shared;
using EasyIsp.Radius.Policy;
using EasyIsp.Radius.Subscribers;

namespace EasyIsp.Radius.Sessions;

/// <summary>Whose session an accounting packet is about: by the Class we gave, else by the user name, as at login.</summary>
internal sealed class SessionOwners(GrantedLogins logins, SubscriberDirectory directory, VoucherReader vouchers, TimeProvider clock)
{
    /// <returns>An owner without a customer where the user name is nobody's: traffic is recorded all the same.</returns>
    /// <exception cref="Npgsql.NpgsqlException">The database is away.</exception>
    public async Task<SessionOwner> FindAsync(
        Guid tenantId, Guid? sessionId, string userName, string? macAddress, CancellationToken cancellationToken)
    {
        if (sessionId is { } id && logins.Find(tenantId, id) is { } login)
            return login.Owner;

        var byName = SubscriberKey.ByUserName(tenantId, userName);
        if (macAddress is not null && MacAddress.Normalize(userName) == macAddress
            && await FindAsync(SubscriberKey.ByDevice(tenantId, macAddress), cancellationToken) is { } device)
            return Owner(userName, device);
        if (await FindAsync(byName, cancellationToken) is { } customer)
            return Owner(userName, customer);
        if (await vouchers.FindAsync(tenantId, userName, cancellationToken) is not { } voucher)
            return new SessionOwner(userName);

        var redeemer = voucher.RedeemedBy is { } ownerId
            ? await FindAsync(SubscriberKey.ById(tenantId, ownerId), cancellationToken)
            : null;
        return redeemer is null
            ? new SessionOwner(voucher.SessionUserName, VoucherId: voucher.Id)
            : Owner(voucher.SessionUserName, redeemer) with { VoucherId = voucher.Id };
    }

    private async Task<Subscriber?> FindAsync(SubscriberKey key, CancellationToken cancellationToken)
        => directory.TryRecall(key, out var known) ? known : await directory.ReadAsync(key, cancellationToken);

    private SessionOwner Owner(string userName, Subscriber subscriber)
        => new(userName, subscriber.CustomerId, subscriber.ActiveAt(clock.GetUtcNow())?.Id);
}
