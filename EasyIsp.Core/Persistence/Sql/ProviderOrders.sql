-- An order that is written is sent at once; its page shows what becomes of it.
select announce_changes_of('provider_orders');
