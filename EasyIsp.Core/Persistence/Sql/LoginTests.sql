-- The workers hear that one is asked, and the page that it is answered.
select announce_changes_of('login_tests', '{insert,update}');
