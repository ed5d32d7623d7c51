namespace EasyIsp.Radius.Sessions;

/// <summary>Counters and days move together: whoever makes a session grow adds just that to its subscription's day.</summary>
internal static class UsageSql
{
    private const string AddToDay = """
        on conflict (tenant_id, id) do update set
          uploaded_bytes = usage_days.uploaded_bytes + excluded.uploaded_bytes,
          downloaded_bytes = usage_days.downloaded_bytes + excluded.downloaded_bytes,
          seconds = usage_days.seconds + excluded.seconds
        """;

    private const string DayColumns = "tenant_id, id, subscription_id, customer_id, day, uploaded_bytes, downloaded_bytes, seconds";

    /// <summary>Each row once, in the order of its key.</summary>
    public const string Add = $"""
        insert into usage_days ({DayColumns})
        select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::date[], $6::bigint[], $7::bigint[], $8::bigint[])
        {AddToDay}
        """;

    public const string GrowByClass = GrowBefore + " o.id = news.class and o.router_id = news.router_id" + GrowAfter;

    public const string GrowByName = GrowBefore + """

        o.router_id = news.router_id and o.nas_session_id = news.nas_session_id and o.user_name = news.user_name
          and abs(extract(epoch from o.started_at - news.started_at)) <= 60 + news.session_seconds * 0.0001
        """ + GrowAfter;

    /// <summary>
    /// The way of nearly every report: an interim of a session that is open, and that was heard today already. One
    /// statement finds and locks the row, makes it grow, adds to the day, and says what it found; what it did not find
    /// goes the long way. A report that may have wrapped goes it too, unless it plainly has not.
    /// </summary>
    private const string GrowBefore = """
        with news as (
          select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::inet[],
              $8::timestamptz[], $9::timestamptz[], $10::bigint[], $11::bigint[], $12::bigint[], $13::bool[],
              $14::timestamptz[], $15::date[], $16::text[]) with ordinality
            as news(tenant_id, class, router_id, nas_session_id, user_name, mac_address, address, started_at, heard_at,
              uploaded_bytes, downloaded_bytes, session_seconds, may_wrap, day_begins_at, day, day_prefix, position)
        ), found as materialized (
          select news.*, o.id, o.subscription_id, o.customer_id, o.is_metered, o.last_heard_at, o.started_at as began_at,
            o.uploaded_bytes as had_uploaded, o.downloaded_bytes as had_downloaded, o.session_seconds as had_seconds
          from news join open_sessions o on o.tenant_id = news.tenant_id and
        """;

    private const string GrowAfter = $"""

          where o.last_heard_at >= news.day_begins_at
            and (not news.may_wrap or (news.session_seconds >= o.session_seconds
              and news.uploaded_bytes >= o.uploaded_bytes and news.downloaded_bytes >= o.downloaded_bytes))
          for no key update of o
        ), grown as (
          update open_sessions o set
            mac_address = coalesce(o.mac_address, found.mac_address),
            address = case when found.heard_at >= found.last_heard_at then coalesce(found.address, o.address)
              else coalesce(o.address, found.address) end,
            started_at = least(found.began_at, found.started_at),
            last_heard_at = greatest(found.last_heard_at, found.heard_at),
            uploaded_bytes = greatest(found.had_uploaded, found.uploaded_bytes),
            downloaded_bytes = greatest(found.had_downloaded, found.downloaded_bytes),
            session_seconds = greatest(found.had_seconds, found.session_seconds)
          from found where o.tenant_id = found.tenant_id and o.id = found.id
        ), used as (
          insert into usage_days ({DayColumns})
          select tenant_id, (day_prefix || substr(subscription_id::text, 14))::uuid, subscription_id, customer_id, day,
            sum(greatest(uploaded_bytes - had_uploaded, 0)), sum(greatest(downloaded_bytes - had_downloaded, 0)),
            sum(greatest(session_seconds - had_seconds, 0))
          from found
          where subscription_id is not null and customer_id is not null
            and (uploaded_bytes > had_uploaded or downloaded_bytes > had_downloaded or session_seconds > had_seconds)
          group by 1, 2, 3, 4, 5 order by 1, 2
          {AddToDay}
        )
        select position::int - 1, case when is_metered then subscription_id end from found
        """;
}
