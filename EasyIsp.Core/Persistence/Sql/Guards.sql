-- What every migration may lean on: policies, month partitions, announcements.
-- Runs before the first table is made.

-- The tenant's policy, the platform's, and the one for the search functions (leakproof rules keep LIKE and trigram
-- operators from using an index under a tenant's policy; "true" leaves nothing to keep).
create function guard_tenant_table(target text, tenant_column text) returns void language plpgsql as $$
begin
  execute format('alter table %I enable row level security', target);
  execute format(
    'create policy tenant on %I to easyisp_app using (%I = nullif(current_setting(''app.tenant_id'', true), '''')::uuid)',
    target, tenant_column);
  execute format('create policy platform on %I to easyisp_platform using (true)', target);
  execute format('create policy search on %I for select to easyisp_search using (true)', target);
end $$;

-- The smallest UUID version 7 of an instant: the first 48 bits are its Unix time in milliseconds (RFC 9562, 5.7).
create function uuid_floor(instant timestamptz) returns uuid language sql immutable parallel safe as $$
  select (lpad(to_hex((extract(epoch from instant) * 1000)::bigint), 12, '0') || '00000000000000000000')::uuid
$$;

-- Partitions from last month to three months ahead. They are reached through their parent alone: nobody is granted
-- them, and a policy-less row level security stands behind that.
create function ensure_month_partitions(target text) returns int language plpgsql security definer
  set search_path = public, pg_temp as $$
declare
  month timestamptz;
  partition text;
  made int := 0;
begin
  for month in select generate_series(
      date_trunc('month', now() at time zone 'UTC') - interval '1 month',
      date_trunc('month', now() at time zone 'UTC') + interval '3 months', interval '1 month') at time zone 'UTC' loop
    partition := target || to_char(month at time zone 'UTC', '"_"YYYY"_"MM');
    if to_regclass(partition) is null then
      execute format('create table %I partition of %I for values from (%L) to (%L)',
        partition, target, uuid_floor(month), uuid_floor((month at time zone 'UTC' + interval '1 month') at time zone 'UTC'));
      execute format('alter table %I enable row level security', partition);
      execute format('revoke all on %I from easyisp_app, easyisp_platform', partition);
      made := made + 1;
    end if;
  end loop;

  -- What lies outside the months made so far (a clock set wrong, an import) is kept, not refused.
  if to_regclass(target || '_other') is null then
    execute format('create table %I partition of %I default', target || '_other', target);
    execute format('alter table %I enable row level security', target || '_other');
    execute format('revoke all on %I from easyisp_app, easyisp_platform', target || '_other');
  end if;
  return made;
end $$;

-- The monthly job's door: every partitioned table at once.
create function ensure_all_month_partitions() returns int language sql security definer
  set search_path = public, pg_temp as $$
  select coalesce(sum(ensure_month_partitions(relname)), 0)::int
  from pg_class where relkind = 'p' and relnamespace = 'public'::regnamespace
$$;
revoke all on function ensure_month_partitions(text) from public;
revoke all on function ensure_all_month_partitions() from public;
grant execute on function ensure_all_month_partitions() to easyisp_platform;

-- One announcement a statement and tenant: table|tenant|ids, or * for many. Ids only, no data.
create function announce(target text, tenant uuid, ids uuid[]) returns void language sql as $$
  select pg_notify('easyisp',
    target || '|' || tenant || '|' || case when cardinality(ids) > 100 then '*' else array_to_string(ids, ',') end)
$$;

create function announce_change() returns trigger language plpgsql as $$
begin
  perform announce(tg_table_name, tenant_id, array_agg(id)) from changed group by tenant_id;
  return null;
end $$;

create function announce_tenant() returns trigger language plpgsql as $$
begin
  perform announce(tg_table_name, id, array[id]) from changed;
  return null;
end $$;

create function announce_changes_of(target text, events text[] default '{insert,update,delete}') returns void
  language plpgsql as $$
declare
  event text;
begin
  foreach event in array events loop
    execute format('create trigger announce_%s after %s on %I referencing %s table as changed for each statement execute function %I()',
      event, event, target, case event when 'delete' then 'old' else 'new' end,
      case target when 'tenants' then 'announce_tenant' else 'announce_change' end);
  end loop;
end $$;
