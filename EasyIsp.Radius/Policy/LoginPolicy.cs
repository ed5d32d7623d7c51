using EasyIsp.Core.Sessions.Attempts;

namespace EasyIsp.Radius.Policy;

/// <summary>Whether somebody who has proved who he is may come in now.</summary>
internal static class LoginPolicy
{
    /// <param name="usedBytes">Of the active subscription, both directions; null when it cannot be known now, and is then not judged.</param>
    public static LoginDecision Decide(
        LoginAttempt attempt, Subscriber subscriber, bool isTenantSuspended, long? usedBytes, DateTimeOffset now)
    {
        if (isTenantSuspended)
            return LoginDecision.Refuse(Refusal.TenantSuspended);
        if (subscriber.IsSuspended)
            return LoginDecision.Refuse(Refusal.CustomerSuspended);
        if (attempt.AccessType is { } wanted && wanted != subscriber.AccessType)
            return LoginDecision.Refuse(Refusal.WrongAccessType);
        if (subscriber.ActiveAt(now) is not { } terms)
            return LoginDecision.Refuse(WhyNoneIsActive(subscriber, now));
        if (!subscriber.MayUse(attempt.RouterId, terms))
            return LoginDecision.Refuse(Refusal.WrongRouter);

        var isOwnDevice = subscriber.Devices?.Include(attempt.MacAddress) ?? true;
        if (!isOwnDevice && !subscriber.Devices!.MayTake(attempt.MacAddress))
            return LoginDecision.Refuse(Refusal.WrongDevice);
        if (terms.Hours is { } hours && !hours.IsOpenAt(now))
            return LoginDecision.Refuse(Refusal.OutsideHours) with { OpensAt = hours.OpensAt(now) };
        if (terms.DataLimitBytes is { } limit && usedBytes >= limit)
            return LoginDecision.Refuse(Refusal.DataUsedUp);

        return new LoginDecision(null, terms, terms.DataLimitBytes - (usedBytes ?? 0))
        {
            EndsAt = EndOf(terms, now),
            BindsDevice = !isOwnDevice,
        };
    }

    /// <summary>The subscription's end, or the end of its hours where that comes first.</summary>
    private static DateTimeOffset EndOf(SubscriptionTerms terms, DateTimeOffset now)
        => terms.Hours?.ClosesAt(now) is { } closes && closes < terms.CoveredUntil ? closes : terms.CoveredUntil;

    private static Refusal WhyNoneIsActive(Subscriber subscriber, DateTimeOffset now) => subscriber.Subscriptions switch
    {
        [] => Refusal.NoSubscription,
        var all when all.Any(terms => terms.StartsAt > now) => Refusal.SubscriptionNotBegun,
        _ => Refusal.SubscriptionExpired,
    };
}

/// <summary>Either why not, or on what terms.</summary>
internal readonly record struct LoginDecision(Refusal? Refusal, SubscriptionTerms? Terms, long? RemainingBytes)
{
    /// <summary>When the session has to end.</summary>
    public DateTimeOffset EndsAt { get; init; }

    /// <summary>Outside the package's hours: when they begin again, by the tenant's clock.</summary>
    public DateTimeOffset? OpensAt { get; init; }

    /// <summary>The device is to become the customer's.</summary>
    public bool BindsDevice { get; init; }

    public static LoginDecision Refuse(Refusal refusal) => new(refusal, null, null);
}
