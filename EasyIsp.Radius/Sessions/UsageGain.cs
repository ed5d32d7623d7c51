using EasyIsp.Core.Subscriptions;

namespace EasyIsp.Radius.Sessions;

/// <summary>What a subscription used on one day more than was known before.</summary>
internal sealed record UsageGain(
    Guid TenantId, Guid SubscriptionId, Guid CustomerId, DateOnly Day, long UploadedBytes, long DownloadedBytes, long Seconds)
{
    /// <summary>A session's traffic is spread over no more than so many days back.</summary>
    private static readonly TimeSpan LongestSpread = TimeSpan.FromDays(31);

    public Guid Id => UsageDay.IdOf(Day, SubscriptionId);

    /// <summary>What was known before and is in no day yet: it is of the day on which the session was last heard.</summary>
    public static IEnumerable<UsageGain> Unbooked(SessionRow stored, DaysOfTenant days)
    {
        if (stored.Unbooked is var unbooked && unbooked != default)
        {
            yield return new UsageGain(
                stored.TenantId, stored.Owner.SubscriptionId!.Value, stored.Owner.CustomerId!.Value, days.At(stored.LastHeardAt).Date,
                unbooked.UploadedBytes, unbooked.DownloadedBytes, unbooked.Seconds);
        }
    }

    /// <summary>
    /// What a merge added to a session, by day. Where midnight lies between two reports, the traffic between them
    /// counts as evenly spread in time. The parts sum to the whole.
    /// </summary>
    /// <param name="stored">Null for a session that was not known. One without a subscription was not counted either.</param>
    public static IEnumerable<UsageGain> Of(SessionRow? stored, SessionRow now, DaysOfTenant days)
    {
        if (now.Owner is not { SubscriptionId: { } subscriptionId, CustomerId: { } customerId })
            yield break;

        var counted = stored?.Owner.SubscriptionId is null ? null : stored;
        var uploaded = now.UploadedBytes - (counted?.UploadedBytes ?? 0);
        var downloaded = now.DownloadedBytes - (counted?.DownloadedBytes ?? 0);
        var seconds = now.SessionSeconds - (counted?.SessionSeconds ?? 0);
        if (uploaded == 0 && downloaded == 0 && seconds == 0)
            yield break;

        var until = now.LastHeardAt;
        var since = counted?.LastHeardAt ?? now.StartedAt;
        since = since < until - LongestSpread ? until - LongestSpread : since;
        var (done, day) = (0.0, days.At(since < until ? since : until));
        while (true)
        {
            var share = day.EndsAt > until ? 1 : (day.EndsAt - since) / (until - since);
            yield return new UsageGain(
                now.TenantId, subscriptionId, customerId, day.Date,
                Part(uploaded, done, share), Part(downloaded, done, share), Part(seconds, done, share));
            if (share >= 1)
                yield break;
            (done, day) = (share, days.At(day.EndsAt));
        }
    }

    private static long Part(long whole, double from, double to) => Share(whole, to) - Share(whole, from);

    private static long Share(long whole, double share) => share >= 1 ? whole : (long)(whole * share);
}
