using EasyIsp.Core.Shared;

namespace EasyIsp.Radius.Policy;

/// <summary>A customer as a login sees him.</summary>
/// <param name="Subscriptions">The present one, those to come and the last one gone; the latest end first.</param>
internal sealed record Subscriber(
    Guid TenantId,
    Guid CustomerId,
    AccessType AccessType,
    StoredPassword? Password,
    bool IsSuspended,
    IReadOnlyList<SubscriptionTerms> Subscriptions)
{
    public SubscriptionTerms? ActiveAt(DateTimeOffset now)
        => Subscriptions.FirstOrDefault(terms => terms.StartsAt <= now && now < terms.EndsAt);
}

/// <summary>What one subscription allows.</summary>
internal sealed record SubscriptionTerms(
    Guid Id,
    DateTimeOffset StartsAt,
    DateTimeOffset EndsAt,
    long? DataLimitBytes,
    int DownloadKbps,
    int UploadKbps,
    int SimultaneousSessions)
{
    /// <summary>To the end of what follows without a gap: a session need not end where another package begins.</summary>
    public DateTimeOffset CoveredUntil { get; init; } = EndsAt;
}
