namespace EasyIsp.Radius.Sessions;

/// <summary>Each statement takes arrays, one a column, and does its work for all rows at once.</summary>
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
        customer_id = coalesce(target.customer_id, news.customer_id),
        subscription_id = coalesce(target.subscription_id, news.subscription_id),
        voucher_id = coalesce(target.voucher_id, news.voucher_id),
        mac_address = news.mac_address,
        address = news.address,
        started_at = least(target.started_at, news.started_at),
        last_heard_at = greatest(target.last_heard_at, news.last_heard_at),
        uploaded_bytes = greatest(target.uploaded_bytes, news.uploaded_bytes),
        downloaded_bytes = greatest(target.downloaded_bytes, news.downloaded_bytes),
        session_seconds = greatest(target.session_seconds, news.session_seconds)
        """;

    private const string Keys = "unnest($1::uuid[], $2::uuid[]) as news(tenant_id, id)";

    private const string SameRow = "target.tenant_id = news.tenant_id and target.id = news.id";

    /// <summary>In one order everywhere, so that two workers never wait for each other in a circle.</summary>
    public const string LockRouters = """
        select pg_advisory_xact_lock(key)
        from (select distinct hashtextextended(router::text, 1813) as key from unnest($1::uuid[]) as router order by key) routers
        """;

    /// <summary>
    /// What reports may be about: by Class, by name, and the ghosts of devices that have just come on. An ended session
    /// is looked for by name only where there is no Class, and only in the partitions that its start allows.
    /// </summary>
    public const string Load = $"""
        with news as (
          select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::timestamptz[], $7::uuid[], $8::text[])
            as news(tenant_id, class, router_id, nas_session_id, user_name, started_at, starting_customer_id, mac_address)
        ), found as (
          select o.*, null::timestamptz as ended_at, null::int as terminate_cause
          from news join open_sessions o on o.tenant_id = news.tenant_id and o.id = news.class
          union
          select o.*, null, null
          from news join open_sessions o on o.tenant_id = news.tenant_id and o.router_id = news.router_id
            and o.nas_session_id = news.nas_session_id and o.user_name = news.user_name
          union
          select o.*, null, null
          from news join open_sessions o on o.tenant_id = news.tenant_id and o.customer_id = news.starting_customer_id
            and o.router_id = news.router_id and o.mac_address = news.mac_address
        )
        select {Columns}, ended_at, terminate_cause from found
        union
        select {EndedOf} from news join sessions s on s.tenant_id = news.tenant_id and s.id = news.class
        union
        select {EndedOf} from news join sessions s on s.tenant_id = news.tenant_id and s.router_id = news.router_id
          and s.nas_session_id = news.nas_session_id and s.user_name = news.user_name
        where news.class is null and s.id >= uuid_floor(news.started_at - interval '1 day')
        """;

    public const string InsertOpen = $"insert into open_sessions ({Columns}) select * from {OpenRows} on conflict do nothing";

    public const string UpdateOpen = $"""
        update open_sessions target set {WhatGrows}
        from {OpenRows} as news({Columns}) where {SameRow}
        """;

    public const string DeleteOpen = $"delete from open_sessions target using {Keys} where {SameRow}";

    public const string DeleteEnded = $"delete from sessions target using {Keys} where {SameRow}";

    /// <summary>The job that closes silent sessions may have moved the row a moment ago.</summary>
    public const string InsertEnded = $"""
        insert into sessions ({EndedColumns}) select * from {EndedRows}
        on conflict (tenant_id, id) do update set
          last_heard_at = greatest(sessions.last_heard_at, excluded.last_heard_at),
          uploaded_bytes = greatest(sessions.uploaded_bytes, excluded.uploaded_bytes),
          downloaded_bytes = greatest(sessions.downloaded_bytes, excluded.downloaded_bytes),
          session_seconds = greatest(sessions.session_seconds, excluded.session_seconds),
          ended_at = excluded.ended_at,
          terminate_cause = coalesce(excluded.terminate_cause, sessions.terminate_cause)
        """;

    public const string UpdateEnded = $"""
        update sessions target set {WhatGrows}, ended_at = news.ended_at, terminate_cause = news.terminate_cause
        from {EndedRows} as news({EndedColumns}) where {SameRow}
        """;

    public const string EndOfRouter = $"""
        with ended as (
          delete from open_sessions where tenant_id = $1 and router_id = $2 and started_at <= $3 returning *)
        insert into sessions ({EndedColumns}) select {Columns}, $3, $4 from ended
        """;

    public const string EndOfSession = $"""
        with ended as (delete from open_sessions where tenant_id = $1 and id = $2 returning *)
        insert into sessions ({EndedColumns}) select {Columns}, coalesce($3, last_heard_at), null from ended
        """;

    private const string EndedOf = """
        s.tenant_id, s.id, s.router_id, s.customer_id, s.subscription_id, s.voucher_id, s.user_name, s.nas_session_id,
        s.mac_address, s.address, s.started_at, s.last_heard_at, s.uploaded_bytes, s.downloaded_bytes, s.session_seconds,
        s.ended_at, s.terminate_cause
        """;
}
