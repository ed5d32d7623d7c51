-- What a person found out is never rewritten.
revoke update, delete, truncate on explanations from easyisp_app, easyisp_platform;

-- Pulls read everything from their switching on to their last success; that none was ever away for two days cannot be
-- known of the time before this was kept.
insert into statement_covers (tenant_id, id, payment_account_id, source, "from", until)
select tenant_id, gen_random_uuid(), payment_account_id, 'Pull', registered_at, pulled_to
from statement_pulls where pulled_to > registered_at;
