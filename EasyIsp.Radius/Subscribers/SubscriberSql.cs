namespace EasyIsp.Radius.Subscribers;

/// <summary>One row for each of a customer's latest subscriptions, the latest end first; <see cref="SubscriberRow"/> reads them.</summary>
internal static class SubscriberSql
{
    private const string Select = """
        select c.id, c.access_type, c.password, c.suspended_at is not null,
               c.static_address, c.delegated_prefix, c.allowed_router_ids, c.device_lock,
               case when c.device_lock <> 'Off' then (
                 select array_agg(d.mac_address) from customer_devices d where d.tenant_id = c.tenant_id and d.customer_id = c.id) end,
               c.device_lock = 'BindOnFirstUse' and exists (
                 select from customer_devices d where d.tenant_id = c.tenant_id and d.customer_id = c.id and d.is_bound_by_login),
               (select array_agg(a.name || '=' || a.value order by a.position) from reply_attributes a
                where a.tenant_id = c.tenant_id and a.customer_id = c.id),
               s.id, s.starts_at, s.ends_at, case when p.at_data_limit = 'Cut' then s.data_limit_bytes end,
               case when is_slow then p.slow_download_kbps else p.download_kbps end,
               case when is_slow then p.slow_upload_kbps else p.upload_kbps end,
               p.simultaneous_sessions, p.when_full, p.allowed_router_ids,
               p.allowed_hours, case when p.allowed_hours is not null then (select t.time_zone from tenants t where t.id = c.tenant_id) end,
               p.burst_download_kbps, p.burst_upload_kbps, p.burst_seconds, p.burst_threshold_download_kbps, p.burst_threshold_upload_kbps,
               p.priority, p.min_download_kbps, p.min_upload_kbps,
               p.address_pool, p.address_list, p.vlan_id, p.ipv6_pool, p.delegated_ipv6_pool,
               (select array_agg(a.name || '=' || a.value order by a.position) from reply_attributes a
                where a.tenant_id = p.tenant_id and a.package_id = p.id),
               is_slow
        from customers c
        left join lateral (
          select * from subscriptions s
          where s.tenant_id = c.tenant_id and s.customer_id = c.id
          order by s.ends_at desc limit 10) s on true
        left join packages p on p.tenant_id = s.tenant_id and p.id = s.package_id
        left join lateral (select p.at_data_limit = 'SlowDown' and s.data_used_up_at is not null as is_slow) speed on true
        where c.tenant_id = $1 and c.deleted_at is null and
        """;

    public const string ByUserName = Select + " c.username = $2 order by s.ends_at desc";

    public const string ById = Select + " c.id = $2 order by s.ends_at desc";

    public const string ByDevice = Select + """
         c.id = (
          select owner.id
          from customers owner
          join subscriptions active on active.tenant_id = owner.tenant_id and active.customer_id = owner.id
          where owner.tenant_id = $1 and owner.mac_address = $2 and owner.access_type = 'Hotspot'
            and active.starts_at <= $3 and active.ends_at > $3
          order by active.ends_at desc limit 1)
        order by s.ends_at desc
        """;
}
