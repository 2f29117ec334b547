begin;
select plan(4);

select trigger_is('coffee', 'experience_entries', 'experience_entries_keep', 'coffee', '_keep_rows', 'the table calls it');
select throws_ok('delete from coffee.experience_entries', 'MF003', 'delete on coffee.experience_entries is refused', 'entries stay');
select throws_ok('update coffee.experience_entries set points = 1', 'MF003', 'update on coffee.experience_entries is refused', 'as they are');
select throws_ok('truncate coffee.experience_entries', 'MF003', 'truncate on coffee.experience_entries is refused', 'all of them');

select * from finish();
rollback;
