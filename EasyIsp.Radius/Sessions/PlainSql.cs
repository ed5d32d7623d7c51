namespace EasyIsp.Radius.Sessions;

/// <summary>
/// The way of nearly every report. Each statement takes arrays, does what is plain, and says which reports those were by
/// their position; what it leaves out goes the long way (<see cref="SessionSql"/>). The planner is not asked: <c>offset 0</c>
/// keeps a look-up a look-up, one row by its key, however few rows it thinks there are.
/// </summary>
internal static class PlainSql
{
    /// <summary>The first parameters of each.</summary>
    private const string Reports = """
        select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::inet[], $6::timestamptz[], $7::timestamptz[],
        """;

    /// <summary>The next ones of what tells of a Start.</summary>
    private const string Beginnings =
        "$8::uuid[], $9::uuid[], $10::uuid[], $11::text[], $12::text[], $13::bigint[], $14::bigint[], $15::bigint[]";

    private const string BeginningColumns =
        "customer_id, subscription_id, voucher_id, user_name, nas_session_id, uploaded_bytes, downloaded_bytes, session_seconds";

    private const string LeftNoGhost = """
        not exists (
              select from (select router_id, mac_address from open_sessions o where o.customer_id = news.customer_id offset 0) ghost
              where ghost.router_id = news.router_id and ghost.mac_address = news.mac_address)
        """;

    private const string ReportColumns = "tenant_id, class, router_id, mac_address, address, started_at, heard_at";

    /// <summary>A Start of a login that we granted: no other session of this device on this router, none of that id.</summary>
    public const string Open = $"""
        with news as (
          {Reports} {Beginnings}, $16::jsonb[]) with ordinality
            as news({ReportColumns}, {BeginningColumns}, told, position)
        ), opened as (
          insert into open_sessions (tenant_id, id, router_id, customer_id, subscription_id, voucher_id, user_name, nas_session_id,
            mac_address, address, started_at, last_heard_at, uploaded_bytes, downloaded_bytes, session_seconds, told, is_metered)
          select news.tenant_id, news.class, news.router_id, news.customer_id, news.subscription_id, news.voucher_id,
            news.user_name, news.nas_session_id, news.mac_address, news.address, news.started_at, news.heard_at,
            news.uploaded_bytes, news.downloaded_bytes, news.session_seconds, news.told, coalesce(s.data_limit_bytes is not null, false)
          from news
          left join subscriptions s on s.tenant_id = news.tenant_id and s.id = news.subscription_id
          where not exists (select from sessions e where e.tenant_id = news.tenant_id and e.id = news.class offset 0)
            and {LeftNoGhost}
          on conflict do nothing
          returning tenant_id, id, is_metered)
        select min(news.position)::int - 1, case when bool_or(opened.is_metered) then (array_agg(news.subscription_id))[1] end
        from opened join news on news.tenant_id = opened.tenant_id and news.class = opened.id
        group by opened.tenant_id, opened.id
        """;

    /// <summary>A session that was told of from its Start to its Stop, all of one day: it is never among the open ones.</summary>
    public const string Pass = $"""
        with news as (
          {Reports} {Beginnings}, $16::date[], $17::int[]) with ordinality
            as news({ReportColumns}, {BeginningColumns}, day, cause, position)
        ), kept as (
          insert into sessions (tenant_id, id, router_id, customer_id, subscription_id, voucher_id, user_name, nas_session_id,
            mac_address, address, started_at, last_heard_at, uploaded_bytes, downloaded_bytes, session_seconds, ended_at, terminate_cause)
          select news.tenant_id, news.class, news.router_id, news.customer_id, news.subscription_id, news.voucher_id,
            news.user_name, news.nas_session_id, news.mac_address, news.address, news.started_at, news.heard_at,
            news.uploaded_bytes, news.downloaded_bytes, news.session_seconds, news.heard_at, news.cause
          from news
          where not exists (select from open_sessions o where o.tenant_id = news.tenant_id and o.id = news.class offset 0)
            and {LeftNoGhost}
          on conflict do nothing
          returning tenant_id, id
        ), passed as (
          select news.* from kept join news on news.tenant_id = kept.tenant_id and news.class = kept.id
        ), used as (
          insert into usage_days (tenant_id, id, subscription_id, customer_id, day, uploaded_bytes, downloaded_bytes, seconds)
          select tenant_id, usage_day_id(day, subscription_id), subscription_id, customer_id, day,
            sum(uploaded_bytes), sum(downloaded_bytes), sum(session_seconds)
          from passed
          where uploaded_bytes > 0 or downloaded_bytes > 0 or session_seconds > 0
          group by 1, 2, 3, 4, 5 order by 1, 2
          {UsageSql.AddToDay}
        )
        select passed.position::int - 1, case when s.data_limit_bytes is not null then s.id end
        from passed left join subscriptions s on s.tenant_id = passed.tenant_id and s.id = passed.subscription_id
        """;

    public const string GrowByClass = Grow + """
         o.tenant_id = news.tenant_id and o.id = news.class and o.router_id = news.router_id
        """ + WherePlain;

    public const string GrowByName = Grow + """
         o.router_id = news.router_id and o.nas_session_id = news.nas_session_id and o.user_name = news.user_name
          and abs(extract(epoch from o.started_at - news.started_at)) <= 60 + news.session_seconds * 0.0001
        """ + WherePlain;

    /// <summary>A Stop of a session that is somebody's.</summary>
    public const string End = $"""
        with news as (
          {Reports} $8::bigint[], $9::bigint[], $10::bigint[], $11::bool[], $12::timestamptz[], $13::date[], $14::int[]) with ordinality
            as news({ReportColumns}, uploaded_bytes, downloaded_bytes, session_seconds, may_wrap, day_begins_at, day, cause, position)
        ), ended as (
          delete from open_sessions o using news
          where o.tenant_id = news.tenant_id and o.id = news.class and o.router_id = news.router_id
            and o.subscription_id is not null and o.customer_id is not null
            and o.last_heard_at <= news.heard_at {IsPlain}
          returning news.position, news.day, news.heard_at, news.cause, o.*,
            coalesce(news.address, o.address) as last_address, coalesce(o.mac_address, news.mac_address) as device,
            least(o.started_at, news.started_at) as began_at, greatest(o.uploaded_bytes, news.uploaded_bytes) as uploaded,
            greatest(o.downloaded_bytes, news.downloaded_bytes) as downloaded, greatest(o.session_seconds, news.session_seconds) as seconds
        ), kept as (
          insert into sessions (tenant_id, id, router_id, customer_id, subscription_id, voucher_id, user_name, nas_session_id,
            mac_address, address, started_at, last_heard_at, uploaded_bytes, downloaded_bytes, session_seconds, ended_at, terminate_cause)
          select tenant_id, id, router_id, customer_id, subscription_id, voucher_id, user_name, nas_session_id,
            device, last_address, began_at, heard_at, uploaded, downloaded, seconds, heard_at, cause
          from ended
        ), used as (
          insert into usage_days (tenant_id, id, subscription_id, customer_id, day, uploaded_bytes, downloaded_bytes, seconds)
          select tenant_id, usage_day_id(day, subscription_id), subscription_id, customer_id, day,
            sum(uploaded - booked_uploaded_bytes), sum(downloaded - booked_downloaded_bytes), sum(seconds - booked_seconds)
          from ended
          where uploaded > booked_uploaded_bytes or downloaded > booked_downloaded_bytes or seconds > booked_seconds
          group by 1, 2, 3, 4, 5 order by 1, 2
          {UsageSql.AddToDay}
        )
        select position::int - 1, case when is_metered then subscription_id end from ended
        """;

    /// <summary>
    /// Heard today already, so that all of it is of one day; and plainly not wrapped, where the router counts to 32 bits.
    /// </summary>
    private const string IsPlain = """
        and o.last_heard_at >= news.day_begins_at
            and (not news.may_wrap or (news.session_seconds >= o.session_seconds
              and news.uploaded_bytes >= o.uploaded_bytes and news.downloaded_bytes >= o.downloaded_bytes))
        """;

    /// <summary>An interim of a session that is open: one row, no index.</summary>
    private const string Grow = $"""
        with news as (
          {Reports} $8::bigint[], $9::bigint[], $10::bigint[], $11::bool[], $12::timestamptz[], $13::text[], $14::text[]) with ordinality
            as news({ReportColumns}, uploaded_bytes, downloaded_bytes, session_seconds, may_wrap, day_begins_at,
              nas_session_id, user_name, position)
        )
        update open_sessions o set
          mac_address = coalesce(o.mac_address, news.mac_address),
          address = case when news.heard_at >= o.last_heard_at then coalesce(news.address, o.address)
            else coalesce(o.address, news.address) end,
          started_at = least(o.started_at, news.started_at),
          last_heard_at = greatest(o.last_heard_at, news.heard_at),
          uploaded_bytes = greatest(o.uploaded_bytes, news.uploaded_bytes),
          downloaded_bytes = greatest(o.downloaded_bytes, news.downloaded_bytes),
          session_seconds = greatest(o.session_seconds, news.session_seconds)
        from news where
        """;

    private const string WherePlain = $"""

          {IsPlain}
        returning news.position::int - 1, case when o.is_metered then o.subscription_id end
        """;
}
