begin;
select plan(10);

select has_function('marketing', '_drop_import', array['bigint', 'text']);
select function_returns('marketing', '_drop_import', array['bigint', 'text'], 'void');
select volatility_is('marketing', '_drop_import', array['bigint', 'text'], 'volatile');
select isnt_definer('marketing', '_drop_import', array['bigint', 'text']);
select ok(not has_function_privilege('marketing_app', 'marketing._drop_import(bigint, text)', 'execute'), 'applications may not call it');
select ok(not has_function_privilege('marketing_admin', 'marketing._drop_import(bigint, text)', 'execute'), 'operators may not call it');
select ok(not has_function_privilege('marketing_read', 'marketing._drop_import(bigint, text)', 'execute'), 'readers may not');

\ir team.psql
\ir staged.psql

reset role;
set local moadb.now = '2026-11-21 00:00+00';
select lives_ok(format('select marketing._drop_import(%s, ''abandoned'')', :import), 'an import');
select is(to_regclass(:'staging'), null, 'its table is gone');
select results_eq(
  'select i.status::text, i.completed_at from marketing.imports as i where i.id = ' || :import, $$ values ('abandoned', '2026-11-21 00:00+00'::timestamptz) $$, 'what it was is written'
);

select * from finish();
rollback;
