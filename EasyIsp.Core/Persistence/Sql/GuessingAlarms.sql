-- The page of today shows it the moment it is raised.
select announce_changes_of('guessing_alarms', '{insert}');
