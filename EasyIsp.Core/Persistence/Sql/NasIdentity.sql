-- Certificates are issued and revoked; the RADIUS worker hears of it.
select announce_changes_of('router_certificates', '{insert,update}');

-- An address that becomes a router's is unknown no longer, whichever of its addresses it is.
create or replace function know_router() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  delete from unknown_routers
  where address = new.address or address = new.tunnel_address or address <<= any (new.source_networks);
  return null;
end $$;
drop trigger know_router on routers;
create trigger know_router after insert or update of address, tunnel_address, source_networks, archived_at on routers
  for each row when (new.archived_at is null) execute function know_router();
