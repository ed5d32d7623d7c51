-- What the provider's books say stays; pages show what a question brought.
select announce_changes_of('receipt_claims');
select announce_changes_of('statement_lines');
revoke delete, truncate on statement_lines from easyisp_app, easyisp_platform;
