begin;
select plan(3);

select trigger_is('coffee', 'users', 'users_keep', 'coffee', '_keep_rows', 'the table calls it');
select throws_ok('delete from coffee.users', 'MF003', 'delete on coffee.users is refused', 'users stay');
select throws_ok('truncate coffee.users cascade', 'MF003', 'truncate on coffee.users is refused', 'all of them');

select * from finish();
rollback;
