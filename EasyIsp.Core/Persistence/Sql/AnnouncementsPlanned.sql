-- As before, with its one statement planned once a connection: a function in the language SQL is planned at every call,
-- which was ten times what the announcement itself takes.
create or replace function announce(target text, tenant uuid, ids uuid[]) returns void language plpgsql as $$
begin
  if cardinality(ids) > 1000 then
    perform pg_notify('easyisp', concat_ws('|', target, tenant, '*', current_setting('application_name')));
    return;
  end if;

  for at in 1 .. cardinality(ids) by 200 loop
    perform pg_notify('easyisp',
      concat_ws('|', target, tenant, array_to_string(ids[at : at + 199], ','), current_setting('application_name')));
  end loop;
end $$;
