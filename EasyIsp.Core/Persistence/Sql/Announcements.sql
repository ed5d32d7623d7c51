-- What running processes hear about (ChangeFeed). Traffic of a session is not announced, only its start and its end.
select announce_changes_of(t) from unnest(array[
  'tenants', 'customers', 'packages', 'subscriptions', 'vouchers', 'payment_requests', 'payments',
  'provider_messages', 'network_orders', 'messages', 'memberships', 'roles', 'login_tokens']) t;
select announce_changes_of('open_sessions', '{insert,delete}');

-- The RADIUS worker writes every few seconds that routers were heard. That alone is no news, unless one was silent
-- (for as long as RouterRow.SilentAfter says) or had never been heard.
select announce_changes_of('routers', '{insert,delete}');
create function announce_router_change() returns trigger language plpgsql as $$
begin
  perform announce(tg_table_name, present.tenant_id, array_agg(present.id))
  from changed present join before past using (tenant_id, id)
  where to_jsonb(present) - 'last_heard_at' is distinct from to_jsonb(past) - 'last_heard_at'
    or (present.last_heard_at is null) <> (past.last_heard_at is null)
    or present.last_heard_at > past.last_heard_at + interval '12 minutes'
  group by present.tenant_id;
  return null;
end $$;
create trigger announce_update after update on routers referencing old table as before new table as changed
  for each statement execute function announce_router_change();
