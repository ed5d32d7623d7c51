namespace EasyIsp.Core.Sessions;

/// <summary>Sessions that leave the table of open ones take what their subscriptions' days do not hold yet with them.</summary>
public static class UnbookedUsage
{
    /// <summary>A statement, to stand in a <c>with</c> behind <c>ended</c>: the rows that were deleted from <c>open_sessions</c>.</summary>
    public const string BookOfEnded = """
        insert into usage_days (tenant_id, id, subscription_id, customer_id, day, uploaded_bytes, downloaded_bytes, seconds)
        select tenant_id, usage_day_id(day, subscription_id), subscription_id, customer_id, day, sum(uploaded), sum(downloaded), sum(seconds)
        from (
          select e.tenant_id, e.subscription_id, e.customer_id, (e.last_heard_at at time zone t.time_zone)::date as day,
            e.uploaded_bytes - e.booked_uploaded_bytes as uploaded,
            e.downloaded_bytes - e.booked_downloaded_bytes as downloaded,
            e.session_seconds - e.booked_seconds as seconds
          from ended e join tenants t on t.id = e.tenant_id
          where e.subscription_id is not null and e.customer_id is not null) unbooked
        where uploaded > 0 or downloaded > 0 or seconds > 0
        group by 1, 2, 3, 4, 5 order by 1, 2
        on conflict (tenant_id, id) do update set
          uploaded_bytes = usage_days.uploaded_bytes + excluded.uploaded_bytes,
          downloaded_bytes = usage_days.downloaded_bytes + excluded.downloaded_bytes,
          seconds = usage_days.seconds + excluded.seconds
        """;
}
