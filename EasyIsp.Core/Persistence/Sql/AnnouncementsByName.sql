-- table|tenant|ids|who: up to a thousand ids by name, in announcements of two hundred (8,000 octets are the most that one
-- carries); * for more. By the name of its connections a process knows its own changes.
create or replace function announce(target text, tenant uuid, ids uuid[]) returns void language sql as $$
  select pg_notify('easyisp', concat_ws('|', target, tenant, chunk, current_setting('application_name')))
  from (
    select '*' as chunk where cardinality(ids) > 1000
    union all
    select array_to_string(ids[first : first + 199], ',')
    from generate_series(1, cardinality(ids), 200) as first where cardinality(ids) <= 1000) chunks
$$;
