begin;
select plan(14);

select has_function('marketing', 'import_tell', array['bigint', 'jsonb']);
select function_returns('marketing', 'import_tell', array['bigint', 'jsonb'], 'void');
select volatility_is('marketing', 'import_tell', array['bigint', 'jsonb'], 'volatile');
select is_definer('marketing', 'import_tell', array['bigint', 'jsonb']);
select ok(not has_function_privilege('marketing_app', 'marketing.import_tell(bigint, jsonb)', 'execute'), 'applications may not call it');
select ok(has_function_privilege('marketing_admin', 'marketing.import_tell(bigint, jsonb)', 'execute'), 'operators may call it');
select ok(not has_function_privilege('marketing_read', 'marketing.import_tell(bigint, jsonb)', 'execute'), 'readers may not');

\ir team.psql
\ir staged.psql

select lives_ok('select marketing.import_tell(' || :import || $$, '{"reasons": {"no day": 3}}') $$, 'an open one');
select is((select p.told from marketing.import_progress(:import) as p), '{"reasons": {"no day": 3}}', 'is told');
select count(*) from marketing.import_stage(:import, 6, false, 2) \gset
select marketing.import_tell(:import, '{"reasons": {"no day": 2}}');
select results_eq(
  'select p.slice, p.told ->> $$reasons$$ from marketing.import_progress(' || :import || ') as p',
  $$ values (1, '{"no day": 2}'), (2, '{"no day": 2}') $$, 'anew, beside every slice'
);
select throws_ok('select marketing.import_tell(' || :import || $$, '[]') $$, 'MM005', null, 'no object');
select throws_ok('select marketing.import_tell(' || :import || ', null)', 'MM005', null, 'nothing');
select throws_ok($$ select marketing.import_tell(-1, '{}') $$, 'MM055', null, 'no import');
select marketing.import_abandon(:import);
select throws_ok('select marketing.import_tell(' || :import || $$, '{}') $$, 'MM055', null, 'one that has ended');

select * from finish();
rollback;
