-- A token that is made or revoked is news; that it was used is none.
select announce_changes_of('api_tokens', '{insert,delete}');
create function announce_token_change() returns trigger language plpgsql as $$
begin
  perform announce(tg_table_name, present.tenant_id, array_agg(present.id))
  from changed present join before past using (tenant_id, id)
  where to_jsonb(present) - 'last_used_at' is distinct from to_jsonb(past) - 'last_used_at'
  group by present.tenant_id;
  return null;
end $$;
create trigger announce_update after update on api_tokens referencing old table as before new table as changed
  for each statement execute function announce_token_change();

-- What was written before this column was there is old to everybody.
alter table open_sessions alter column recorded_at set default now();
alter table sessions alter column recorded_at set default now();
