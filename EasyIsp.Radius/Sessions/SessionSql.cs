using EasyIsp.Core.Sessions;
using Npgsql;

namespace EasyIsp.Radius.Sessions;

/// <summary>
/// Each statement takes arrays, one a column, and does its work for all rows at once. A row is found by its key, or by
/// an id of one tenant without naming the tenant: see the indexes of sessions.
/// </summary>
internal static class SessionSql
{
    private const string Columns = """
        tenant_id, id, router_id, customer_id, subscription_id, voucher_id, user_name, nas_session_id, mac_address,
        address, started_at, last_heard_at, uploaded_bytes, downloaded_bytes, session_seconds
        """;

    private const string EndedColumns = Columns + ", ended_at, terminate_cause";

    private const string Rows = """
        unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::uuid[], $7::text[], $8::text[], $9::text[],
               $10::inet[], $11::timestamptz[], $12::timestamptz[], $13::bigint[], $14::bigint[], $15::bigint[]
        """;

    private const string OpenRows = Rows + ")";

    private const string EndedRows = Rows + ", $16::timestamptz[], $17::int[])";

    private const string WhatGrows = """
        customer_id = news.customer_id,
        subscription_id = news.subscription_id,
        voucher_id = news.voucher_id,
        mac_address = news.mac_address,
        address = news.address,
        started_at = news.started_at,
        last_heard_at = news.last_heard_at,
        uploaded_bytes = news.uploaded_bytes,
        downloaded_bytes = news.downloaded_bytes,
        session_seconds = news.session_seconds
        """;

    private const string BookedColumns = "booked_uploaded_bytes, booked_downloaded_bytes, booked_seconds";

    /// <summary>Whoever writes a session so books all of it, if it is anybody's.</summary>
    private const string IsSomebodys = "news.subscription_id is not null and news.customer_id is not null";

    private const string Keys = "unnest($1::uuid[], $2::uuid[]) as news(tenant_id, id)";

    private const string SameRow = "target.tenant_id = news.tenant_id and target.id = news.id";

    private const string Reports = """
        news as (
          select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::timestamptz[], $7::uuid[], $8::text[])
            as news(tenant_id, class, router_id, nas_session_id, user_name, started_at, starting_customer_id, mac_address))
        """;

    /// <summary>In one order everywhere, so that two workers never wait for each other in a circle.</summary>
    private const string LockRouters = """
        select pg_advisory_xact_lock(key)
        from (select distinct hashtextextended(router::text, 1813) as key from unnest($1::uuid[]) as router order by key) routers
        """;

    /// <summary>
    /// Keeps the job that closes silent sessions out: it moves rows of any router. And has what follows planned by index
    /// alone: it stays prepared, and a plan made while a month's partition was empty would read all of it for ever.
    /// </summary>
    private const string LockMoving = "select pg_advisory_xact_lock_shared($1), set_config('enable_seqscan', 'off', true)";

    public static NpgsqlBatchCommand LockRoutersOf(IReadOnlyList<SessionNews> news)
        => new(LockRouters) { Parameters = { Arrays.Of(news, next => next.RouterId) } };

    public static NpgsqlBatchCommand LockMovingCommand()
        => new(LockMoving) { Parameters = { new NpgsqlParameter<long> { TypedValue = StaleSessionsJob.MovingLock } } };

    /// <summary>
    /// The open sessions that reports may be about: by Class, by name, and the ghosts of devices that have just come on.
    /// Locked, since another worker may make them grow without holding their router's lock.
    /// </summary>
    public const string LoadOpen = $"""
        with {Reports}, keys as (
          select o.tenant_id, o.id
          from news join open_sessions o on o.tenant_id = news.tenant_id and o.id = news.class
          union
          select o.tenant_id, o.id
          from news join open_sessions o on o.router_id = news.router_id
            and o.nas_session_id = news.nas_session_id and o.user_name = news.user_name
          union
          select o.tenant_id, o.id
          from news join open_sessions o on o.customer_id = news.starting_customer_id
            and o.router_id = news.router_id and o.mac_address = news.mac_address
        )
        select {OpenOf}, null::timestamptz, null::int, s.booked_uploaded_bytes, s.booked_downloaded_bytes, s.booked_seconds
        from keys join open_sessions s on s.tenant_id = keys.tenant_id and s.id = keys.id
        order by s.tenant_id, s.id for update of s
        """;

    /// <summary>
    /// The ended sessions that reports may be about: by name only where there is no Class, and only in the partitions
    /// that the start allows.
    /// </summary>
    public const string LoadEnded = $"""
        with {Reports}
        select {EndedOf} from news join sessions s on s.tenant_id = news.tenant_id and s.id = news.class
        union
        select {EndedOf} from news join sessions s on s.router_id = news.router_id
          and s.nas_session_id = news.nas_session_id and s.user_name = news.user_name
        where news.class is null and s.id >= uuid_floor(news.started_at - interval '1 day')
        """;

    public const string InsertOpen = $"""
        insert into open_sessions ({Columns}, told, is_metered, {BookedColumns})
        select news.*, coalesce(s.data_limit_bytes is not null, false),
          case when {IsSomebodys} then news.uploaded_bytes else 0 end,
          case when {IsSomebodys} then news.downloaded_bytes else 0 end,
          case when {IsSomebodys} then news.session_seconds else 0 end
        from {Rows}, $16::jsonb[]) as news({Columns}, told)
        left join subscriptions s on s.tenant_id = news.tenant_id and s.id = news.subscription_id
        """;

    public const string UpdateOpen = $"""
        update open_sessions target set {WhatGrows},
          booked_uploaded_bytes = case when {IsSomebodys} then news.uploaded_bytes else 0 end,
          booked_downloaded_bytes = case when {IsSomebodys} then news.downloaded_bytes else 0 end,
          booked_seconds = case when {IsSomebodys} then news.session_seconds else 0 end
        from {OpenRows} as news({Columns}) where {SameRow}
        """;

    public const string DeleteOpen = $"delete from open_sessions target using {Keys} where {SameRow}";

    public const string DeleteEnded = $"delete from sessions target using {Keys} where {SameRow}";

    public const string InsertEnded = $"insert into sessions ({EndedColumns}) select * from {EndedRows}";

    public const string UpdateEnded = $"""
        update sessions target set {WhatGrows}, ended_at = news.ended_at, terminate_cause = news.terminate_cause
        from {EndedRows} as news({EndedColumns}) where {SameRow}
        """;

    /// <summary>The sessions of one router that were open at an instant, so many at a time.</summary>
    public const string EndOfRouter = $"""
        with due as (
          select tenant_id, id from open_sessions
          where tenant_id = $1 and router_id = $2 and started_at <= $3 limit $5 for update),
        ended as (delete from open_sessions o using due where o.tenant_id = due.tenant_id and o.id = due.id returning o.*),
        used as ({UnbookedUsage.BookOfEnded})
        insert into sessions ({EndedColumns}) select {Columns}, $3, $4 from ended returning id
        """;

    public const string EndOfSession = $"""
        with ended as (delete from open_sessions where tenant_id = $1 and id = $2 returning *),
        used as ({UnbookedUsage.BookOfEnded})
        insert into sessions ({EndedColumns}) select {Columns}, coalesce($3, last_heard_at), null from ended returning id
        """;

    private const string OpenOf = """
        s.tenant_id, s.id, s.router_id, s.customer_id, s.subscription_id, s.voucher_id, s.user_name, s.nas_session_id,
        s.mac_address, s.address, s.started_at, s.last_heard_at, s.uploaded_bytes, s.downloaded_bytes, s.session_seconds
        """;

    private const string EndedOf = OpenOf + ", s.ended_at, s.terminate_cause, s.uploaded_bytes, s.downloaded_bytes, s.session_seconds";
}
