begin;
select plan(6);

\ir team.psql

select trigger_is('marketing', 'users', 'users_keep', 'marketing', '_keep_rows', 'rows');
select trigger_is('marketing', 'users', 'users_keep_identity', 'marketing', '_keep_identity', 'what they are');
select throws_ok('delete from marketing.users', 'MM006', null, 'none is deleted');
select throws_ok('truncate marketing.users cascade', 'MM006', null, 'nor all of them');
select throws_ok($$ update marketing.users set id = id + 100 $$, 'MM022', 'id of marketing.users does not change', 'id');
select trigger_is('marketing', 'users', 'users_updated_at', 'platform', 'update_updated_at', 'when');

select * from finish();
rollback;
