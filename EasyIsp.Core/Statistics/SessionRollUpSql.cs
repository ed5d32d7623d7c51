namespace EasyIsp.Core.Statistics;

/// <summary>
/// Counts the sessions of one tenant within a time: {0} tenant, {1} its first instant, {2} the one after its last, {3} now,
/// {4} the day. The nil UUID stands for no package, so that null can stand for all of them.
/// </summary>
internal static class SessionRollUpSql
{
    private const string Nil = "'00000000-0000-0000-0000-000000000000'::uuid";

    /// <summary>Every session of the time, and when it ended; null while it is open.</summary>
    private const string Spans = $$"""
        spans as materialized (
          select s.router_id, coalesce(u.package_id, {{Nil}}) as package_id, s.customer_id, s.subscription_id,
            s.started_at, s.ended_at, coalesce(s.terminate_cause::text, 'silent') as cause, s.uploaded_bytes, s.downloaded_bytes
          from sessions s left join subscriptions u on u.tenant_id = s.tenant_id and u.id = s.subscription_id
          where s.tenant_id = {0} and s.ended_at >= {1} and s.started_at < least({2}, {3})
            and s.id < uuid_floor({2} + interval '1 day') -- an id may be a little younger than its session
          union all
          select o.router_id, coalesce(u.package_id, {{Nil}}), o.customer_id, o.subscription_id, o.started_at, null, null, 0, 0
          from open_sessions o left join subscriptions u on u.tenant_id = o.tenant_id and u.id = o.subscription_id
          where o.tenant_id = {0} and o.started_at < least({2}, {3}))
        """;

    private const string Scopes = """
        case grouping(router_id, package_id) when 0 then 'RouterAndPackage' when 1 then 'Router' when 2 then 'Package' else 'Everything' end
        """;

    /// <summary>The id of a tally: its time in front, as of a UUID version 7, and what it is of behind.</summary>
    private const string IdEnd = "'7' || substr(hash, 1, 3) || '8' || substr(hash, 4, 15)";

    private const string Hash = "md5(concat_ws('|', scope, router_id, package_id))";

    private const string DayFloor = "uuid_floor({4}::timestamp at time zone 'UTC')";

    /// <summary>
    /// For big tenants. What ended when is asked of the index that lies in that order: by the key, all that ever began would be
    /// read. Sorting stays in memory, and nothing is compiled that runs once.
    /// </summary>
    public const string Settings =
        "select set_config('enable_indexscan', 'off', true), set_config('work_mem', '64MB', true), set_config('jit', 'off', true)";

    public const string DeleteHours = """
        delete from session_hours where tenant_id = {0} and id >= uuid_floor({1}) and id < uuid_floor({2})
        """;

    public const string DeleteDay = $$"""
        delete from session_days
        where tenant_id = {0} and id >= {{DayFloor}} and id < uuid_floor(({4} + 1)::timestamp at time zone 'UTC')
        """;

    /// <summary>
    /// In steps of five minutes: who is online at a step's beginning is who was at the first instant, and every one who has
    /// come since and not gone. Somebody is online at an instant when he began before it and did not end before it.
    /// </summary>
    public const string InsertHours = $$"""
        with {{Spans}}, changes as (
          select router_id, package_id, floor(extract(epoch from started_at - {1})::float8 / 300)::int as step, started_at as at, 1 as change
          from spans where started_at >= {1}
          union all
          select router_id, package_id, floor(extract(epoch from ended_at - {1})::float8 / 300)::int, ended_at, -1
          from spans where ended_at < least({2}, {3})
        ), changed as (
          select router_id, package_id, step, sum(change) as change, count(*) filter (where change = 1) as begun,
            sum(change * extract(epoch from least({1} + (step + 1) * interval '5 minutes', {2}, {3}) - at)) as seconds
          from changes group by 1, 2, 3
        ), kinds as (
          select router_id, package_id, count(*) filter (where started_at < {1}) as carried from spans group by 1, 2
          union all select {{Nil}}, {{Nil}}, 0 -- an hour without anybody is told too
        ), steps as (
          select step, extract(epoch from least({1} + (step + 1) * interval '5 minutes', {2}, {3}) - ({1} + step * interval '5 minutes')) as length
          from generate_series(0, floor(extract(epoch from least({2} - interval '1 microsecond', {3}) - {1}) / 300)::int) as step
        ), counted as (
          select router_id, package_id, step, begun,
            coalesce(sum(change) over earlier, 0) + carried as online,
            (coalesce(sum(change) over earlier, 0) + carried) * length + seconds as seconds
          from (
            select router_id, package_id, step, length, carried, coalesce(change, 0) as change, coalesce(begun, 0) as begun,
              coalesce(seconds, 0) as seconds
            from kinds cross join steps left join changed using (router_id, package_id, step)) every_step
          window earlier as (partition by router_id, package_id order by step rows between unbounded preceding and 1 preceding)
        ), scoped as (
          select {{Scopes}} as scope, router_id, package_id, step, sum(online)::int as online, sum(begun)::int as begun, sum(seconds) as seconds
          from counted group by grouping sets ((router_id, package_id, step), (router_id, step), (package_id, step), (step))
        ), hours as (
          select scope, router_id, package_id, {1} + step / 12 * interval '1 hour' as hour, sum(begun) as begun,
            round(sum(seconds))::bigint as seconds, array_agg(online order by step) as online, {{Hash}} as hash
          from scoped group by scope, router_id, package_id, step / 12
          having scope = 'Everything' or max(online) > 0 or sum(begun) > 0
        )
        insert into session_hours (tenant_id, id, hour, scope, router_id, package_id, begun, online_seconds, online)
        select {0}, (left(uuid_floor(hour)::text, 13) || {{IdEnd}})::uuid, hour, scope, router_id, nullif(package_id, {{Nil}}), begun, seconds, online
        from hours
        """;

    /// <summary>What the time's sessions were, with the data of the day: {1} and {2} are its first instant and the next day's.</summary>
    public const string InsertDay = $$"""
        with {{Spans}}, used as (
          select d.subscription_id, coalesce(u.package_id, {{Nil}}) as package_id, sum(d.uploaded) as uploaded, sum(d.downloaded) as downloaded
          from (
            select subscription_id, uploaded_bytes as uploaded, downloaded_bytes as downloaded from usage_days
            where tenant_id = {0} and id >= {{DayFloor}} and id < uuid_floor(({4} + 1)::timestamp at time zone 'UTC')
            union all
            select subscription_id, uploaded_bytes - booked_uploaded_bytes, downloaded_bytes - booked_downloaded_bytes from open_sessions
            where tenant_id = {0} and subscription_id is not null and customer_id is not null and last_heard_at >= {1} and last_heard_at < {2}) d
          join subscriptions u on u.tenant_id = {0} and u.id = d.subscription_id
          group by 1, 2
        ), presence as (
          select router_id, subscription_id,
            sum(1 + extract(epoch from least(coalesce(ended_at, {3}), {2}) - greatest(started_at, {1}))::float8) as weight
          from spans where subscription_id is not null group by 1, 2
        ), shares as (
          select router_id, subscription_id, sum(weight) over upto as upto, weight, sum(weight) over (partition by subscription_id) as total
          from presence window upto as (partition by subscription_id order by router_id)
        ), refused as (
          select router_id, refusal, sum(times) as times from login_attempts
          where tenant_id = {0} and id >= uuid_floor({1}) and id < uuid_floor({2}) and refusal is not null
          group by 1, 2
        ), measured as (
          select router_id, package_id, (started_at < {1})::int as carried, (started_at >= {1})::int as begun, (ended_at < {2})::int as ended,
            extract(epoch from least(coalesce(ended_at, {3}), {2}) - greatest(started_at, {1})) as seconds,
            case when ended_at < {2} then extract(epoch from ended_at - started_at) else 0 end as ended_seconds,
            case when ended_at < {2} and (subscription_id is null or customer_id is null) then uploaded_bytes else 0 end as uploaded,
            case when ended_at < {2} and (subscription_id is null or customer_id is null) then downloaded_bytes else 0 end as downloaded
          from spans
          union all
          select coalesce(s.router_id, {{Nil}}), u.package_id, 0, 0, 0, 0, 0,
            coalesce(round(u.uploaded * s.upto / s.total) - round(u.uploaded * (s.upto - s.weight) / s.total), u.uploaded),
            coalesce(round(u.downloaded * s.upto / s.total) - round(u.downloaded * (s.upto - s.weight) / s.total), u.downloaded)
          from used u left join shares s using (subscription_id)
          union all
          select router_id, {{Nil}}, 0, 0, 0, 0, 0, 0, 0 from refused
          union all
          select {{Nil}}, {{Nil}}, 0, 0, 0, 0, 0, 0, 0
        ), refusals as (
          select md5(concat_ws('|', scope, router_id)) as hash, jsonb_object_agg(refusal, times) as refusals from (
            select case when grouping(router_id) = 0 then 'Router' else 'Everything' end as scope, router_id, refusal, sum(times) as times
            from refused group by grouping sets ((router_id, refusal), (refusal))) counted
          group by 1
        ), endings as (
          select {{Hash}} as hash, jsonb_object_agg(cause, times) as endings from (
            select {{Scopes}} as scope, router_id, package_id, cause, count(*) as times from spans where ended_at < {2}
            group by grouping sets ((router_id, package_id, cause), (router_id, cause), (package_id, cause), (cause))) counted
          group by 1
        ), people as (
          select {{Hash}} as hash, customers from (
            select {{Scopes}} as scope, router_id, package_id, count(distinct customer_id) as customers
            from (select distinct router_id, package_id, customer_id from spans where customer_id is not null) somebody
            group by grouping sets ((router_id, package_id), (router_id), (package_id), ())) counted
        ), days as (
          select scope, router_id, package_id, carried, begun, ended, seconds, ended_seconds, uploaded, downloaded, {{Hash}} as hash from (
            select {{Scopes}} as scope, router_id, package_id, sum(carried) as carried, sum(begun) as begun, sum(ended) as ended,
              sum(seconds) as seconds, sum(ended_seconds) as ended_seconds, sum(uploaded) as uploaded, sum(downloaded) as downloaded
            from measured group by grouping sets ((router_id, package_id), (router_id), (package_id), ())) summed
        )
        insert into session_days (tenant_id, id, day, scope, router_id, package_id, carried, begun, ended, customers, online_seconds,
          ended_seconds, uploaded_bytes, downloaded_bytes, endings, refusals)
        select {0}, (left({{DayFloor}}::text, 13) || {{IdEnd}})::uuid, {4}, scope, nullif(router_id, {{Nil}}), nullif(package_id, {{Nil}}),
          carried, begun, coalesce(ended, 0), coalesce(customers, 0), round(seconds), round(ended_seconds), round(uploaded), round(downloaded),
          coalesce(endings, jsonb_build_object()), coalesce(refusals, jsonb_build_object())
        from days d left join people using (hash) left join endings using (hash) left join refusals using (hash)
        where scope = 'Everything' or carried + begun + uploaded + downloaded > 0 or refusals is not null
        """;
}
