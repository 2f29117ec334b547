begin;
select plan(3);

\ir archive.psql

select trigger_is('marketing', 'archives', 'archives_status', 'platform', 'check_transition', 'what may become of it');
select pg_temp.archive();
select lives_ok($$ update marketing.archives set status = 'restored', restored_at = now() $$, 'it comes back');
select throws_ok($$ update marketing.archives set status = 'removed', restored_at = null $$, 'MP050', 'marketing.archives: "restored" does not become "removed"', 'and does not leave again as the same');

select * from finish();
rollback;
