begin;
select plan(26);

select has_function('marketing', 'complete_report', array['bigint', 'uuid', 'jsonb']);
select function_returns('marketing', 'complete_report', array['bigint', 'uuid', 'jsonb'], 'void');
select volatility_is('marketing', 'complete_report', array['bigint', 'uuid', 'jsonb'], 'volatile');
select is_definer('marketing', 'complete_report', array['bigint', 'uuid', 'jsonb']);
select function_privs_are('marketing', 'complete_report', array['bigint', 'uuid', 'jsonb'], 'marketing_app', '{}');
select function_privs_are('marketing', 'complete_report', array['bigint', 'uuid', 'jsonb'], 'marketing_admin', '{EXECUTE}');

\ir team.psql
\ir reports.psql

select pg_temp.ask() as report \gset
select pg_temp.claim();
select throws_ok(format('select marketing.complete_report(l.task_id, l.token, %L) from lease as l', f.files), 'MM005', null, f.what)
from (
  values
    (null, 'no files'), ('[]', 'none'), ('{}', 'no list'), ('["a"]', 'no object'), ('[{"format": "pdf", "url": "x", "bytes": 1}]', 'no sum'),
    ('[{"format": "pdf", "url": "", "bytes": 1, "sha256": "x"}]', 'no url'),
    ('[{"format": "pdf", "url": null, "bytes": 1, "sha256": "x"}]', 'a null for a url'),
    (format('[{"format": "pdf", "url": "%s", "bytes": 1, "sha256": "x"}]', repeat('x', 501)), 'a url that is too long')
) as f (files, what);
select is(pg_temp.standing(:report), 'processing round 1 attempt 1', 'as it was');
set local moadb.now = '2026-11-18 12:03+09';
set local role marketing_admin;
select lives_ok(format('select marketing.complete_report(%s, %L, pg_temp.files())', l.task_id, l.token), 'completed') from lease as l;
reset role;
select is(pg_temp.standing(:report), 'completed round 1 attempt 1 file:///a.xlsx 2026-11-18 12:03:00', 'with the first file');
select is((select r.files from marketing.reports as r where r.id = :report), pg_temp.files(), 'and all of them');
set local moadb.now = '2026-11-18 12:09+09';
select lives_ok('select marketing.complete_report(l.task_id, l.token, pg_temp.files()) from lease as l', 'again');
select is(pg_temp.standing(:report), 'completed round 1 attempt 1 file:///a.xlsx 2026-11-18 12:03:00', 'changes nothing');
select throws_ok('select marketing.complete_report(l.task_id, l.token, pg_temp.files(''b'')) from lease as l', 'MM134', null, 'other files are not taken');
select throws_ok('select marketing.fail_report(l.task_id, l.token, ''x'') from lease as l', 'MP058', null, 'nor does it fail afterwards');
select throws_ok('select marketing.complete_report(l.task_id, gen_random_uuid(), pg_temp.files()) from lease as l', 'MP058', null, 'another lease');
select is(pg_temp.claim(), null, 'it is not made again');

select pg_temp.ask() as report \gset
select pg_temp.claim();
set local moadb.now = '2026-11-18 13:00+09';
select lives_ok('select marketing.complete_report(l.task_id, l.token, pg_temp.files()) from lease as l', 'a lease that is over is good while nobody else has it');
select pg_temp.ask() as report \gset
select pg_temp.claim();
select marketing.cancel_report(:report);
select throws_ok('select marketing.complete_report(l.task_id, l.token, pg_temp.files()) from lease as l', 'MM133', null, 'what was cancelled');

select * from finish();
rollback;
