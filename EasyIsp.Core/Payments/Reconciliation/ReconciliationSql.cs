namespace EasyIsp.Core.Payments.Reconciliation;

/// <summary>
/// The provider's word beside ours, pair by pair. What both name is counted on the day that the provider says; the rest on
/// the day that the one side says. {0} and {1} are the instants of the period's bounds, {2} is an account or null, {3} the
/// tenant's zone. A receipt that is told of twice, by a short code that was opened again, counts once. A pulled stretch ends at
/// the moment of its reading, an uploaded one before its lateness. An explanation counts while kind and amounts are those that it was
/// given for. The policies of the tables keep every statement inside the
/// tenant.
/// </summary>
internal static class ReconciliationSql
{
    /// <summary>What is younger may be missing from the provider's books only because they are late.</summary>
    public static readonly TimeSpan Lateness = TimeSpan.FromMinutes(30);

    private const string Pairs = """
        with found as (
          select l.id, l.payment_account_id, l.receipt, l.amount, l.note, l.at, l.source from statement_lines l
          where l.at >= {0} and l.at < {1} and ({2}::uuid is null or l.payment_account_id = {2})
          union all
          select l.id, l.payment_account_id, l.receipt, l.amount, l.note, l.recorded_at, l.source from statement_lines l
          where l.at is null and l.recorded_at >= {0} and l.recorded_at < {1} and ({2}::uuid is null or l.payment_account_id = {2})),
        told as (
          select found.* from found
          where not exists (
            select 1 from statement_lines other
            where other.receipt = found.receipt and other.id <> found.id
              and (case other.source when 'Pull' then 0 when 'Upload' then 1 else 2 end, other.id)
                < (case found.source when 'Pull' then 0 when 'Upload' then 1 else 2 end, found.id))),
        pairs as (
          select t.id as line_id, p.id as payment_id, p.payment_request_id as request_id, t.payment_account_id as account_id, t.at,
            t.receipt as number, t.amount as stated, p.amount as booked, p.customer_id, p.given_back, t.note, false as by_staff, true as covered
          from told t left join payments p on p.receipt = t.receipt
          union all
          select null, p.id, p.payment_request_id, p.payment_account_id, p.paid_at,
            coalesce(p.receipt, p.reference), null, p.amount, p.customer_id, p.given_back, null, p.reference is not null,
            exists (
              select 1 from statement_covers c
              where c.payment_account_id = p.payment_account_id and c."from" <= p.paid_at
                and c.until > p.paid_at + case c.source when 'Pull' then interval '30 minutes' else interval '0' end)
          from payments p
          where p.paid_at >= {0} and p.paid_at < {1} and p.same_as_id is null and p.reversed_at is null
            and ({2}::uuid is null or p.payment_account_id = {2})
            and not exists (select 1 from statement_lines l where l.receipt = p.receipt)),
        judged as (
          select pairs.*, (pairs.at at time zone {3})::date as day,
            case when pairs.payment_id is not null then coalesce(entered.amount, 0) end as entered,
            greatest(booked - given_back, 0) as kept,
            case
              when pairs.payment_id is null then 'NotBooked'
              when stated <> booked then 'AmountDiffers'
              when line_id is null and not by_staff and covered then 'NotOnStatement'
              when entered.amount is distinct from booked then 'LedgerDiffers'
            end as kind
          from pairs
          left join lateral (
            select sum(line.amount) as amount
            from journal_entries entry
            join journal_lines line on line.entry_id = entry.id
            join ledger_accounts account on account.id = line.account_id and account.kind in ('MobileMoney', 'Cash', 'Cheques', 'Bank')
            where entry.source = 'Payment' and entry.source_id = pairs.payment_id) entered on true),
        explained as (
          select judged.*, coalesce(by_line.reason, by_payment.reason) as explanation
          from judged
          left join explanations by_line on by_line.statement_line_id = judged.line_id and by_line.kind = judged.kind
            and (by_line.stated, by_line.booked, by_line.entered) is not distinct from (judged.stated, judged.booked, judged.entered)
          left join explanations by_payment on judged.line_id is null and by_payment.payment_id = judged.payment_id and by_payment.kind = judged.kind
            and (by_payment.stated, by_payment.booked, by_payment.entered) is not distinct from (judged.stated, judged.booked, judged.entered))
        """;

    /// <summary>
    /// Money pays for what it was sent for; what is left of it pays, the oldest first, for what its customer bought out of
    /// his wallet. So everything is either spent on access or not yet.
    /// </summary>
    public const string Days = Pairs + """
        , bought as (
          select explained.*, case when customer_id is null then 0 else least(kept, coalesce(direct.price, 0)) end as direct
          from explained
          left join lateral (
            select sum(price) as price from purchases
            where cause_id = explained.payment_id and customer_id = explained.customer_id and taken_back_at is null) direct on true),
        savers as (select distinct customer_id from bought where customer_id is not null and kept > direct),
        credits as (
          select p.id, p.customer_id, p.paid_at, greatest(p.amount - p.given_back, 0) as kept, coalesce(direct.price, 0) as direct
          from payments p
          join savers on savers.customer_id = p.customer_id
          left join lateral (
            select sum(price) as price from purchases
            where cause_id = p.id and customer_id = p.customer_id and taken_back_at is null) direct on true
          where p.same_as_id is null and p.reversed_at is null),
        others as (
          select u.customer_id, sum(u.price) as price
          from purchases u
          join savers on savers.customer_id = u.customer_id
          where u.paid_by = 'Wallet' and u.taken_back_at is null and not exists (select 1 from credits where credits.id = u.cause_id)
          group by u.customer_id),
        later as (
          select id, least(free, greatest(0, coalesce(others.price, 0) + more - (upto - free))) as price
          from (
            select id, customer_id, greatest(kept - direct, 0) as free,
              sum(greatest(direct - kept, 0)) over (partition by customer_id) as more,
              sum(greatest(kept - direct, 0)) over (partition by customer_id order by paid_at, id) as upto
            from credits) credit
          left join others on others.customer_id = credit.customer_id)
        select day,
          (count(line_id))::int as statement_lines,
          coalesce(sum(stated), 0) as statement,
          (count(*) filter (where by_staff))::int as counter_payments,
          coalesce(sum(booked) filter (where by_staff), 0) as counter,
          coalesce(sum(booked) filter (where line_id is null and not by_staff and not covered), 0) as awaited,
          (count(payment_id))::int as payment_count,
          coalesce(sum(booked), 0) as payments,
          coalesce(sum(entered), 0) as ledger,
          coalesce(sum(direct + coalesce(later.price, 0)), 0) as access,
          coalesce(sum(kept) filter (where customer_id is null), 0) as suspense,
          coalesce(sum(booked - kept), 0) as given_back,
          (count(kind) filter (where explanation is null))::int as differences,
          (count(kind) filter (where explanation is not null))::int as explained,
          coalesce(sum(case kind when 'LedgerDiffers' then booked - entered else coalesce(stated, 0) - coalesce(booked, 0) end)
            filter (where kind is not null and explanation is null), 0) as difference
        from bought left join later on later.id = bought.payment_id
        group by day order by day
        """;

    /// <summary>{4}: how many. Those that nobody has explained come first.</summary>
    public const string Differences = Pairs + """
         select kind, at, line_id, payment_id, request_id, account_id, number, stated, booked, entered, note, explanation
        from explained where kind is not null
        order by explanation is not null, at, number limit {4}
        """;
}
