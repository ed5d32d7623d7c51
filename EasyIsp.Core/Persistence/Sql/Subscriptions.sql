-- Two subscriptions of one customer never overlap: what was paid for is never lost under something else.
alter table subscriptions add constraint ex_subscriptions_no_overlap
  exclude using gist (tenant_id with =, customer_id with =, tstzrange(starts_at, ends_at) with &&);
