begin;
select plan(10);

select has_function('marketing', 'import_progress', array['bigint']);
select function_returns('marketing', 'import_progress', array['bigint'], 'setof record');
select volatility_is('marketing', 'import_progress', array['bigint'], 'stable');
select is_definer('marketing', 'import_progress', array['bigint']);
select ok(not has_function_privilege('marketing_app', 'marketing.import_progress(bigint)', 'execute'), 'applications may not call it');
select ok(has_function_privilege('marketing_admin', 'marketing.import_progress(bigint)', 'execute'), 'operators may call it');
select ok(not has_function_privilege('marketing_read', 'marketing.import_progress(bigint)', 'execute'), 'readers may not');

\ir team.psql
\ir staged.psql

select results_eq('select p.read_rows, p.slice from marketing.import_progress(' || :import || ') as p', 'values (null::bigint, null::integer)', 'open');
select count(*) from marketing.import_stage(:import, 6, false, 2) \gset
select count(*) from marketing.import_load(:import, 1) \gset
select results_eq(
  'select p.read_rows, p.staged_rows, p.summed_rows, p.slice, p.rows, p.inserted, p.stale, p.loaded_at is null from marketing.import_progress(' || :import || ') as p',
  'values (6::bigint, 4::bigint, 0::bigint, 1, 3::bigint, 3::bigint, 0::bigint, false), (6, 4, 0, 2, 1, null, null, true)', 'half-way'
);
select is_empty('select marketing.import_progress(-1)', 'no import');

select * from finish();
rollback;
