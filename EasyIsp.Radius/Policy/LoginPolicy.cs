
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
        if (terms.DataLimitBytes is not { } limit || usedBytes is not { } used)
            return LoginDecision.Admit(terms, terms.DataLimitBytes);

        return used >= limit
            ? LoginDecision.Refuse(Refusal.DataUsedUp)
            : LoginDecision.Admit(terms, limit - used);
    }

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
    public static LoginDecision Refuse(Refusal refusal) => new(refusal, null, null);

    public static LoginDecision Admit(SubscriptionTerms terms, long? remainingBytes) => new(null, terms, remainingBytes);
}
