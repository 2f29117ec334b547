begin;
select plan(6);

\ir archive.psql

select trigger_is('marketing', 'archives', 'archives_keep', 'marketing', '_keep_rows', 'rows');
select trigger_is('marketing', 'archives', 'archives_keep_identity', 'marketing', '_keep_identity', 'what they are');
select pg_temp.archive();
select throws_ok('delete from marketing.archives', 'MM006', null, 'none is deleted');
select throws_ok('truncate marketing.archives', 'MM006', null, 'nor all of them');
select throws_ok($$ update marketing.archives set url = 'file:///elsewhere' $$, 'MM022', 'url of marketing.archives does not change', 'where it is');
select throws_ok('update marketing.archives set checksum = 0', 'MM022', 'checksum of marketing.archives does not change', 'what it holds');

select * from finish();
rollback;
