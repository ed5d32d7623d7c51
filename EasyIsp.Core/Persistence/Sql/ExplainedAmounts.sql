-- What was explained before the amounts were kept is of the two sides as they stand, but for a payment that came into the
-- books only later. Of a line that has named several amounts nobody knows which was explained: it is asked about again.
with known as (
  select e.tenant_id, e.id, line.id as line_id, payment.reference, payment.amount as booked,
    case when line.note like 'M-Pesa had said %' then null else line.amount end as stated,
    case when payment.id is not null then coalesce((
      select sum(posting.amount)
      from journal_entries entry
      join journal_lines posting on posting.tenant_id = entry.tenant_id and posting.entry_id = entry.id
      join ledger_accounts account on account.tenant_id = posting.tenant_id and account.id = posting.account_id
        and account.kind in ('MobileMoney', 'Cash', 'Cheques', 'Bank')
      where entry.tenant_id = e.tenant_id and entry.source = 'Payment' and entry.source_id = payment.id), 0) end as entered
  from explanations e
  left join statement_lines line on line.tenant_id = e.tenant_id and line.id = e.statement_line_id
  left join payments payment on payment.tenant_id = e.tenant_id and payment.recorded_at <= e.at
    and (payment.id = e.payment_id or payment.receipt = line.receipt))
update explanations e
set stated = known.stated, booked = known.booked, entered = known.entered,
  kind = case
    when known.booked is null then 'NotBooked'
    when known.line_id is not null and known.stated is distinct from known.booked then 'AmountDiffers'
    when known.line_id is null and known.reference is null and known.entered = known.booked then 'NotOnStatement'
    else 'LedgerDiffers'
  end
from known
where known.tenant_id = e.tenant_id and known.id = e.id;
