-- What running processes hear about (ChangeFeed). Traffic of a session is not announced, only its start and its end.
select announce_changes_of(t) from unnest(array[
  'tenants', 'customers', 'packages', 'routers', 'subscriptions', 'vouchers', 'payment_requests', 'payments',
  'provider_messages', 'network_orders', 'messages', 'memberships', 'roles', 'login_tokens']) t;
select announce_changes_of('open_sessions', '{insert,delete}');
