-- What was counted before there were days: each session's traffic on the day on which it began.
insert into usage_days (tenant_id, id, subscription_id, customer_id, day, uploaded_bytes, downloaded_bytes, seconds)
select tenant_id, (left(hex, 8) || '-' || right(hex, 4) || substr(subscription_id::text, 14))::uuid,
  subscription_id, customer_id, day, uploaded_bytes, downloaded_bytes, seconds
from (
  select s.tenant_id, s.subscription_id, u.customer_id, (s.started_at at time zone t.time_zone)::date as day,
    lpad(to_hex(extract(epoch from (s.started_at at time zone t.time_zone)::date)::bigint * 1000), 12, '0') as hex,
    sum(s.uploaded_bytes) as uploaded_bytes, sum(s.downloaded_bytes) as downloaded_bytes, sum(s.session_seconds) as seconds
  from (
    select tenant_id, subscription_id, started_at, uploaded_bytes, downloaded_bytes, session_seconds from sessions
    union all
    select tenant_id, subscription_id, started_at, uploaded_bytes, downloaded_bytes, session_seconds from open_sessions) s
  join subscriptions u on u.tenant_id = s.tenant_id and u.id = s.subscription_id
  join tenants t on t.id = s.tenant_id
  group by 1, 2, 3, 4, 5) counted;

update open_sessions o set is_metered = true
from subscriptions s where s.tenant_id = o.tenant_id and s.id = o.subscription_id and s.data_limit_bytes is not null;
