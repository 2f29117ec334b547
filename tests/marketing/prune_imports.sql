begin;
select plan(11);

select has_function('marketing', 'prune_imports', array['interval']);
select function_returns('marketing', 'prune_imports', array['interval'], 'bigint');
select volatility_is('marketing', 'prune_imports', array['interval'], 'volatile');
select isnt_definer('marketing', 'prune_imports', array['interval']);
select ok(not has_function_privilege('marketing_app', 'marketing.prune_imports(interval)', 'execute'), 'applications may not call it');
select ok(not has_function_privilege('marketing_admin', 'marketing.prune_imports(interval)', 'execute'), 'operators may not call it');
select ok(not has_function_privilege('marketing_read', 'marketing.prune_imports(interval)', 'execute'), 'readers may not');

\ir team.psql

set local moadb.now = '2026-11-10 00:00+00';
set local role marketing_admin;
select i.import_id as old from marketing.import_open('old.csv', sha256('old')) as i \gset
reset role;
set local moadb.now = '2026-11-21 00:00+00';
set local role marketing_admin;
select i.import_id as new from marketing.import_open('new.csv', sha256('new')) as i \gset
reset role;
select is(marketing.prune_imports(), 1::bigint, 'one is too old');
select results_eq(
  'select i.source, i.status::text from marketing.imports as i order by i.id', $$ values ('old.csv', 'abandoned'), ('new.csv', 'open') $$, 'that one'
);
select is(marketing.prune_imports(), 0::bigint, 'once');
select is(marketing.prune_imports('-1 seconds'), 1::bigint, 'nothing is kept');

select * from finish();
rollback;
