-- What the console must know at once of people's accounts belongs to no tenant: it is announced with an empty one.
create function staff.announce_change() returns trigger language plpgsql as $$
begin
  perform public.announce(tg_table_name, '00000000-0000-0000-0000-000000000000'::uuid, array_agg(id)) from changed having count(*) > 0;
  return null;
end $$;

-- That a sign-in is in use is no news, its end is.
create function staff.announce_ended() returns trigger language plpgsql as $$
begin
  perform public.announce(tg_table_name, '00000000-0000-0000-0000-000000000000'::uuid, array_agg(present.id))
  from changed present join before past using (id)
  where present.ended_at is distinct from past.ended_at
  having count(*) > 0;
  return null;
end $$;

-- Nor is a wrong password.
create function staff.announce_account() returns trigger language plpgsql as $$
begin
  perform public.announce(tg_table_name, '00000000-0000-0000-0000-000000000000'::uuid, array_agg(present.id))
  from changed present join before past using (id)
  where (present.security_stamp, present.is_super_admin, present.two_factor_enabled, present.display_name, present.deleted_at)
    is distinct from (past.security_stamp, past.is_super_admin, past.two_factor_enabled, past.display_name, past.deleted_at)
  having count(*) > 0;
  return null;
end $$;

create trigger announce_insert after insert on staff.staff_mails referencing new table as changed
  for each statement execute function staff.announce_change();
create trigger announce_update after update on staff.sign_ins referencing old table as before new table as changed
  for each statement execute function staff.announce_ended();
create trigger announce_delete after delete on staff.sign_ins referencing old table as changed
  for each statement execute function staff.announce_change();
create trigger announce_update after update on staff.users referencing old table as before new table as changed
  for each statement execute function staff.announce_account();
