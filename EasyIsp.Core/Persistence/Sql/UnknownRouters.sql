-- What several workers have seen of an address adds up in one row. (EF Core takes no inet into a unique index.)
create unique index ix_unknown_routers_address on unknown_routers (address);

-- An address that becomes a router's is unknown no longer. Whoever adds the router is a tenant, and may not so much as
-- see the table of those who are nobody's.
create function know_router() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  delete from unknown_routers where address = new.address;
  return null;
end $$;
revoke all on function know_router() from public;
create trigger know_router after insert or update of address, archived_at on routers
  for each row when (new.archived_at is null) execute function know_router();

-- The platform's own news: no tenant, no ids. The workers write every few seconds, so that is how often it comes.
create function announce_unknown_routers() returns trigger language plpgsql as $$
begin
  if exists (select from changed) then
    perform pg_notify('easyisp', tg_table_name || '|00000000-0000-0000-0000-000000000000|*');
  end if;
  return null;
end $$;
create trigger announce_insert after insert on unknown_routers referencing new table as changed
  for each statement execute function announce_unknown_routers();
create trigger announce_update after update on unknown_routers referencing new table as changed
  for each statement execute function announce_unknown_routers();
create trigger announce_delete after delete on unknown_routers referencing old table as changed
  for each statement execute function announce_unknown_routers();
