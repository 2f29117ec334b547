begin;
select plan(7);

\ir team.psql

select trigger_is('marketing', 'channels', 'channels_keep', 'marketing', '_keep_rows', 'rows');
select trigger_is('marketing', 'channels', 'channels_keep_identity', 'marketing', '_keep_identity', 'what they are');
select throws_ok('delete from marketing.channels', 'MM006', null, 'none is deleted');
select throws_ok('truncate marketing.channels cascade', 'MM006', null, 'nor all of them');
select throws_ok($$ update marketing.channels set id = id + 100 $$, 'MM022', 'id of marketing.channels does not change', 'id');
select throws_ok($$ update marketing.channels set name = name || 'x' $$, 'MM022', 'name of marketing.channels does not change', 'name');
select throws_ok($$ update marketing.channels set platform = 'tv' $$, 'MM022', 'platform of marketing.channels does not change', 'platform');

select * from finish();
rollback;
