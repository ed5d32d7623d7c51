-- Whoever has all that an old permission became has the old one again.
create table coarser (coarse text, fine text);
insert into coarser (coarse, fine) values
  ('CustomersView', 'CustomersView'),
  ('CustomersManage', 'CustomersCreate'), ('CustomersManage', 'CustomersChange'), ('CustomersManage', 'CustomersDelete'), ('CustomersManage', 'CustomersSell'), ('CustomersManage', 'CustomersSuspend'),
  ('CustomersRevealPassword', 'CustomersRevealPassword'),
  ('PackagesView', 'PackagesView'),
  ('PackagesManage', 'PackagesCreate'), ('PackagesManage', 'PackagesChange'), ('PackagesManage', 'PackagesArchive'),
  ('VouchersView', 'VouchersView'),
  ('VouchersManage', 'VouchersCreate'), ('VouchersManage', 'VouchersRevoke'), ('VouchersManage', 'VouchersExport'),
  ('PaymentsView', 'PaymentsView'), ('PaymentsView', 'PaymentsExport'), ('PaymentsView', 'RefundsView'), ('PaymentsView', 'RefundsExport'), ('PaymentsView', 'MoneySmsView'), ('PaymentsView', 'MoneySmsExport'), ('PaymentsView', 'ReconciliationView'), ('PaymentsView', 'ReconciliationExport'),
  ('PaymentsManage', 'PaymentsPlace'), ('PaymentsManage', 'PaymentsSettle'), ('PaymentsManage', 'PaymentsLookUp'), ('PaymentsManage', 'MoneySmsPaste'), ('PaymentsManage', 'MoneySmsChange'), ('PaymentsManage', 'ReconciliationUpload'), ('PaymentsManage', 'ReconciliationSettle'),
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
  ('SettingsManage', 'SettingsView'), ('SettingsManage', 'CompanyChange'), ('SettingsManage', 'PaymentAccountsChange'), ('SettingsManage', 'SmsAccountsChange'), ('SettingsManage', 'ForwardingChange'), ('SettingsManage', 'LimitedAccessChange'), ('SettingsManage', 'ApiTokensView'), ('SettingsManage', 'ApiTokensCreate'), ('SettingsManage', 'ApiTokensRevoke'), ('SettingsManage', 'HistoryView'), ('SettingsManage', 'ReconciliationMail'),
  ('StaffManage', 'StaffView'), ('StaffManage', 'StaffInvite'), ('StaffManage', 'StaffChange'), ('StaffManage', 'StaffEnd'), ('StaffManage', 'StaffCredentials'), ('StaffManage', 'RolesView'), ('StaffManage', 'RolesCreate'), ('StaffManage', 'RolesChange'), ('StaffManage', 'RolesDelete');

update roles set permissions = coalesce(
  (select array_agg(coarse) from (select coarse from coarser group by coarse having array_agg(fine) <@ permissions) kept), array[]::text[]);

update api_tokens set permissions = coalesce(
  (select array_agg(distinct coarse) from coarser where fine = any (permissions) and fine in
    ('SessionsView', 'SessionsDisconnect', 'CustomersView', 'CustomersChange', 'PackagesView', 'RoutersView', 'PaymentsView', 'PaymentsRecord', 'PaymentsPlace')), array[]::text[]);

drop table coarser;
