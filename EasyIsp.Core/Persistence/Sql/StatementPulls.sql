-- How far an account is pulled, and why a pull failed, shows at once.
select announce_changes_of('statement_pulls');
