-- The ledger's own guards. They hold against every role of the product and against mistakes in its code.

-- Lines belong to the transaction that wrote their entry: nothing is added to an entry later.
create function check_journal_line() returns trigger language plpgsql as $$
begin
  if (select written_in from journal_entries where tenant_id = new.tenant_id and id = new.entry_id)
     is distinct from pg_current_xact_id() then
    raise exception 'A journal entry is closed once its transaction has ended.' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger journal_lines_same_transaction before insert on journal_lines
  for each row execute function check_journal_line();

-- At commit an entry has two or more lines that sum to zero.
create function check_journal_entry() returns trigger language plpgsql as $$
declare
  total numeric;
  lines int;
begin
  select coalesce(sum(amount), 0), count(*) into total, lines
  from journal_lines where tenant_id = new.tenant_id and entry_id = new.id;
  if lines < 2 or total <> 0 then
    raise exception 'Journal entry % has % lines that sum to %.', new.id, lines, total using errcode = 'check_violation';
  end if;
  return null;
end $$;
create constraint trigger journal_entries_balance after insert on journal_entries
  deferrable initially deferred for each row execute function check_journal_entry();

-- Never changed, never deleted; only the owner's procedure that deletes a whole tenant may, and it says so.
create function refuse_journal_change() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' and current_setting('app.deleting_tenant', true) = old.tenant_id::text
     and pg_has_role(current_user, 'easyisp_owner', 'usage') then
    return old;
  end if;
  raise exception 'The ledger is not changed: book a correcting entry.' using errcode = 'restrict_violation';
end $$;
create trigger journal_entries_final before update or delete on journal_entries
  for each row execute function refuse_journal_change();
create trigger journal_lines_final before update or delete on journal_lines
  for each row execute function refuse_journal_change();
create function refuse_truncate() returns trigger language plpgsql as $$
begin
  raise exception 'The ledger is not emptied.' using errcode = 'restrict_violation';
end $$;
create trigger journal_entries_no_truncate before truncate on journal_entries execute function refuse_truncate();
create trigger journal_lines_no_truncate before truncate on journal_lines execute function refuse_truncate();

revoke update, delete, truncate on journal_entries, journal_lines from easyisp_app, easyisp_platform;
