-- What no check of one row can say of a payment that staff wrote down: that its account is a counter's, and that the
-- currency has a coin so small.
create function check_taken_payment() returns trigger language plpgsql as $$
declare
  rail text;
  digits int;
begin
  select a.rail, t.currency_digits into rail, digits
  from payment_accounts a join tenants t on t.id = a.tenant_id
  where a.tenant_id = new.tenant_id and a.id = new.payment_account_id;
  if rail not in ('Cash', 'Cheque', 'Bank') then
    raise exception 'Money of the rail % is told by its provider.', rail using errcode = 'check_violation';
  end if;
  if new.amount <> round(new.amount, digits) then
    raise exception 'The currency has no coin as small as that.' using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger payments_taken before insert or update of amount, reference, payment_account_id on payments
  for each row when (new.reference is not null) execute function check_taken_payment();

-- Who could place money may write it down and take it back.
update roles set permissions = permissions || array['PaymentsRecord', 'PaymentsReverse']
where 'PaymentsManage' = any (permissions);
