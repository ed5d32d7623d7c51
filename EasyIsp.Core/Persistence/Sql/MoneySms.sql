-- That an SMS came or was read is news, and so are phones, templates and policies; that a phone was heard is none.
select announce_changes_of(t) from unnest(array['money_sms', 'money_sms_policies', 'money_sms_templates']) t;
select announce_changes_of('forwarding_phones', '{insert,delete}');
create function announce_forwarding_phone_change() returns trigger language plpgsql as $$
begin
  perform announce(tg_table_name, present.tenant_id, array_agg(present.id))
  from changed present join before past using (tenant_id, id)
  where to_jsonb(present) - 'last_heard_at' is distinct from to_jsonb(past) - 'last_heard_at'
  group by present.tenant_id;
  return null;
end $$;
create trigger announce_update after update on forwarding_phones referencing old table as before new table as changed
  for each statement execute function announce_forwarding_phone_change();
