using EasyIsp.Core.Packages;
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
    SubscriptionTerms[] Subscriptions)
{
    /// <summary>Empty is every router.</summary>
    public IReadOnlyList<Guid> Routers { get; init; } = [];

    /// <summary>Null where any device will do.</summary>
    public OwnDevices? Devices { get; init; }

    public LoginHabits Habits { get; } = new();

    public SubscriptionTerms? ActiveAt(DateTimeOffset now)
    {
        foreach (var terms in Subscriptions)
        {
            if (terms.StartsAt <= now && now < terms.EndsAt)
                return terms;
        }

        return null;
    }

    /// <summary>Both the customer's list of routers and the package's hold.</summary>
    public bool MayUse(Guid routerId, SubscriptionTerms terms) => Allows(Routers, routerId) && Allows(terms.Routers, routerId);

    private static bool Allows(IReadOnlyList<Guid> routers, Guid routerId) => routers.Count == 0 || routers.Contains(routerId);
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

    public WhenFull WhenFull { get; init; }

    /// <summary>Null is always.</summary>
    public LocalHours? Hours { get; init; }

    /// <summary>Empty is every router.</summary>
    public IReadOnlyList<Guid> Routers { get; init; } = [];

    public required LineTerms Line { get; init; }

    /// <summary>The customer's and the package's.</summary>
    public ExtraAttributes Extras { get; init; } = ExtraAttributes.None;
}

/// <summary>A package's hours by its tenant's clock.</summary>
internal sealed record LocalHours(AllowedHours Hours, TimeZoneInfo Zone)
{
    public bool IsOpenAt(DateTimeOffset now) => Hours.IsOpenAt(now, Zone);

    public DateTimeOffset? ClosesAt(DateTimeOffset now) => Hours.ClosesAt(now, Zone);

    /// <summary>By the tenant's clock.</summary>
    public DateTimeOffset? OpensAt(DateTimeOffset now) => Hours.OpensAt(now, Zone) is { } at ? TimeZoneInfo.ConvertTime(at, Zone) : null;
}

/// <summary>The devices that a customer is locked to.</summary>
/// <param name="BindsFirst">The first to log in becomes the customer's.</param>
/// <param name="IsBound">One has.</param>
internal sealed record OwnDevices(bool BindsFirst, bool IsBound, IReadOnlyList<string> MacAddresses)
{
    public bool Include(string? macAddress) => macAddress is not null && MacAddresses.Contains(macAddress);

    public bool MayTake(string? macAddress) => macAddress is not null && BindsFirst && !IsBound;
}
