begin;
select plan(44);

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
    (null, 'no files'), ('[]', 'none'), ('{}', 'no list'), ('["a"]', 'no object'), ((pg_temp.files() #- '{0,sha256}')::text, 'no sum'),
    (jsonb_set(pg_temp.files(), '{0,sha256}', '"x"')::text, 'what is no sum'), (jsonb_set(pg_temp.files(), '{0,bytes}', '-1')::text, 'less than nothing'),
    (jsonb_set(pg_temp.files(), '{0,url}', '""')::text, 'no url'), (jsonb_set(pg_temp.files(), '{0,url}', 'null')::text, 'a null for a url'),
    (pg_temp.files(repeat('x', 450))::text, 'a url that is too long'), ((pg_temp.files() - 0)::text, 'one format of two'),
    (jsonb_build_array(pg_temp.files() -> 0, pg_temp.files() -> 0)::text, 'one format twice'),
    ((pg_temp.files() || jsonb_set(pg_temp.files(), '{0,format}', '"csv"') -> 0)::text, 'a format that nobody asked for')
) as f (files, what);
-- users are given these files: nothing else of the worker's machine, and nothing of another report
select throws_ok(
  format('select marketing.complete_report(l.task_id, l.token, %L) from lease as l', jsonb_set(pg_temp.files(), '{0,url}', to_jsonb(u.url))),
  'MM005', null, 'a file that is not this report''s: ' || u.url
)
from lease as l
cross join unnest(array[
  'file:///etc/passwd', 'file:///a/' || l.file_name || '.pdf', 'file:///a/x' || l.file_name || '.xlsx', 'file:///a/' || l.file_name || '.xlsx?/etc/passwd',
  'file://host/a/' || l.file_name || '.xlsx', 'https://example.com/' || l.file_name || '.xlsx', 'javascript:/' || l.file_name || '.xlsx',
  's3://' || l.file_name || '.xlsx', '/a/' || l.file_name || '.xlsx', E'file:///a\n/' || l.file_name || '.xlsx',
  'file:///a/' || replace(l.file_name, 'workspace-9001', 'workspace-9002') || '.xlsx',
  'file:///a/' || regexp_replace(l.file_name, '_1$', '_2') || '.xlsx'
]) as u (url);
select is(pg_temp.standing(:report), 'processing round 1 attempt 1', 'as it was');
set local moadb.now = '2026-11-18 12:03+09';
set local role marketing_admin;
select lives_ok(format('select marketing.complete_report(%s, %L, pg_temp.files())', l.task_id, l.token), 'completed') from lease as l;
reset role;
select is(pg_temp.standing(:report), 'completed round 1 attempt 1 file:///a 2026-11-18 12:03:00', 'with the first file');
select is((select r.files from marketing.reports as r where r.id = :report), pg_temp.files(), 'and all of them');
set local moadb.now = '2026-11-18 12:09+09';
select lives_ok('select marketing.complete_report(l.task_id, l.token, pg_temp.files()) from lease as l', 'again');
select is(pg_temp.standing(:report), 'completed round 1 attempt 1 file:///a 2026-11-18 12:03:00', 'changes nothing');
select throws_ok('select marketing.complete_report(l.task_id, l.token, pg_temp.files(''b'')) from lease as l', 'MM134', null, 'other files are not taken');
select throws_ok('select marketing.fail_report(l.task_id, l.token, ''x'') from lease as l', 'MP058', null, 'nor does it fail afterwards');
select throws_ok('select marketing.complete_report(l.task_id, gen_random_uuid(), pg_temp.files()) from lease as l', 'MP058', null, 'another lease');
select is(pg_temp.claim(), null, 'it is not made again');

select pg_temp.ask() as report \gset
select pg_temp.claim();
set local moadb.now = '2026-11-18 13:00+09';
select lives_ok(
  format(
    'select marketing.complete_report(l.task_id, l.token, %L) from lease as l',
    replace(pg_temp.files()::text, 'file:///a/', 's3://bucket/보관 #1/')
  ), 'a bucket, whatever its folders are called'
);
select pg_temp.ask() as report \gset
select pg_temp.claim();
set local moadb.now = '2026-11-18 14:00+09';
select lives_ok('select marketing.complete_report(l.task_id, l.token, pg_temp.files()) from lease as l', 'a lease that is over is good while nobody else has it');
select pg_temp.ask() as report \gset
select pg_temp.claim();
select marketing.cancel_report(:report);
select throws_ok('select marketing.complete_report(l.task_id, l.token, pg_temp.files()) from lease as l', 'MM133', null, 'what was cancelled');

select * from finish();
rollback;
