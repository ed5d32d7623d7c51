-- An address is one customer's. (EF Core takes no inet into a unique index.)
create unique index ix_customers_tenant_id_static_address on customers (tenant_id, static_address);

-- No two customers' delegated prefixes overlap: an address inside one leads to one line.
alter table customers add constraint ex_customers_delegated_prefix
  exclude using gist (tenant_id with =, delegated_prefix inet_ops with &&);

select announce_changes_of(t) from unnest(array['reply_attributes', 'limited_access']) t;

-- Of devices it is told whose they are: who remembers a customer forgets that one alone.
create function announce_devices() returns trigger language plpgsql as $$
begin
  perform announce(tg_table_name, tenant_id, array_agg(distinct customer_id)) from changed group by tenant_id;
  return null;
end $$;
create trigger announce_insert after insert on customer_devices referencing new table as changed
  for each statement execute function announce_devices();
create trigger announce_update after update on customer_devices referencing new table as changed
  for each statement execute function announce_devices();
create trigger announce_delete after delete on customer_devices referencing old table as changed
  for each statement execute function announce_devices();
