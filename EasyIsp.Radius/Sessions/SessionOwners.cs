using EasyIsp.Core.Shared;
using EasyIsp.Radius.Policy;
using EasyIsp.Radius.Subscribers;

namespace EasyIsp.Radius.Sessions;

/// <summary>Whose session a report is about, where its Class did not tell: by the user name, as at login.</summary>
internal sealed class SessionOwners(SubscriberDirectory directory, VoucherReader vouchers)
{
    private const int AtOnce = 4;

    /// <returns>The reports in their order, each with its owner: one without a customer where the user name is nobody's.</returns>
    /// <exception cref="Npgsql.NpgsqlException">The database is away.</exception>
    public async Task<IReadOnlyList<SessionReport>> NameAsync(IReadOnlyList<SessionReport> reports, CancellationToken cancellationToken)
    {
        var named = reports.ToArray();
        var nameless = Enumerable.Range(0, named.Length).Where(index => named[index].Owner is null).ToList();
        if (nameless.Count > 0)
        {
            await Parallel.ForEachAsync(
                nameless,
                new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
                async (index, token) => named[index] = named[index] with { Owner = await FindAsync(named[index], token) });
        }

        return named;
    }

    private async Task<SessionOwner> FindAsync(SessionReport report, CancellationToken cancellationToken)
    {
        var (tenantId, userName) = (report.TenantId, report.UserName);
        if (report.MacAddress is { } macAddress && MacAddress.Normalize(userName) == macAddress
            && await FindAsync(SubscriberKey.ByDevice(tenantId, macAddress), cancellationToken) is { } device)
            return Owner(userName, device, report);
        if (await FindAsync(SubscriberKey.ByUserName(tenantId, userName), cancellationToken) is { } customer)
            return Owner(userName, customer, report);
        if (await vouchers.FindAsync(tenantId, userName, cancellationToken) is not { } voucher)
            return new SessionOwner(userName);

        var redeemer = voucher.RedeemedBy is { } ownerId
            ? await FindAsync(SubscriberKey.ById(tenantId, ownerId), cancellationToken)
            : null;
        return redeemer is null
            ? new SessionOwner(voucher.SessionUserName, VoucherId: voucher.Id)
            : Owner(voucher.SessionUserName, redeemer, report) with { VoucherId = voucher.Id };
    }

    private async Task<Subscriber?> FindAsync(SubscriberKey key, CancellationToken cancellationToken)
        => directory.TryRecall(key, out var known, out var isInDoubt) && !isInDoubt ? known : await directory.ReadAsync(key, cancellationToken);

    /// <summary>The subscription is the one that ran when the report was sent: it may have waited long on disk.</summary>
    private static SessionOwner Owner(string userName, Subscriber subscriber, SessionReport report)
        => new(userName, subscriber.CustomerId, report.IsLimited ? null : subscriber.ActiveAt(report.HeardAt)?.Id);
}
