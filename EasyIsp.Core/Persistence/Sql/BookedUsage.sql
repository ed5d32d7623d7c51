-- What was counted so far is booked.
update open_sessions set
  booked_uploaded_bytes = uploaded_bytes, booked_downloaded_bytes = downloaded_bytes, booked_seconds = session_seconds
where subscription_id is not null and customer_id is not null;

-- The id of a subscription's day (UsageDay.IdOf): the day's time in front, the subscription's random part behind.
create function usage_day_id(day date, subscription uuid) returns uuid language sql immutable parallel safe as $$
  select (lpad(to_hex(extract(epoch from day)::bigint * 1000), 12, '0') || substr(replace(subscription::text, '-', ''), 13))::uuid
$$;

-- All use by day: what is booked, and what open sessions have on top of it.
create view usage_by_day with (security_invoker = true) as
select tenant_id, subscription_id, customer_id, day, uploaded_bytes, downloaded_bytes, seconds from usage_days
union all
select o.tenant_id, o.subscription_id, o.customer_id, (o.last_heard_at at time zone t.time_zone)::date,
  o.uploaded_bytes - o.booked_uploaded_bytes, o.downloaded_bytes - o.booked_downloaded_bytes, o.session_seconds - o.booked_seconds
from open_sessions o join tenants t on t.id = o.tenant_id
where o.subscription_id is not null and o.customer_id is not null;
