-- What is older than the log is kept for. A month that has passed whole goes with its partition; of the others, and of what
-- lies outside all months, the rows go. A partition is only dropped when nobody is in its way: the job runs again.
create function forget_login_attempts(before timestamptz) returns int language plpgsql security definer
  set search_path = public, pg_temp set lock_timeout = '2s' as $$
declare
  partition text;
  dropped int := 0;
begin
  for partition in
    select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'login_attempts'::regclass and c.relname ~ '^login_attempts_\d{4}_\d{2}$'
      and (to_date(right(c.relname, 7), 'YYYY_MM') + interval '1 month') at time zone 'UTC' <= before
  loop
    execute format('drop table %I', partition);
    dropped := dropped + 1;
  end loop;
  delete from login_attempts where id < uuid_floor(before);
  return dropped;
end $$;
revoke all on function forget_login_attempts(timestamptz) from public;
grant execute on function forget_login_attempts(timestamptz) to easyisp_platform;
