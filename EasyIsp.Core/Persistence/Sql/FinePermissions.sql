-- What each permission became. Whoever had the old one has all of the new, and nobody gets more: what a page or a button asked
-- for under the old name it asks for under one of these.
create table finer (coarse text, fine text);
insert into finer (coarse, fine) values
  ('CustomersView', 'CustomersView'),
  ('CustomersManage', 'CustomersCreate'), ('CustomersManage', 'CustomersChange'), ('CustomersManage', 'CustomersDelete'),
  ('CustomersManage', 'CustomersSell'), ('CustomersManage', 'CustomersSuspend'),
  ('CustomersRevealPassword', 'CustomersRevealPassword'),
  ('PackagesView', 'PackagesView'),
  ('PackagesManage', 'PackagesCreate'), ('PackagesManage', 'PackagesChange'), ('PackagesManage', 'PackagesArchive'),
  ('VouchersView', 'VouchersView'),
  ('VouchersManage', 'VouchersCreate'), ('VouchersManage', 'VouchersRevoke'), ('VouchersManage', 'VouchersExport'),
  ('PaymentsView', 'PaymentsView'), ('PaymentsView', 'PaymentsExport'), ('PaymentsView', 'RefundsView'), ('PaymentsView', 'RefundsExport'),
  ('PaymentsView', 'MoneySmsView'), ('PaymentsView', 'MoneySmsExport'), ('PaymentsView', 'ReconciliationView'), ('PaymentsView', 'ReconciliationExport'),
  ('PaymentsManage', 'PaymentsPlace'), ('PaymentsManage', 'PaymentsSettle'), ('PaymentsManage', 'PaymentsLookUp'), ('PaymentsManage', 'MoneySmsPaste'),
  ('PaymentsManage', 'MoneySmsChange'), ('PaymentsManage', 'ReconciliationUpload'), ('PaymentsManage', 'ReconciliationSettle'),
  ('PaymentsRecord', 'PaymentsRecord'), ('PaymentsRecord', 'PaymentsAsk'),
  ('PaymentsReverse', 'PaymentsReverse'),
  ('RefundsMake', 'RefundsMake'),
  ('RefundsApprove', 'RefundsApprove'),
  ('SessionsView', 'SessionsView'), ('SessionsView', 'SessionsExport'), ('SessionsView', 'SessionsTestLogin'),
  ('SessionsDisconnect', 'SessionsDisconnect'),
  ('RoutersView', 'RoutersView'),
  ('RoutersManage', 'RoutersCreate'), ('RoutersManage', 'RoutersChange'), ('RoutersManage', 'RoutersArchive'), ('RoutersManage', 'RoutersSecrets'),
  ('MessagesView', 'MessagesView'),
  ('ReportsView', 'ReportsView'),
  ('SettingsManage', 'SettingsView'), ('SettingsManage', 'CompanyChange'), ('SettingsManage', 'PaymentAccountsChange'), ('SettingsManage', 'SmsAccountsChange'),
  ('SettingsManage', 'ForwardingChange'), ('SettingsManage', 'LimitedAccessChange'), ('SettingsManage', 'ApiTokensView'),
  ('SettingsManage', 'ApiTokensCreate'), ('SettingsManage', 'ApiTokensRevoke'), ('SettingsManage', 'HistoryView'), ('SettingsManage', 'ReconciliationMail'),
  ('StaffManage', 'StaffView'), ('StaffManage', 'StaffInvite'), ('StaffManage', 'StaffChange'), ('StaffManage', 'StaffEnd'), ('StaffManage', 'StaffCredentials'),
  ('StaffManage', 'RolesView'), ('StaffManage', 'RolesCreate'), ('StaffManage', 'RolesChange'), ('StaffManage', 'RolesDelete');

-- The admin's role may everything, also what comes later; but only where it might everything before.
update roles set is_admin = true
where name = 'Admin' and permissions @> (select array_agg(distinct coarse) from finer);

update roles set permissions = coalesce(
  (select array_agg(distinct fine order by fine) from finer where coarse = any (permissions)), array[]::text[]);

-- A token is asked for less than a person: it keeps what the API knows, so that its list can still be read.
update api_tokens set permissions = coalesce(
  (select array_agg(distinct fine order by fine) from finer where coarse = any (permissions) and fine = any (array[
    'SessionsView', 'SessionsDisconnect', 'CustomersView', 'CustomersCreate', 'CustomersChange', 'PackagesView', 'RoutersView',
    'PaymentsView', 'PaymentsRecord', 'PaymentsAsk', 'PaymentsPlace', 'RefundsView', 'ReconciliationView'])), array[]::text[]);

drop table finer;
