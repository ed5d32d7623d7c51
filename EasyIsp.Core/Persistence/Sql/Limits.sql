-- One try of each key, of all or of none. The keys come in the order in which they refuse (address before account): what is
-- behind a refusal is neither counted nor made, so that whoever is refused cannot use up another's tries, nor fill the table.
-- Two calls that share keys name them in one order, and so cannot wait for each other in a circle.
--   steps, tries: after a step one more is good; tries of 0: the key is looked at, whether it is paused
--   known: until when the calling process takes the key to be used up; what a crash has emptied comes back by it
create function take_tries(at timestamptz, keys bytea[], rules text[], steps interval[], tries int[], known timestamptz[])
returns table (place int, full_at timestamptz, refused_until timestamptz, is_first boolean) language plpgsql set search_path = public, pg_temp as $$
declare
  b limit_buckets%rowtype;
  used timestamptz;
  whole interval;
  first boolean;
begin
  for i in 1 .. cardinality(keys) loop
    whole := steps[i] * tries[i];
    loop
      select * into b from limit_buckets where key = keys[i] for update;
      exit when found or tries[i] = 0;
      insert into limit_buckets (key, rule, full_at, failures) values (keys[i], rules[i], known[i], 0) on conflict do nothing;
    end loop;

    if tries[i] = 0 then
      continue when b.paused_until is null or b.paused_until <= at;
      used := b.paused_until;
    else
      -- A process whose clock is ahead may not take away more than one window.
      used := least(greatest(b.full_at, known[i], at), at + whole) + steps[i];
      if used <= at + whole then
        update limit_buckets set full_at = used where key = keys[i];
        place := i; take_tries.full_at := used; refused_until := null; is_first := false;
        return next;
        continue;
      end if;
      used := used - whole;
    end if;

    -- What was taken in front of it goes back; nobody has seen it yet.
    for j in 1 .. i - 1 loop
      if tries[j] > 0 then
        update limit_buckets set full_at = limit_buckets.full_at - steps[j] where key = keys[j];
      end if;
    end loop;
    first := b.told_at is null or b.told_at + greatest(whole, interval '1 minute') <= at;
    if first then
      update limit_buckets set told_at = at where key = keys[i];
    end if;
    place := i; take_tries.full_at := null; refused_until := used; is_first := first;
    return next;
    return;
  end loop;
end $$;

-- A failure of each key: a pause beyond the free ones, doubled by each further one. What fails during a pause was not looked at,
-- and is not counted.
create function count_failures(
  at timestamptz, keys bytea[], rules text[], free int[], first_pause interval[], longest interval[], forgotten interval[])
returns table (place int, failures int, paused_until timestamptz, was_counted boolean) language plpgsql set search_path = public, pg_temp as $$
declare
  b limit_buckets%rowtype;
begin
  for i in 1 .. cardinality(keys) loop
    insert into limit_buckets (key, rule, full_at, failures) values (keys[i], rules[i], at, 0) on conflict do nothing;
    select * into b from limit_buckets where key = keys[i] for update;
    place := i;
    was_counted := b.paused_until is null or b.paused_until <= at;
    if was_counted then
      b.failures := case when b.full_at <= at then 1 else b.failures + 1 end;
      b.paused_until := case when b.failures > free[i]
        then at + least(longest[i], first_pause[i] * power(2, least(b.failures - free[i] - 1, 30))) end;
      update limit_buckets u
      set failures = b.failures, paused_until = b.paused_until, full_at = greatest(at + forgotten[i], b.paused_until)
      where u.key = keys[i];
    end if;
    failures := b.failures; count_failures.paused_until := b.paused_until;
    return next;
  end loop;
end $$;

revoke all on function take_tries(timestamptz, bytea[], text[], interval[], int[], timestamptz[]) from public;
revoke all on function count_failures(timestamptz, bytea[], text[], int[], interval[], interval[], interval[]) from public;
grant execute on function take_tries(timestamptz, bytea[], text[], interval[], int[], timestamptz[]) to easyisp_platform;
grant execute on function count_failures(timestamptz, bytea[], text[], int[], interval[], interval[], interval[]) to easyisp_platform;
