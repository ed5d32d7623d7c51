-- Where money went is news, and like the ledger's entries it is never rewritten.
select announce_changes_of('allocations');
revoke update, delete, truncate on allocations from easyisp_app, easyisp_platform;
